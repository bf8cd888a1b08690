"""Files at rest: one store interface (obstore), a local folder or S3; every blob is encrypted for its own name."""

from functools import cache

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from .crypto import keyring
from .settings import settings


@cache
def store() -> ObjectStore:
    """The store in force: BLOB_URL, or a folder in the data directory."""
    if settings().blob_url:
        return from_url(settings().blob_url)
    folder = settings().data_dir / "blobs"
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def put(name: str, body: bytes) -> None:
    """Keep a blob; the same name again replaces it whole."""
    obstore.put(store(), name, keyring().seal(body, f"blob:{name}"))


def get(name: str) -> bytes:
    """A blob's plain bytes; raises FileNotFoundError."""
    return keyring().open(bytes(obstore.get(store(), name).bytes()), f"blob:{name}")


def delete(names: list[str]) -> None:
    """Remove blobs; a name that is gone already is no error."""
    for name in names:
        try:
            obstore.delete(store(), name)
        except FileNotFoundError:
            continue


def ready() -> bool:
    """Whether a blob can be written and read back."""
    put("probe/ready", b"ready")
    return get("probe/ready") == b"ready"

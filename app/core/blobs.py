"""Files at rest: one store interface (obstore), a local folder or S3; every blob is encrypted for its own name."""

import os
from functools import cache
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from .crypto import keyring
from .settings import settings


def _folder() -> Path | None:
    """The folder of a local store; None when BLOB_URL names another one."""
    return None if settings().blob_url else settings().data_dir / "blobs"


@cache
def store() -> ObjectStore:
    """The store in force: BLOB_URL, or a folder in the data directory."""
    folder = _folder()
    if folder is None:
        return from_url(settings().blob_url)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder, automatic_cleanup=True)


def put(name: str, body: bytes) -> None:
    """Keep a blob; the same name again replaces it whole. It is on disk when this returns."""
    obstore.put(store(), name, keyring().seal(body, f"blob:{name}"))
    folder = _folder()
    if folder is not None:
        _settle(folder, name)


def _settle(folder: Path, name: str) -> None:
    """Have the disk write a file and the names of its folders: a receipt may depend on it, and obstore does not ask for it."""
    path = folder / name
    for place in (path, *path.parents):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if place == folder:
            break


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


def delete_all(folder: str) -> None:
    """Remove every blob whose name begins with `folder/`."""
    delete([str(meta["path"]) for batch in obstore.list(store(), f"{folder}/") for meta in batch])


def ready() -> bool:
    """Whether a blob can be written and read back."""
    put("probe/ready", b"ready")
    return get("probe/ready") == b"ready"

"""Static files under one content hash, immutable and compressed; CSS imports are inlined so that a page needs one sheet."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from .settings import settings

IMPORT = re.compile(r'@import "([^"]+)";')
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SPACE = re.compile(r"\s*([{};,>])\s*|\s+")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


def _css(path: Path) -> str:
    text = IMPORT.sub(lambda m: _css(path.parent / m[1]), path.read_text())
    return SPACE.sub(lambda m: m[1] or " ", COMMENT.sub("", text))


@cache
def files() -> dict[str, bytes]:
    """Every static file by its relative path; style sheets whole and without comments."""
    root = settings().static_dir
    found = sorted(p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): _css(p).encode() if p.suffix == ".css" else p.read_bytes() for p in found}


@cache
def version() -> str:
    """The hash of all static files: part of their URLs, so that a release changes them and nothing else does."""
    digest = hashlib.sha256()
    for name, body in files().items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    return digest.hexdigest()[:12]


@cache
def url(name: str) -> str:
    """The address of a static file; a name that does not exist is a mistake of ours."""
    if name not in files():
        raise LookupError(f"no static file {name}")
    return f"/static/{version()}/{name}"


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(files()[name], 9, mtime=0)


async def serve(request: Request) -> Response:
    """GET /static/{version}/{name}. An old version's address still gives today's file, but is not kept."""
    name, asked = request.path_params["name"], request.path_params["version"]
    if name not in files():
        return Response(status_code=404)
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        "Cache-Control": FOREVER if asked == version() else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", "") and not kind.startswith("image/png"):
        return Response(_packed(name), media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(files()[name], media_type=kind, headers=headers)

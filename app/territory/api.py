"""What lies within a place, as public JSON for the division picker: from memory, cacheable, no query."""

import hashlib
import json
from functools import lru_cache
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import Pair
from app.core.unit import router
from app.forms.definition import Level

from . import divisions

routes = router("/api/divisions")
#: What lies within these changes with our releases only; towns and villages change when an administrator says so.
NATIONAL = (Level.PROVINCE, Level.CITY)


class Kept(NamedTuple):
    """A body, its ETag, and how long a browser may use it unasked."""

    body: bytes
    etag: str
    cache: str


def _words(name: Pair) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}


def _line(line: divisions.DivisionLine) -> dict[str, Any]:
    return {"code": line.code, "name": _words(line.name), "level": line.level, "has_children": line.has_children}


@lru_cache(1024)
def _kept(code: str, _reading: int) -> Kept:
    if code != divisions.COUNTRY and not divisions.exists(code):
        raise NotFound
    path = [_line(found) for part in divisions.chain(code) if (found := divisions.line(part))]
    answer = {"code": code, "path": path, "children": [_line(found) for found in divisions.children(code)]}
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    national = code == divisions.COUNTRY or divisions.level(code) in NATIONAL
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Kept(body, etag, "public, max-age=86400" if national else "public, no-cache")


@routes.get("/{code}/children")
async def children(request: Request, code: str) -> Response:
    """The places within `code` ("0": the provinces) and the path down to it; raises NotFound."""
    kept = _kept(code, divisions.administered.reading)
    headers = {"ETag": kept.etag, "Cache-Control": kept.cache}
    if kept.etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type="application/json", headers=headers)

"""办事: the list of services and each one's guide. Public, without a query; a page is rendered once per look and then kept."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from app.accounts.parties import Party
from app.accounts.sessions import MaybeResident, SignedPhone
from app.core import events, static
from app.core.town import town
from app.core.unit import Opened, Unit, router
from app.core.web import Page, page_of, render, templates

from . import browse, editions
from .guides import guide, handling
from .registers import REGISTERS

routes = router()
VARY = "Cookie, Accept-Language, Accept-Encoding"


@dataclass(frozen=True)
class TabsShown:
    """Said before a root page is rendered for a person: whoever knows what is unread writes it into `page`."""

    page: Page
    party: Party


class Kept(NamedTuple):
    """A rendered page, plain and packed, and the hash that names both."""

    body: bytes
    packed: bytes
    etag: str


class Look(NamedTuple):
    """All that a public page differs by, besides what it is about; `release` changes with files, hotline and town."""

    lang: str
    theme: str
    mode: str
    text: str
    release: str

    def page(self, path: str) -> Page:
        """The frame's needs for a page without a person."""
        return Page(lang=self.lang, theme=self.theme, mode=self.mode, text=self.text, path=path)


def look_of(request: Request) -> Look:
    """The look in which a request wants its page."""
    page = page_of(request)
    release = f"{static.version()}{town()}"
    return Look(page.lang, page.theme, page.mode, page.text, release)


def pack(body: bytes) -> Kept:
    """A body to be given out many times."""
    return Kept(body, gzip.compress(body, 9, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')


def keep(template: str, look: Look, path: str, context: dict[str, Any]) -> Kept:
    """A page rendered for a look, to be given out many times."""
    return pack(templates().get_template(template).render({**context, "page": look.page(path)}).encode())


@lru_cache(512)
def _guide(service_id: str, edition_id: str, look: Look) -> Kept:
    shown = guide(editions.current(service_id), editions.departments())
    context = {"guide": shown, "handling": handling, "registers": REGISTERS}
    return keep("catalogue/guide.html", look, f"/services/{service_id}", context)


def _shown() -> dict[str, Any]:
    return {"shelves": browse.shelves(), "departments": browse.departments()}


@lru_cache(128)
def _services(edition_ids: tuple[str, ...], look: Look) -> Kept:
    return keep("catalogue/services.html", look, "/services", _shown())


def answer(
    request: Request, kept: Kept, media_type: str = "text/html; charset=utf-8", cache: str = "private, no-cache"
) -> Response:
    """A kept body: 304 when the browser has it, packed when it can unpack."""
    headers = {"Cache-Control": cache, "Vary": VARY, "ETag": kept.etag}
    if kept.etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(kept.packed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(kept.body, media_type=media_type, headers=headers)


def with_tabs(unit: Unit, reader: SignedPhone | None, page: Page) -> None:
    """Have the tabs count what a signed-in reader has not read."""
    if reader is not None and reader.resident is not None:
        events.emit(unit.session, TabsShown(page, reader.resident.party))


@routes.get("/services")
def services(request: Request, unit: Opened, reader: MaybeResident) -> Response:
    """办事: every service, by whom it is for. Signed in, the tabs count what is unread, so the page is the reader's own."""
    if reader is None or reader.resident is None:
        return answer(request, _services(editions.ids(), look_of(request)))
    page = page_of(request)
    with_tabs(unit, reader, page)
    return render(request, "catalogue/services.html", _shown(), page=page)


@routes.get("/services/{service_id}")
async def service_guide(request: Request, service_id: str) -> Response:
    """办事指南 of a service; raises NotFound."""
    return answer(request, _guide(service_id, editions.current(service_id).id, look_of(request)))

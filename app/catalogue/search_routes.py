"""The page of results and the list under the search box. Public; what is asked is neither logged nor kept."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.sessions import MaybeResident
from app.core.unit import Opened, router
from app.core.web import page_of, redirect, render

from . import browse
from .routes import with_tabs
from .search import LONGEST, search
from .search_text import private
from .search_view import suggestions, view

routes = router()
Typed = Annotated[str, Query()]
NUMBER_REFUSED = "/search?number=1"


@routes.get("/search")
def results(
    request: Request, unit: Opened, reader: MaybeResident, q: Typed = "", only: Typed = "", kind: Typed = "", number: Typed = ""
) -> Response:
    """What fits the words. A number of a person is not shown again: the answer leads to an address without it."""
    if private(q):
        return redirect(NUMBER_REFUSED)
    asked = " ".join(q.split())[:LONGEST]
    found = search(asked, only=bool(only))
    page = page_of(request)
    page.path = "/services"  # the tab under which it stands
    with_tabs(unit, reader, page)
    context = {
        "q": asked, "found": found, "view": view(found, page.lang, kind), "kind": kind, "only": bool(only),
        "number": bool(number), "common": browse.common(),
    }  # fmt: skip
    return render(request, "catalogue/search.html", context, page=page)


@routes.get("/search/suggestions")
def suggested(request: Request, q: Typed = "") -> Response:
    """A few hits while somebody types, as a fragment; nothing for a number of a person."""
    rows = () if private(q) else suggestions(search(q[:LONGEST]), page_of(request).lang)
    return render(request, "catalogue/_suggestions.html", {"rows": rows})

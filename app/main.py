"""The web server: gates, static files, routers, errors as pages. `make run` serves it with uvicorn."""

import gc
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app import health, wiring
from app.accounts.recorder import Recorder
from app.core import logs, static
from app.core.errors import AppError, BadInput, Broken, NotFound, NotThisWay, RealNameNeeded, SignInNeeded, TooLarge
from app.core.guards import Gates, protect
from app.core.web import error_response, partial, redirect, wants_json
from app.documents import api as documents_api
from app.forms.mistakes import CONTROL
from app.outside import clients

FRAMEWORK = {404: NotFound, 405: NotThisWay, 413: TooLarge}


def _way_back(request: Request) -> str:
    """Where to return after signing in: this page, or the page that a form was sent from (browsers name it to us alone)."""
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return quote(request.url.path + query, safe="")
    page = urlsplit(request.headers.get("referer", ""))
    if page.path and page.netloc == request.headers.get("host"):
        return quote(page.path + (f"?{page.query}" if page.query else ""), safe="")
    return quote(request.url.path.rsplit("/", 1)[0] or "/", safe="")


def _lead(request: Request, to: str) -> Response:
    """To another page, whole: htmx would follow a redirect and put that page inside this one."""
    return Response(headers={"HX-Redirect": to, "Cache-Control": "no-store"}) if partial(request) else redirect(to)


async def refused(request: Request, error: Exception) -> Response:
    """A refusal of ours: to sign-in or real-name check when that is what is missing, else the error page."""
    assert isinstance(error, AppError)  # noqa: S101 - tied to AppError below
    if not wants_json(request):
        if isinstance(error, SignInNeeded):
            desk = request.url.path.startswith("/desk")
            return _lead(request, f"{'/desk/sign-in' if desk else '/sign-in'}?next={_way_back(request)}")
        if isinstance(error, RealNameNeeded):
            return _lead(request, f"/real-name?next={_way_back(request)}")
    return error_response(request, error)


async def unreadable(request: Request, error: Exception) -> Response:
    """A request that FastAPI could not parse: named by field, never echoed. A broken address leads nowhere."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(e["loc"][0] == "path" for e in found):
        return error_response(request, NotFound())
    fields = ", ".join(".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]) for e in found)
    return error_response(request, BadInput(fields))


async def missing(request: Request, error: Exception) -> Response:
    """404, 405 and the like of the framework, in our words."""
    assert isinstance(error, HTTPException)  # noqa: S101
    answer = error_response(request, FRAMEWORK.get(error.status_code, AppError)(), status=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def unstorable(request: Request, _error: Exception) -> Response:
    """A value that no row can hold, as a NUL on PostgreSQL: an address leads nowhere, an input is to be mended."""
    safe = request.method in ("GET", "HEAD")
    return error_response(request, NotFound() if safe else BadInput(CONTROL))


async def gone(_request: Request, _error: Exception) -> Response:
    """A phone lost its line while it sent: nothing was done, nobody hears this answer, and it is no mistake of ours."""
    return Response(status_code=400)


async def broken(request: Request, _error: Exception) -> Response:
    """A mistake of ours. This answer passes no gate (the framework sends it from outside), so it is protected here."""
    answer = error_response(request, Broken())
    protect(answer.headers)
    return answer


def make_app() -> FastAPI:
    """The application: nothing is opened yet, so that workers may fork."""
    logs.set_up()
    wiring.listen()
    clients.check_secret()
    app = FastAPI(title="LinBan", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(Recorder)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    app.add_middleware(Gates, own_head=(f"{documents_api.files.prefix}/",))
    app.add_exception_handler(AppError, refused)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, missing)
    app.add_exception_handler(DataError, unstorable)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, broken)
    app.add_route("/static/{version}/{name:path}", static.serve)
    app.include_router(health.routes)
    for router in wiring.routers():
        app.include_router(router)
    # What is loaded now stays for good: the collector need not walk it again and again (a tenth of a page's time).
    gc.collect()
    gc.freeze()
    return app


app = make_app()

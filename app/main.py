"""The web server: gates, static files, routers, errors as pages. `make run` serves it with uvicorn."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from urllib.parse import quote

from app import wiring
from app.core import static
from app.core.errors import AppError, BadInput, NotFound, RealNameNeeded, SignInNeeded
from app.core.guards import Gates
from app.core.web import error_response, redirect, wants_json


def _way_back(request: Request) -> str:
    """Where to return after signing in: this page, or the page that a form was sent from."""
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return quote(request.url.path + query, safe="")
    return quote(request.url.path.rsplit("/", 1)[0] or "/", safe="")


async def refused(request: Request, error: Exception) -> Response:
    """A refusal of ours: to sign-in or real-name check when that is what is missing, else the error page."""
    assert isinstance(error, AppError)  # noqa: S101 - tied to AppError below
    if not wants_json(request):
        if isinstance(error, SignInNeeded):
            desk = request.url.path.startswith("/desk")
            return redirect(f"{'/desk/sign-in' if desk else '/sign-in'}?next={_way_back(request)}")
        if isinstance(error, RealNameNeeded):
            return redirect(f"/real-name?next={_way_back(request)}")
    return error_response(request, error)


async def unreadable(request: Request, error: Exception) -> Response:
    """A request that FastAPI could not parse: named by field, never echoed."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = ", ".join(".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]) for e in error.errors())
    return error_response(request, BadInput(fields))


async def missing(request: Request, error: Exception) -> Response:
    """404, 405 and the like of the framework, in our words."""
    assert isinstance(error, HTTPException)  # noqa: S101
    answer = error_response(request, NotFound())
    answer.status_code = error.status_code
    return answer


def make_app() -> FastAPI:
    """The application: nothing is opened yet, so that workers may fork."""
    wiring.listen()
    app = FastAPI(title="LinBan", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(Gates)
    app.add_exception_handler(AppError, refused)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, missing)
    app.add_route("/static/{version}/{name:path}", static.serve)
    for router in wiring.routers():
        app.include_router(router)
    return app


app = make_app()

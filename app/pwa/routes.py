"""The service worker, served at the top so that its scope is everything."""

from functools import cache
from pathlib import Path

from starlette.responses import Response

from app.core import static
from app.core.unit import router

routes = router()
FILE = Path(__file__).parents[2] / "service-worker.js"
#: How it names our modules in the repository; browsers get the hashed address, so that every release changes its bytes.
HERE = "./app/static/"


@cache
def script() -> str:
    """The service worker of this release."""
    return FILE.read_text().replace(HERE, f"/static/{static.version()}/")


@routes.get("/service-worker.js")
def service_worker() -> Response:
    """Asked for anew at every look for an update; its modules are immutable."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return Response(script(), media_type="text/javascript", headers=headers)

"""The service worker, served at the top so that its scope is everything, and what makes us an app on the home screen."""

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core import static
from app.core.i18n import gettext
from app.core.unit import router
from app.core.web import page_of

routes = router()
FILE = Path(__file__).parents[2] / "service-worker.js"
#: How it names our modules in the repository; browsers get the hashed address, so that every release changes its bytes.
HERE = "./app/static/"
#: Name, size, and what it may be cut to: Android cuts icons to its own shape, iPhones and desktops show them as they are.
ICONS = (("app-192", 192, "any"), ("app-512", 512, "maskable"))


@cache
def script() -> str:
    """The service worker of this release."""
    return FILE.read_text().replace(HERE, f"/static/{static.version()}/")


@routes.get("/service-worker.js")
def service_worker() -> Response:
    """Asked for anew at every look for an update; its modules are immutable."""
    return Response(script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@routes.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """What makes us an app on the home screen: on an iPhone only such an app may be pushed to."""
    lang = page_of(request).lang
    name = gettext("邻办", lang)
    icons = [
        {"src": static.url(f"icons/{file}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for file, size, purpose in ICONS
    ]
    body = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "name": name, "short_name": name, "icons": icons,
        "lang": "en" if lang == "en" else "zh-CN", "background_color": "#F5F2E8", "theme_color": "#12626A",
    }  # fmt: skip
    headers = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"}
    return JSONResponse(body, headers=headers, media_type="application/manifest+json")

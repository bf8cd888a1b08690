"""附近办事点: where somebody helps face to face, and each department's telephone. Public, kept, no query."""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from app.catalogue.routes import Kept, Look, answer, keep, look_of
from app.core.unit import router
from app.territory import divisions
from app.territory.points import points
from app.territory.words import KINDS

routes = router()


@lru_cache(64)
def _points(_points_reading: int, _divisions_reading: int, look: Look) -> Kept:
    shown = points()
    groups = [(KINDS[kind], [p for p in shown.points if p.kind is kind]) for kind in KINDS]
    context = {"groups": [group for group in groups if group[1]], "desks": shown.desks, "place": divisions.own_name}
    return keep("home/points.html", look, "/points", context)


@routes.get("/points")
async def points_page(request: Request) -> Response:
    """Every open service point by kind, with address, hours and telephone."""
    return answer(request, _points(points.reading, divisions.administered.reading, look_of(request)))

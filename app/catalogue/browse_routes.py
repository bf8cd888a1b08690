"""Services of a life event and of a department. Public, without a query, rendered once per look and then kept."""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from app.core.unit import router

from . import browse, editions
from .routes import Kept, Look, answer, keep, look_of

routes = router(prefix="")


@lru_cache(256)
def _event(event_id: str, _editions: tuple[str, ...], look: Look) -> Kept:
    event, guides = browse.of_event(event_id)
    context = {
        "name": event.name,
        "intro": "event",
        "guides": guides,
        "others": browse.events(event.audience),
        "here": event_id,
    }
    return keep("catalogue/shelf.html", look, f"/services/events/{event_id}", context)


@lru_cache(512)
def _department(department_id: str, _editions: tuple[str, ...], look: Look) -> Kept:
    department, guides = browse.of_department(department_id)
    context = {"name": department.name, "intro": "department", "guides": guides, "others": (), "here": department_id}
    return keep("catalogue/shelf.html", look, f"/services/departments/{department_id}", context)


@routes.get("/services/events/{event_id}")
async def event(request: Request, event_id: str) -> Response:
    """The services of a life event. Raises NotFound."""
    return answer(request, _event(event_id, editions.ids(), look_of(request)))


@routes.get("/services/departments/{department_id}")
async def department(request: Request, department_id: str) -> Response:
    """The services in which a department decides something. Raises NotFound."""
    return answer(request, _department(department_id, editions.ids(), look_of(request)))

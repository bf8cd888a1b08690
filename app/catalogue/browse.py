"""Finding a service by looking around: by whom it is for, by what happens in a life, by department."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from app.core.errors import NotFound

from . import editions
from .definition import Audience, DepartmentDef, LifeEvent, ServiceKind
from .guides import Guide, guide

#: What brings most at once stands first.
ORDER = {kind: place for place, kind in enumerate((ServiceKind.ONE_THING, ServiceKind.COMBINED, ServiceKind.STAGE))}
COMMON = 8


class Shelf(NamedTuple):
    """Services of one audience with the life events and kinds under which they stand."""

    audience: Audience
    events: tuple["EventLine", ...]
    together: tuple[Guide, ...]
    single: tuple[Guide, ...]


class EventLine(NamedTuple):
    """A life event and how many services stand under it."""

    event: LifeEvent
    services: int


class DepartmentLine(NamedTuple):
    """A department and how many services it has a part in."""

    department: DepartmentDef
    services: int


@lru_cache(2)
def _guides(_ids: tuple[str, ...]) -> tuple[Guide, ...]:
    found = [guide(edition, editions.departments()) for edition in editions.all_current()]
    lived = {event: place for place, event in enumerate(editions.events())}

    def place(one: Guide) -> tuple[int, int, str]:
        first = next((lived[event] for event in one.service.events if event in lived), len(lived))
        return ORDER.get(one.service.kind, len(ORDER)), first, one.service.id

    return tuple(sorted(found, key=place))


def guides() -> tuple[Guide, ...]:
    """Every service in force: those that bring most at once first, then as life goes."""
    return _guides(editions.ids())


def together() -> list[Guide]:
    """The services that bring several items at once."""
    return [one for one in guides() if one.service.kind in ORDER]


@lru_cache(2)
def _events(_ids: tuple[str, ...]) -> tuple[EventLine, ...]:
    counted = Counter(event for edition in editions.all_current() for event in set(edition.service.events))
    return tuple(EventLine(event, counted[event.id]) for event in editions.events().values() if counted[event.id])


def events(audience: Audience | None = None) -> tuple[EventLine, ...]:
    """The life events that have services, in the order of their file."""
    return tuple(line for line in _events(editions.ids()) if audience in (None, line.event.audience))


def departments() -> tuple[DepartmentLine, ...]:
    """The departments that decide something, in the order of their file."""
    counted = Counter(name for one in editions.all_current() for name in {item.department for item in one.service.items})
    return tuple(DepartmentLine(one, counted[one.id]) for one in editions.departments().values() if counted[one.id])


def shelves() -> tuple[Shelf, ...]:
    """All services by whom they are for; an audience without any is left out."""
    found = []
    for audience in Audience:
        mine = [one for one in guides() if one.service.audience == audience]
        several = tuple(one for one in mine if one.service.kind in ORDER)
        single = tuple(one for one in mine if one.service.kind not in ORDER)
        if mine:
            found.append(Shelf(audience, events(audience), several, single))
    return tuple(found)


def of_event(event_id: str) -> tuple[LifeEvent, list[Guide]]:
    """A life event and its services. Raises NotFound."""
    event = editions.events().get(event_id)
    if event is None:
        raise NotFound
    return event, [one for one in guides() if event_id in one.service.events]


def of_department(department_id: str) -> tuple[DepartmentDef, list[Guide]]:
    """A department and the services in which it decides something. Raises NotFound."""
    department = editions.departments().get(department_id)
    if department is None:
        raise NotFound
    return department, [one for one in guides() if any(item.department == department_id for item in one.service.items)]


def common() -> tuple[Guide, ...]:
    """What to start from when nothing was found: what brings most at once."""
    return tuple(together()[:COMMON])

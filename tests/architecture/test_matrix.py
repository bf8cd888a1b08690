"""Role × route × own or another's object: every door is tried by everybody, and every door is in the matrix."""

import re

import httpx
import pytest
from sqlmodel import Session

from app.desk import landing
from tests.conftest import Visit
from tests.devices import Device
from tests.factories import FATHER, MOTHER, make_person

from . import world
from .access import ACCESS, EVERYBODY, Role
from .test_routes import ROUTES, WELL_FORMED

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
DOORS = sorted({f"{method} {path}" for path, route in ROUTES for method in route.methods or ()})
#: These name the draft in the query: without one they are a form that holds nothing of anybody.
DRAFT_IN_QUERY = ("/forms/",)
REFUSALS = ("401", "403", "404", "405")


def test_every_route_is_in_the_matrix_and_the_matrix_names_only_routes() -> None:
    assert set(DOORS) - set(ACCESS) == set(), "who may enter? say it in tests/architecture/access.py"
    assert set(ACCESS) - set(DOORS) == set()


def address(path: str, things: dict[str, dict[str, str]]) -> str:
    """The path to the owner's object."""
    own = next((found for start, found in things.items() if start and path.startswith(start)), {})
    filled = PARAMETER.sub(lambda found: {**things[""], **own}[found[1]], path)
    return f"{filled}?draft={things['']['draft_id']}" if path.startswith(DRAFT_IN_QUERY) else filled


def turned_away(answer: httpx.Response) -> bool:
    """To sign in, to prove who one is, from the queue to one's own page; 401, 403, 405, 404 as if nothing were there."""
    if answer.status_code == 303:
        homes = landing.HOMES.values() if answer.request.url.path == landing.QUEUE else ()
        return answer.headers["location"].split("?")[0] in ("/sign-in", "/real-name", "/desk/sign-in", *homes)
    return answer.status_code in (401, 403, 404, 405)


#: What a door wants to see before it asks whose object it is about.
FORMS: dict[str, dict[str, str]] = {
    "POST /cases/{number}/withdrawal": {"key": "matrix-key", "version": "1"},
    "POST /cases/{number}/items/{item_id}/correction": {"key": "matrix-key", "version": "1", "action": "save"},
}


def bodies(edition: str) -> dict[str, dict[str, object]]:
    """The same for doors that read JSON."""
    filing: dict[str, object] = {"service": "newborn", "edition": edition, "answers": {}}
    return {
        "PUT /api/me/acting": {"enterprise": None},
        "PUT /api/push-subscriptions/{subscription_id}": Device().body(),
        "PUT /desk/push-subscriptions/{subscription_id}": Device().body(),
        "PUT /api/drafts/{draft_id}": {**filing, "base_revision": 1},
        "POST /api/drafts/{draft_id}/submission": filing,
        "POST /api/cases/{number}/withdrawal": {"revision": 1},
        "POST /api/cases/{number}/items/{item}/correction-reply": {"revision": 1},
    }


class Everybody:
    """The world of one test, and what each role meets at a door of the owner's."""

    def __init__(self, session: Session, visit: Visit) -> None:
        owner, neighbour = make_person(session, MOTHER), make_person(session, FATHER)
        self.visit, self.cookies = visit, world.cookies(session, owner, neighbour)
        self.sessions = world.other_sessions(session, owner)
        self.things = world.things(session, owner)
        self.json = bodies(self.things[""]["edition_id"])

    def met(self, door: str, role: Role) -> tuple[bool, str]:
        """Whether the role was turned away, and what it met."""
        method, path = door.split(" ", 1)
        client = self.visit(self.cookies[role].get("token"), staff=self.cookies[role].get("staff"))
        headers = {"Idempotency-Key": "matrix-1", **(WELL_FORMED if path.startswith("/api/uploads") else {})}
        things = {**self.things, "": {**self.things[""], "session_id": self.sessions.get(role, self.things[""]["session_id"])}}
        sent = {"data": FORMS.get(door), "json": self.json.get(door)}
        with client.stream(method, address(path, things), headers=headers, timeout=10, **sent) as answer:  # type: ignore[arg-type]
            assert answer.status_code < 500, f"{door} failed for {role.value}: {answer.status_code}"
            return turned_away(answer), f"{door}, {role.value}: {answer.status_code} {answer.headers.get('location', '')}"

    def wrong(self, door: str) -> list[str]:
        """Who met what they should not have; those who may enter come last, since what they do changes the world."""
        may = ACCESS[door].value
        if may == EVERYBODY:  # sent on to another page, but never refused
            return [words for role in Role for _, words in [self.met(door, role)] if words.split(": ")[1][:3] in REFUSALS]
        tried = [(role, *self.met(door, role)) for role in sorted(Role, key=lambda role: role in may)]
        return [words for role, away, words in tried if away == (role in may)]


def test_pages_open_to_those_who_may_read_them_and_to_nobody_else(session: Session, visit: Visit) -> None:
    everybody = Everybody(session, visit)
    doors = [door for door in DOORS if door in ACCESS and door.split()[0] in ("GET", "HEAD", "OPTIONS")]
    assert [words for door in doors for words in everybody.wrong(door)] == []


@pytest.mark.parametrize("door", [d for d in DOORS if d in ACCESS and d.split()[0] not in ("GET", "HEAD", "OPTIONS")])
def test_a_deed_is_open_to_those_who_may_do_it_and_to_nobody_else(session: Session, visit: Visit, door: str) -> None:
    assert Everybody(session, visit).wrong(door) == []

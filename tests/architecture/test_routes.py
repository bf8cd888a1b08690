"""Every door is guarded: what changes something needs a session, or stands in a short list with its reason."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlmodel import Session

from app.main import app
from tests.conftest import Visit
from tests.factories import make_person, make_phone, make_signed_in, make_staff, make_staff_signed_in

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
#: Open to everybody, each for a reason.
OPEN = {
    ("POST", "/sign-in"): "asks for a code; budgets per number, address and day",
    ("POST", "/sign-in/code"): "uses a code; bound to its request, five tries",
    ("POST", "/sign-out"): "ends only the session that the request bears",
    ("POST", "/settings"): "language and look, in the reader's own cookies",
    ("POST", "/api/sign-in/code"): "asks for a code; the same budgets",
    ("POST", "/api/sign-in"): "uses a code; five tries",
    ("POST", "/desk/sign-in"): "staff sign-in; locks after five wrong passwords",
    ("POST", "/desk/sign-out"): "ends only the session that the request bears",
    ("POST", "/callbacks/sms"): "the SMS gateway's delivery reports; signed",
    ("POST", "/callbacks/sms/aliyun/{token}"): "Aliyun's delivery reports; a secret address, ids that only the vendor knows",
    ("POST", "/push/shown/{token}"): "a phone has shown a push: marked by us, good for that delivery alone",
    ("POST", "/receipts/verify"): "anybody may check a receipt; changes nothing",
}
PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
ANY_ID = "01936f2e-7a00-7000-8000-000000000001"


def routes_of(router: Any) -> Iterator[tuple[str, APIRoute]]:
    """Every route of a router and of those that it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route.path, route
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router)


ROUTES = list(routes_of(app))
DOORS = sorted((method, path) for path, route in ROUTES for method in (route.methods or set()) & UNSAFE)


def address(path: str) -> str:
    """The path with well-formed values that name nothing."""

    def value(found: re.Match[str]) -> str:
        if found[1].endswith("id") and found[1] not in ("service_id", "edition_id", "page_id", "item_id"):
            return ANY_ID
        return {"number": "261125000018", "case_number": "261125000018", "n": "1", "page": "1"}.get(found[1], "newborn")

    return PARAMETER.sub(value, path)


#: What tus and idempotent calls want to see before anything else.
WELL_FORMED = {
    "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream", "Idempotency-Key": "k"
}  # fmt: skip


def headers(path: str) -> dict[str, str]:
    return WELL_FORMED if path.startswith("/api/uploads") else {"Idempotency-Key": "k"}


def turned_away(answer: httpx.Response) -> bool:
    """To sign in, 401, or a method that is not there at all."""
    if answer.status_code == 303:
        return answer.headers["location"].split("?")[0] in ("/sign-in", "/desk/sign-in")
    return answer.status_code in (401, 405)


@pytest.mark.parametrize(("method", "path"), [door for door in DOORS if door not in OPEN], ids=lambda part: part)
def test_without_a_session_nothing_can_be_changed(visit: Visit, method: str, path: str) -> None:
    answer = visit().request(method, address(path), headers=headers(path))
    assert turned_away(answer), f"{method} {path} answered {answer.status_code}: {answer.text[:200]}"


@pytest.mark.parametrize(("method", "path"), [door for door in DOORS if door not in OPEN], ids=lambda part: part)
def test_a_residents_session_opens_no_door_of_the_desk_and_a_reviewers_none_of_a_resident(
    session: Session, visit: Visit, method: str, path: str
) -> None:
    resident, reviewer = make_signed_in(session, make_person(session)), make_staff_signed_in(session, make_staff(session))
    session.commit()
    client = visit(resident if path.startswith("/desk") else None)
    if not path.startswith("/desk"):
        client.cookies.set("linban_desk", reviewer, domain="127.0.0.1")
    answer = client.request(method, address(path), headers=headers(path))
    assert turned_away(answer), f"{method} {path} answered {answer.status_code}"


def test_the_list_of_open_doors_names_only_doors_that_exist() -> None:
    assert set(OPEN) <= set(DOORS)


SHOWN = sorted(path for path, route in ROUTES if "GET" in (route.methods or set()))


@pytest.mark.parametrize("path", SHOWN)
def test_no_page_fails_for_a_stranger_a_phone_a_person_or_a_reviewer(session: Session, visit: Visit, path: str) -> None:
    person, staff = make_signed_in(session, make_person(session)), make_staff_signed_in(session, make_staff(session))
    phone = make_signed_in(session, make_phone(session))
    session.commit()
    for token in (None, phone, person):
        client = visit(token)
        client.cookies.set("linban_desk", staff, domain="127.0.0.1")
        with client.stream("GET", address(path), timeout=5) as answer:
            assert answer.status_code in (200, 303, 307, 401, 403, 404, 405, 422), f"{path} answered {answer.status_code}"


@pytest.mark.parametrize(("path", "route"), ROUTES, ids=lambda part: part if isinstance(part, str) else "")
def test_whatever_uses_the_database_in_its_route_is_never_async(path: str, route: APIRoute) -> None:
    def unwrapped(endpoint: Any) -> Any:
        return inspect.unwrap(endpoint)

    endpoint = unwrapped(route.endpoint)
    if inspect.iscoroutinefunction(endpoint):
        text = inspect.getsource(endpoint)
        held = re.search(r"(?<!to_thread)\bdb\.(reading|writing|engine)\(\)|\bunit\.session\b|Opened", text)
        assert not held, f"{path} holds the event loop while the database works: {held and held[0]}"


def test_every_path_is_served_once() -> None:
    seen: dict[tuple[str, str], str] = {}
    for path, route in ROUTES:
        for method in route.methods or set():
            key = (method, PARAMETER.sub("{}", path))
            assert key not in seen, f"{method} {path} is served by {seen[key]} already"
            seen[key] = route.endpoint.__module__


#: Streams have no end; uploads speak tus.
@pytest.mark.parametrize("path", [p for p in SHOWN if not p.startswith("/api/uploads") and not p.endswith("messages/stream")])
def test_every_page_answers_a_head_request_like_a_get_without_its_body(session: Session, visit: Visit, path: str) -> None:
    person, staff = make_signed_in(session, make_person(session)), make_staff_signed_in(session, make_staff(session))
    session.commit()
    client = visit(person, staff=staff)
    head, get = client.head(address(path)), client.get(address(path))
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["cache-control"] == get.headers["cache-control"]


def test_the_api_description_names_no_method_that_has_no_words(visit: Visit) -> None:
    paths = visit().get("/api/openapi.json").json()["paths"]
    assert [path for path, known in paths.items() if "head" in known] == ["/api/uploads/{upload_id}"]

"""Browsers come, come again, change hands, and go."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import LargeBinary, cast
from sqlmodel import Session, col, select

from app.accounts.models import Person, SessionRow
from app.core import db, push_keys
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import service
from app.messages.models import Delivery, PushSubscription
from app.messages.subscriptions import MOST
from tests.conftest import Visit
from tests.devices import Device
from tests.factories import FATHER, MOTHER, make_person, make_phone, make_signed_in, make_staff, make_staff_signed_in


@pytest.fixture
def mother(session: Session) -> Person:
    return make_person(session, MOTHER)


@pytest.fixture
def phone(session: Session, mother: Person, visit: Visit) -> Iterator[httpx.Client]:
    """王晓兰's phone, signed in."""
    token = make_signed_in(session, mother)
    session.commit()
    return visit(token)


def put(client: httpx.Client, device: Device, area: str = "/api", **changed: Any) -> httpx.Response:
    return client.put(f"{area}/push-subscriptions/{device.id}", json=device.body(**changed))


def rows() -> list[PushSubscription]:
    with db.reading() as session:
        return list(session.exec(select(PushSubscription).order_by(col(PushSubscription.seen_at))))


def test_our_key_is_there_for_everybody_and_changes_with_a_rotation(visit: Visit) -> None:
    answer = visit().get("/push/key")
    assert answer.json()["id"] == "p001"
    assert len(base64.urlsafe_b64decode(answer.json()["key"] + "=")) == 65
    assert answer.headers["cache-control"] == "public, max-age=60"
    push_keys.rotate()
    assert visit().get("/push/key").json()["id"] == "p002"


def test_a_browser_is_taken_in_and_what_can_write_to_it_rests_encrypted(mother: Person, phone: httpx.Client) -> None:
    device = Device()
    assert put(phone, device).status_code == 204
    [row] = rows()
    assert (row.id, row.person_id, row.staff_id) == (device.id, mother.id, None)
    assert (row.host, row.key_id, row.lang) == ("fcm.googleapis.com", "p001", "zh")
    with db.reading() as session:
        [held] = session.exec(select(cast(col(PushSubscription.sealed), LargeBinary))).all()
    assert device.endpoint.encode() not in bytes(held)


def test_it_may_come_with_a_bearer_token_too(session: Session, mother: Person, visit: Visit) -> None:
    token = make_signed_in(session, mother, bearer=True)
    session.commit()
    assert put(visit(token, bearer=True), Device()).status_code == 204
    assert len(rows()) == 1


def test_the_same_again_changes_nothing_but_when_it_was_seen(phone: httpx.Client) -> None:
    device = Device()
    put(phone, device)
    [before] = rows()
    assert put(phone, device, lang="en").status_code == 204
    [after] = rows()
    assert (after.id, after.lang) == (before.id, "en")
    assert after.seen_at > before.seen_at


def test_a_browser_that_forgot_its_id_keeps_what_is_queued_for_it(
    session: Session, mother: Person, phone: httpx.Client
) -> None:
    device = Device()
    put(phone, device)
    service.tell(session, mother.id, new_id(), "261125000018", "case_filed", {"service": "newborn"}, False, utcnow())
    session.commit()
    again = Device(device.endpoint)
    assert put(phone, again).status_code == 204
    assert [row.id for row in rows()] == [again.id]
    with db.reading() as reading:
        assert reading.exec(select(Delivery.target)).all() == [again.id]


def test_another_person_on_the_same_phone_takes_it_over(session: Session, phone: httpx.Client, visit: Visit) -> None:
    device = Device()
    put(phone, device)
    father = make_person(session, FATHER)
    token = make_signed_in(session, father)
    session.commit()
    assert put(visit(token), Device(device.endpoint)).status_code == 204
    assert [row.person_id for row in rows()] == [father.id]


def test_a_resident_and_a_member_of_staff_never_share_one(session: Session, phone: httpx.Client, visit: Visit) -> None:
    device = Device()
    put(phone, device)
    staff = make_staff(session)
    token = make_staff_signed_in(session, staff)
    session.commit()
    assert put(visit(staff=token), device, "/desk").status_code == 204
    assert [(row.person_id, row.staff_id) for row in rows()] == [(None, staff.id)]


def test_at_the_desk_a_browser_can_ask_whether_it_is_known(session: Session, visit: Visit) -> None:
    staff = make_staff(session)
    one, another = make_staff_signed_in(session, staff), make_staff_signed_in(session, staff)
    session.commit()
    device = Device()
    address = f"/desk/push-subscriptions/{device.id}"
    assert visit(staff=one).get(address).status_code == 404
    put(visit(staff=one), device, "/desk")
    assert visit(staff=one).get(address).status_code == 204
    assert visit(staff=another).get(address).status_code == 404, "of this very session: the other one's end would take it along"


def test_eleven_browsers_are_one_too_many(phone: httpx.Client) -> None:
    devices = [Device() for _ in range(MOST + 1)]
    for device in devices:
        assert put(phone, device).status_code == 204
    assert {row.id for row in rows()} == {device.id for device in devices[1:]}


def test_it_goes_when_its_owner_says_so_and_only_then(session: Session, phone: httpx.Client, visit: Visit) -> None:
    device = Device()
    put(phone, device)
    token = make_signed_in(session, make_person(session, FATHER))
    session.commit()
    address = f"/api/push-subscriptions/{device.id}"
    assert visit(token).delete(address).status_code == 204
    assert len(rows()) == 1, "another's stays, and they learn nothing"
    assert phone.delete(address).status_code == 204
    assert rows() == []
    assert phone.delete(address).status_code == 204


def test_it_goes_with_the_session(session: Session, phone: httpx.Client) -> None:
    put(phone, Device())
    assert phone.post("/sign-out").status_code == 303
    assert rows() == []


def test_it_goes_with_a_session_that_is_ended_from_elsewhere(
    session: Session, mother: Person, phone: httpx.Client, visit: Visit
) -> None:
    put(phone, Device())
    [held] = [row.session_id for row in rows()]
    other = make_signed_in(session, mother)
    session.commit()
    assert visit(other).post(f"/me/sessions/{held}/end").status_code == 303
    assert rows() == []
    with db.reading() as reading:
        assert len(reading.exec(select(SessionRow)).all()) == 1


CURVE = Device()
OFF_CURVE = base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode().rstrip("=")
SHORT = base64.urlsafe_b64encode(b"\x02" + b"\x01" * 32).decode().rstrip("=")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"endpoint": "https://evil.example/x"}, "endpoint"),
        ({"endpoint": "https://127.0.0.1/x"}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/" + "x" * 3000}, "endpoint"),
        ({"endpoint": None}, "endpoint"),
        ({"keys": {"p256dh": OFF_CURVE, "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": SHORT, "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": CURVE.p256dh, "auth": "A" * 21}}, "keys"),
        ({"keys": {"p256dh": CURVE.p256dh, "auth": "?" * 22}}, "keys"),
        ({"keys": {"p256dh": CURVE.p256dh}}, "keys"),
        ({"keys": "x"}, "keys"),
        ({"key_id": "p999"}, "key_id"),
        ({"lang": "klingon"}, "lang"),
        ({"expirationTime": None}, "expirationTime"),
    ],
)
def test_what_no_browser_says_is_refused_by_its_field_and_never_echoed(
    phone: httpx.Client, changed: dict[str, Any], field: str
) -> None:
    answer = put(phone, Device(), **changed)
    assert answer.status_code == 422
    assert answer.json()["title"].endswith(field)
    for value in changed.values():
        assert str(value) == "None" or str(value) not in answer.text
    assert rows() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"{}" + b" " * 10_000, b'"x"'])
def test_a_body_that_is_none_is_refused(phone: httpx.Client, body: bytes) -> None:
    answer = phone.put(f"/api/push-subscriptions/{new_id()}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert phone.put("/api/push-subscriptions/mine", content=body).status_code == 404


def test_strangers_and_phones_without_a_person_are_turned_away_before_they_are_read(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    assert put(visit(), Device(), endpoint="?").status_code == 401
    assert put(visit(token), Device(), endpoint="?").status_code == 403
    assert visit().delete(f"/api/push-subscriptions/{new_id()}").status_code == 401

"""Administrators manage the staff of their jurisdiction, never themselves, and never lock the last one out."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import Outcome, Role, SessionRow, Staff, StaffAction
from app.accounts.staff import WrongPasswords
from app.core.clock import utcnow
from app.core.crypto import keyring
from tests import factories
from tests.conftest import Visit

from .conftest import Seat, form_of, send

NEW = {
    "username": "msb5", "name": "沈洁", "badge": "320507", "role": "reviewer", "department_id": "msb",
    "jurisdiction": "320507104",
}  # fmt: skip
PASSWORD = 'id="password"'


def staff(session: Session, username: str) -> Staff:
    """An account as it stands now."""
    found = select(Staff).where(Staff.username == username)
    row = session.exec(found.execution_options(populate_existing=True)).one()
    session.commit()  # a session that has read holds the write lock of SQLite
    return row


def shown_password(page: httpx.Response) -> str:
    return page.text.split(f"{PASSWORD}>")[1].split("<")[0]


def test_a_new_account_gets_a_one_time_password_shown_once_and_kept_nowhere(session: Session, seat: Seat) -> None:
    admin = seat()
    page = send(admin.client, "/desk/staff/new", **NEW)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    password = shown_password(page)
    made = staff(session, "msb5")
    assert (made.name, made.role, made.jurisdiction) == ("沈洁", Role.REVIEWER, "320507104")
    assert password not in made.password_hash
    assert password not in admin.client.get(f"/desk/staff/{made.id}").text


def test_pressing_twice_makes_one_account_and_a_password_that_works(session: Session, seat: Seat) -> None:
    admin = seat()
    first, second = (admin.client.post("/desk/staff/new", data=NEW) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert shown_password(first) != shown_password(second)
    assert len(session.exec(select(Staff).where(Staff.username == "msb5")).all()) == 1


def test_a_taken_user_name_is_said_at_its_field_and_what_was_typed_is_kept(session: Session, seat: Seat) -> None:
    factories.make_staff(session, "msb5")
    admin = seat()
    page = send(admin.client, "/desk/staff/new", **NEW)
    assert page.status_code == 422
    assert "已经有人用了" in page.text
    assert form_of(page.text)["name"] == "沈洁"


@pytest.mark.parametrize(("field", "value", "said"), [
    ("username", "王经理", "小写字母和数字"), ("username", "", "这一格要填"), ("name", "沈", "2 到 50"),
    ("department_id", "nowhere", "从里面选一个"), ("jurisdiction", "110105", "从里面选一个"), ("role", "king", "从里面选一个"),
])  # fmt: skip
def test_each_field_says_how_to_mend_it(seat: Seat, session: Session, field: str, value: str, said: str) -> None:
    page = send(seat().client, "/desk/staff/new", **{**NEW, field: value})
    assert page.status_code == 422
    assert said in page.text
    assert session.exec(select(Staff).where(Staff.username == "msb5")).first() is None


def test_role_department_and_jurisdiction_are_changed(session: Session, seat: Seat) -> None:
    admin, clerk = seat(), factories.make_staff(session, "msb1")
    session.commit()
    answer = send(admin.client, f"/desk/staff/{clerk.id}", role="head", jurisdiction="320507104")
    assert answer.headers["location"] == f"/desk/staff/{clerk.id}?done=saved"
    changed = staff(session, "msb1")
    assert (changed.role, changed.jurisdiction, changed.name) == (Role.HEAD, "320507104", "周敏")


def test_two_administrators_at_once_see_what_both_wrote(session: Session, seat: Seat) -> None:
    one, other, clerk = seat("das1"), seat("das2"), factories.make_staff(session, "msb1")
    session.commit()
    path = f"/desk/staff/{clerk.id}"
    old = form_of(one.client.get(path).text)
    assert send(other.client, path, badge="A-2").status_code == 303
    page = one.client.post(path, data={**old, "badge": "A-1"})
    assert page.status_code == 409
    assert "别人刚改过" in page.text
    assert "现在存的：A-2" in page.text
    assert form_of(page.text)["badge"] == "A-1"
    assert staff(session, "msb1").badge == "A-2"
    assert one.client.post(path, data=form_of(page.text)).status_code == 303
    assert staff(session, "msb1").badge == "A-1"


def test_saving_the_same_again_changes_nothing(session: Session, seat: Seat) -> None:
    admin, clerk = seat(), factories.make_staff(session, "msb1")
    session.commit()
    assert send(admin.client, f"/desk/staff/{clerk.id}").headers["location"].endswith("done=same")


def test_nobody_changes_their_own_rights_or_closes_themselves(session: Session, seat: Seat) -> None:
    admin, _other = seat("das1"), seat("das2")
    path = f"/desk/staff/{admin.id}"
    page = send(admin.client, path, role="auditor")
    assert page.status_code == 422
    assert "另一位管理员" in page.text
    for verb in ("closing", "password", "second-factor"):
        assert admin.client.post(f"{path}/{verb}").status_code == 422
    mine = staff(session, "das1")
    assert (mine.role, mine.active) == (Role.ADMINISTRATOR, True)
    assert send(admin.client, path, name="顾云云").status_code == 303


def test_the_last_administrator_is_not_locked_out(session: Session, seat: Seat) -> None:
    admin, other = seat("das1"), seat("das2")
    assert admin.client.post(f"/desk/staff/{other.id}/closing").status_code == 303
    assert other.client.get("/desk/staff").status_code == 303, "a closed account is out with its next request"
    town = factories.make_staff(session, "das3", role=Role.SUPERVISOR)
    session.commit()
    assert admin.client.post(f"/desk/staff/{town.id}/closing").status_code == 303
    assert staff(session, "das1").active


def test_a_closed_account_returns_with_a_one_time_password(session: Session, seat: Seat) -> None:
    admin, clerk = seat(), factories.make_staff(session, "msb1")
    session.commit()
    path = f"/desk/staff/{clerk.id}"
    assert admin.client.post(f"{path}/closing").headers["location"].endswith("done=staff-closed")
    assert "恢复这个账号" in admin.client.get(path).text
    assert PASSWORD in admin.client.post(f"{path}/opening").text
    assert admin.client.post(f"{path}/opening").headers["location"].endswith("done=same"), "a second press gives no second one"


def test_a_lock_is_ended_and_a_second_factor_forgotten(session: Session, seat: Seat) -> None:
    admin, clerk = seat(), factories.make_staff(session, "msb1")
    token = factories.make_staff_signed_in(session, clerk)
    now = utcnow()
    locked = WrongPasswords(
        username_index=keyring().blind("username", "msb1"), locked_until=now + timedelta(minutes=9), last_at=now
    )
    session.add(locked)
    session.commit()
    path = f"/desk/staff/{clerk.id}"
    assert "锁着" in admin.client.get("/desk/staff?q=msb1").text
    assert admin.client.post(f"{path}/unlock").status_code == 303
    assert "锁着" not in admin.client.get("/desk/staff?q=msb1").text
    assert admin.client.post(f"{path}/second-factor").status_code == 303
    assert staff(session, "msb1").totp_secret is None
    assert token
    assert session.exec(select(SessionRow).where(SessionRow.staff_id == clerk.id)).all() == []


def test_an_administrator_of_a_town_sees_its_people_only(session: Session, seat: Seat) -> None:
    mine = factories.make_staff(session, "msb1", jurisdiction="320507104203", name="钱一")
    theirs = factories.make_staff(session, "msb2", jurisdiction="320507101", name="赵二")
    admin = seat(jurisdiction="320507104")
    page = admin.client.get("/desk/staff").text
    assert "钱一" in page
    assert "赵二" not in page
    assert admin.client.get(f"/desk/staff/{mine.id}").status_code == 200
    for path in (f"/desk/staff/{theirs.id}", "/desk/staff/01936f2e-7a00-7000-8000-000000000001"):
        assert admin.client.get(path).status_code == 404
        assert admin.client.post(f"{path}/password").status_code == 404
    page = admin.client.get("/desk/staff/new").text
    assert 'value="320507101"' not in page
    assert 'value="320507104203"' in page


def test_people_are_found_by_name_user_name_and_badge_and_filtered(session: Session, seat: Seat) -> None:
    factories.make_staff(session, "msb1", name="钱一")
    factories.make_staff(session, "hrss1", name="赵二", role=Role.HEAD)
    admin = seat()
    for query, there, gone in (("q=钱", "钱一", "赵二"), ("q=HRSS", "赵二", "钱一"), ("department=msb", "钱一", "赵二"),
                               ("role=head", "赵二", "钱一"), ("state=active", "赵二", "没有这样的人")):  # fmt: skip
        page = admin.client.get(f"/desk/staff?{query}").text
        assert there in page, query
        assert gone not in page, query
    assert "没有这样的人" in admin.client.get("/desk/staff?q=nobody").text


def test_a_long_list_comes_in_pages(session: Session, seat: Seat) -> None:
    for number in range(53):
        factories.make_staff(session, f"msb{number:03d}", name="周敏")
    admin = seat("zzz1")
    first = admin.client.get("/desk/staff?department=msb").text
    assert "msb049" in first
    assert "msb050" not in first
    after = first.split('aria-label="翻页"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = admin.client.get(after).text
    assert "msb052" in second
    assert "msb049" not in second


def test_every_change_leaves_a_record_with_whom_it_concerned(session: Session, seat: Seat) -> None:
    admin, clerk = seat(), factories.make_staff(session, "msb1")
    session.commit()
    send(admin.client, f"/desk/staff/{clerk.id}", badge="A-9")
    admin.client.post(f"/desk/staff/{clerk.id}/password")
    admin.client.post(f"/desk/staff/{admin.id}/password")
    rows = session.exec(select(StaffAction).where(StaffAction.staff_id == admin.id).order_by(StaffAction.sequence)).all()
    assert [(row.action, row.object_id, row.outcome) for row in rows] == [
        ("staff.change", str(clerk.id), Outcome.DONE), ("staff.reset-password", str(clerk.id), Outcome.DONE),
        ("staff.password", str(admin.id), Outcome.REFUSED),
    ]  # fmt: skip
    assert rows[0].object_part == "badge"


def test_an_administrator_sees_no_case(session: Session, seat: Seat) -> None:
    case = factories.make_case(session, factories.make_person(session))
    admin = seat()
    assert admin.client.get(f"/desk/items/{case.number}/msb.maternity_benefit").status_code == 403
    assert admin.client.get("/desk").headers["location"] == "/desk/staff"
    assert admin.client.post("/desk/search", data={"q": case.number}).status_code == 403


def test_the_list_costs_the_same_however_many_people(session: Session, seat: Seat, visit: Visit) -> None:
    from app.core import db
    from tests.architecture.test_queries import queries

    admin = seat()
    few = queries(db.engine(), admin.client, "/desk/staff")
    for number in range(20):
        factories.make_staff(session, f"msb{number:03d}")
    session.commit()
    many = queries(db.engine(), admin.client, "/desk/staff")
    assert len(many) == len(few) <= 4, many

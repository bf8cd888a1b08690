"""我的: masked, in figures, with the way out; devices that can be signed out at once."""

import re

from sqlmodel import Session

from tests.conftest import Visit
from tests.factories import MOTHER, make_draft, make_person, make_phone, make_signed_in


def test_name_and_number_are_masked(session: Session, visit: Visit) -> None:
    person = make_person(session, MOTHER)
    token = make_signed_in(session, person)
    make_draft(session, person)
    session.commit()
    page = visit(token).get("/me").text
    assert "王**" in page
    assert "138****6021" in page
    assert MOTHER.phone not in page
    assert MOTHER.id_number not in page
    assert "1 份没交" in page
    assert "1 台在登录" in page


def test_a_stranger_may_sign_in_or_choose_how_it_looks(visit: Visit) -> None:
    page = visit().get("/me").text
    assert 'href="/sign-in?next=/me"' in page
    assert 'href="/me/settings"' in page
    assert "/sign-out" not in page


def test_a_phone_without_a_person_is_told_the_next_step(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session, "13911112222"))
    session.commit()
    page = visit(token).get("/me").text
    assert "139****2222" in page
    assert 'href="/real-name"' in page


def test_signing_out_ends_the_session(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session))
    session.commit()
    client = visit(token)
    assert client.post("/sign-out").headers["location"] == "/"
    assert "/sign-out" not in visit(token).get("/me").text


def test_another_device_is_signed_out_with_its_next_request(session: Session, visit: Visit) -> None:
    person = make_person(session)
    here, there = make_signed_in(session, person), make_signed_in(session, person)
    session.commit()
    client = visit(here)
    page = client.get("/me/devices").text
    (action,) = re.findall(r'action="(/me/sessions/[0-9a-f-]+/end)"', page)
    assert "这台" in page
    assert client.post(action).headers["location"] == "/me/devices"
    assert visit(there).get("/me/devices").headers["location"].startswith("/sign-in")
    assert client.get("/me/devices").status_code == 200


def test_somebody_elses_session_cannot_be_ended(session: Session, visit: Visit) -> None:
    mine, theirs = make_signed_in(session, make_person(session)), make_signed_in(session, make_person(session))
    session.commit()
    (action,) = re.findall(r'action="(/me/sessions/[0-9a-f-]+/end)"', _with_two(session, visit, theirs))
    assert visit(mine).post(action).status_code == 404
    assert visit(theirs).get("/me/devices").status_code == 200


def _with_two(session: Session, visit: Visit, token: str) -> str:
    from sqlmodel import select

    from app.accounts.models import Person, SessionRow
    from app.accounts.tokens import digest

    row = session.exec(select(SessionRow).where(SessionRow.token_hash == digest(token))).one()
    make_signed_in(session, session.get_one(Person, row.person_id))
    session.commit()
    return visit(token).get("/me/devices").text


def test_settings_are_for_everybody_and_show_what_is_chosen(visit: Visit) -> None:
    client = visit()
    client.post("/settings", data={"text": "3"})
    page = client.get("/me/settings").text
    chosen = re.findall(r'name="(\w+)" value="(\w+)"[^>]*aria-pressed="true"', page)
    assert chosen == [("text", "3"), ("theme", "auto"), ("lang", "zh")]

"""Sessions: in the database, listed, ended at once, seen, and never valid for what they are not."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts import officers, sessions
from app.accounts.models import SessionRow
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.settings import settings
from app.sandbox.people import MOTHER
from tests.conftest import Visit
from tests.factories import make_person, make_phone, make_signed_in, make_staff, make_staff_signed_in

NOW = utcnow()


def signed_in(client: httpx.Client) -> bool:
    """Whether the real-name page answers for a phone, rather than sending it to sign in."""
    return not client.get("/real-name").headers.get("location", "").startswith("/sign-in")


def test_a_token_opens_and_its_end_closes_at_once(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    client = visit(token)
    assert signed_in(client)
    assert client.post("/sign-out").status_code == 303
    assert not signed_in(visit(token))


def test_signing_out_drops_the_cookie(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    answer = visit(token).post("/sign-out")
    assert 'linban_session=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_another_of_my_sessions_ends_with_its_next_request(session: Session, visit: Visit) -> None:
    person = make_person(session)
    mine, lost = make_signed_in(session, person), make_signed_in(session, person)
    session.commit()
    row = session.exec(select(SessionRow.id).where(SessionRow.token_hash == sessions.digest(lost))).one()
    session.commit()
    assert visit(mine).post(f"/me/sessions/{row}/end").headers["location"] == "/me/devices"
    assert not signed_in(visit(lost))
    assert signed_in(visit(mine))


def test_a_strangers_session_is_not_there(session: Session, visit: Visit) -> None:
    mine, theirs = make_signed_in(session, make_person(session)), make_signed_in(session, make_person(session))
    row = session.exec(select(SessionRow.id).where(SessionRow.token_hash == sessions.digest(theirs))).one()
    session.commit()
    for unknown in (row, uuid4(), "not-an-id"):
        assert visit(mine).post(f"/me/sessions/{unknown}/end").status_code == 404
    assert signed_in(visit(theirs))


def test_sessions_of_all_my_phones_are_listed_and_nobody_elses(session: Session) -> None:
    person = make_person(session, now=NOW)
    make_signed_in(session, person, now=NOW)
    second = make_phone(session, person=person, now=NOW)
    make_signed_in(session, second, now=NOW + timedelta(minutes=1))
    make_signed_in(session, make_person(session), now=NOW)
    make_signed_in(session, second, now=NOW - timedelta(days=40))
    mine = sessions.sessions_of(session, second.id, NOW + timedelta(hours=1), person.id)
    assert [line.created_at for line in mine] == [NOW + timedelta(minutes=1), NOW]
    assert len(sessions.sessions_of(session, second.id, NOW + timedelta(hours=1))) == 1


def test_an_ended_session_sends_to_sign_in_and_back(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session), now=NOW - timedelta(days=31))
    session.commit()
    answer = visit(token).get("/real-name", params={"next": "/forms/newborn/e/1?draft=7&x=2"})
    way = urlsplit(answer.headers["location"])
    assert (answer.status_code, way.path) == (303, "/sign-in")
    back = urlsplit(parse_qs(way.query)["next"][0])
    assert (back.path, parse_qs(back.query)) == ("/real-name", {"next": ["/forms/newborn/e/1?draft=7&x=2"]})


def test_a_form_sent_after_the_session_ended_leads_back_to_its_own_page(visit: Visit, server: str) -> None:
    answer = visit().post("/real-name", data={}, headers={"Referer": f"{server}/real-name?next=%2Fcases"})
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"next": ["/real-name?next=%2Fcases"]}
    answer = visit().post("/real-name", data={}, headers={"Referer": "https://evil.example/real-name"})
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"next": ["/"]}


def test_the_api_says_401_instead_of_sending_away(session: Session, visit: Visit) -> None:
    answer = visit("nonsense").get("/real-name", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/sign-in-needed"


def test_a_cookie_is_no_bearer_token_and_a_bearer_token_no_cookie(session: Session, visit: Visit) -> None:
    phone = make_phone(session)
    cookie, bearer = make_signed_in(session, phone), make_signed_in(session, phone, bearer=True)
    session.commit()
    assert signed_in(visit(cookie))
    assert signed_in(visit(bearer, bearer=True))
    assert not signed_in(visit(bearer))
    assert not signed_in(visit(cookie, bearer=True))


def test_a_staff_token_is_no_residents(session: Session, visit: Visit) -> None:
    token = make_staff_signed_in(session, make_staff(session))
    session.commit()
    assert not signed_in(visit(token))
    assert not signed_in(visit(token, bearer=True))


def test_only_the_fingerprint_of_a_token_rests(session: Session) -> None:
    token = make_signed_in(session, make_phone(session))
    assert token not in str(session.exec(select(SessionRow)).one())


def test_a_session_is_marked_as_seen_but_not_with_every_request(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session), now=NOW - timedelta(days=1))
    session.commit()

    def seen() -> object:
        with db.reading() as read:
            return read.exec(select(SessionRow.seen_at)).one()

    client = visit(token)
    client.get("/real-name")
    first = seen()
    assert first >= NOW  # type: ignore[operator]
    client.get("/real-name")
    assert seen() == first


def test_revoking_what_is_gone_already_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        sessions.revoke(session, make_phone(session).id, uuid4())


def test_over_https_cookies_bear_the_host_prefix_and_can_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.responses import Response

    from app.accounts import cookies

    monkeypatch.setattr(settings(), "public_url", "https://lin.example")
    assert sessions.cookie_name() == "__Host-linban_session"
    assert officers.staff_cookie_name() == "__Host-linban_desk"
    assert cookies.name() == "__Host-linban_sign_in"
    for act in (lambda r: sessions.set_cookie(r, "t", NOW), lambda r: sessions.drop_cookie(r)):
        response = Response()
        act(response)
        header = response.headers["set-cookie"]
        assert header.startswith("__Host-linban_session=")
        for attribute in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
            assert attribute in header
        assert "Domain" not in header


def test_a_person_signed_in_is_not_asked_for_the_name_again(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    assert visit(token).get("/real-name", params={"next": "/cases"}).headers["location"] == "/cases"


def test_looks_are_kept_in_cookies_and_lead_back(visit: Visit) -> None:
    client = visit()
    answer = client.post("/settings", data={"lang": "en", "mode": "care", "text": "3", "theme": "dark", "back": "/me?x=1"})
    assert answer.headers["location"] == "/me?x=1"
    assert {name: client.cookies[name] for name in ("lang", "mode", "text", "theme")} == {
        "lang": "en", "mode": "care", "text": "3", "theme": "dark"
    }  # fmt: skip
    assert visit().post("/settings", data={"back": "//evil.example"}).headers["location"] == "/"

"""How I wish to be told, over the public API."""

from sqlmodel import Session

from app.accounts.models import Person
from tests.conftest import Visit
from tests.factories import make_person, make_signed_in

AT = "/api/me/notifications"
DEFAULTS = {"sms": "late", "lang": "zh", "quiet_from": 22, "quiet_to": 7, "muted": []}


def bearer(session: Session) -> str:
    person: Person = make_person(session)
    token = make_signed_in(session, person, bearer=True)
    session.commit()
    return token


def test_what_is_put_is_what_holds(session: Session, visit: Visit) -> None:
    client = visit(bearer(session), bearer=True)
    assert client.get(AT).json() == DEFAULTS
    wished = {
        **DEFAULTS,
        "sms": "at_once",
        "lang": "en",
        "quiet_from": 0,
        "quiet_to": 0,
        "muted": ["progress.push", "turn.sms"],
    }
    assert client.put(AT, json=wished).json() == client.get(AT).json() == wished
    assert client.put(AT, json=DEFAULTS).json() == DEFAULTS


def test_one_channel_stays(session: Session, visit: Visit) -> None:
    client = visit(bearer(session), bearer=True)
    refused = client.put(AT, json={**DEFAULTS, "sms": "never", "muted": ["result.push"]})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/one-channel-stays")
    assert client.get(AT).json() == DEFAULTS


def test_what_cannot_be_read_names_the_member(session: Session, visit: Visit) -> None:
    client = visit(bearer(session), bearer=True)
    for member, wrong in (("sms", "soon"), ("quiet_to", 24), ("push", True), ("muted.0", ["progress.sms"])):
        refused = client.put(AT, json={**DEFAULTS, member.split(".")[0]: wrong})
        assert refused.status_code == 422
        assert member in refused.json()["title"]
    assert "lang" in client.put(AT, json={name: value for name, value in DEFAULTS.items() if name != "lang"}).json()["title"]
    assert client.put(AT, content=b"{").status_code == 422

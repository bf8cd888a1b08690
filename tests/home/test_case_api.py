"""Cases, messages, corrections and withdrawal over the public API."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.cases.models import Case
from app.cases.office import Target
from app.core.clock import utcnow
from app.documents import service as shelf
from tests import factories as make
from tests.cases.hands import ask, decide
from tests.newborn import answers, picture

NOW = utcnow()
ITEM = "msb.maternity_benefit"


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    made = make.make_case(session, mother, answers=answers(), now=NOW)
    session.commit()
    return made


@pytest.fixture
def client(session: Session, mother: Person, case: Case, visit: Any) -> httpx.Client:
    token = make.make_signed_in(session, mother, bearer=True)
    session.commit()
    return visit(token, bearer=True)  # type: ignore[no-any-return]


def test_a_case_has_state_items_clocks_timeline_and_what_is_asked(session: Session, client: httpx.Client, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve", "finish")
    decide(session, case, "psb.birth_reg", NOW, "accept")
    correction = ask(session, case, ITEM, NOW, Target(question="bank.holder"))
    session.commit()
    got = client.get(f"/api/cases/{case.number}").json()
    assert (got["number"], got["state"], got["revision"]) == (case.number, "your_turn", case.version)
    items = {i["item"]: i for i in got["items"]}
    assert items["health.birth_cert"]["clock"]["state"] == "done"
    assert items["psb.birth_reg"]["clock"]["left"] == {"amount": 1, "unit": "days"}
    assert items["msb.resident_enrol"]["clock"]["state"] == "waiting"
    assert (got["asked"][0]["item"], got["asked"][0]["id"]) == (ITEM, str(correction))
    assert got["asked"][0]["targets"] == [{"question": "bank.holder"}]
    assert got["timeline"][0]["kind"] == "correction_asked"
    assert got["may_withdraw"] is True


def test_lists_page_by_cursor(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    for n in range(1, 5):
        decide(session, make.make_case(session, mother, now=NOW + timedelta(minutes=n)), "health.birth_cert", NOW, "accept")
    session.commit()
    for path, key, name in (("/api/cases", "cases", "number"), ("/api/messages", "messages", "id")):
        whole = [row[name] for row in client.get(f"{path}?limit=100").json()[key]]
        walked: list[str] = []
        cursor = ""
        while cursor is not None:
            page = client.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            walked += [row[name] for row in page[key]]
            cursor = page["next"]
        assert walked == whole
        assert len(whole) >= 5


def test_me_is_masked(client: httpx.Client) -> None:
    got = client.get("/api/me").json()
    assert got["person"]["name"] == "王**"
    assert make.MOTHER.id_number not in str(got)


def test_a_correction_reply_over_the_wire_is_done_once(
    session: Session, mother: Person, client: httpx.Client, case: Case
) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    correction = ask(session, case, ITEM, NOW, Target(question="bank.holder"), Target(material="M-BANK", page=1))
    session.commit()
    where, headers = f"/api/cases/{case.number}/items/{ITEM}/correction-reply", {"Idempotency-Key": "0123456789abcdef"}
    body: dict[str, Any] = {"revision": case.version, "answers": {"bank.holder": "陈志远"}, "documents": []}
    refused = client.post(where, json=body, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/reply-incomplete")
    photo = picture(seed=5)
    digest = sha256(photo).hexdigest()
    body["documents"] = [{"material": "M-BANK", "page": 1, "sha256": digest, "size": len(photo), "filename": "card.jpg"}]
    missing = client.post(where, json=body, headers=headers)
    assert (missing.status_code, missing.json()["type"], missing.json()["missing"]) == (
        409,
        "/problems/documents-missing",
        [digest],
    )
    shelf.receive(shelf.Place(mother.id, correction, "M-BANK", 1), "card.jpg", photo, NOW)
    first = client.post(where, json=body, headers=headers)
    again = client.post(where, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = client.post(where, json={**body, "answers": {"bank.holder": "王晓兰"}}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/key-used")
    late = client.post(where, json=body, headers={"Idempotency-Key": "another-key-0"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/moved-on")


def test_a_reply_over_the_wire_changes_nothing_else(session: Session, client: httpx.Client, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    ask(session, case, ITEM, NOW, Target(question="bank.holder"))
    session.commit()
    body = {"revision": case.version, "answers": {"bank.holder": "陈志远", "baby.name": "x"}, "documents": []}
    headers = {"Idempotency-Key": "0123456789"}
    got = client.post(f"/api/cases/{case.number}/items/{ITEM}/correction-reply", json=body, headers=headers)
    assert (got.status_code, got.json()["type"]) == (422, "/problems/not-asked")


def test_a_withdrawal_over_the_wire(session: Session, client: httpx.Client, case: Case) -> None:
    where, headers = f"/api/cases/{case.number}/withdrawal", {"Idempotency-Key": "0123456789"}
    assert client.post(where, json={"revision": case.version}).status_code == 422
    assert client.post(where, json={"revision": "x"}, headers=headers).status_code == 422
    old = client.post(where, json={"revision": case.version - 1}, headers=headers)
    assert (old.status_code, old.json()["type"]) == (409, "/problems/moved-on")
    first, again = (client.post(where, json={"revision": case.version}, headers=headers) for _ in range(2))
    assert first.json()["state"] == "withdrawn"
    assert first.json() == again.json()


@pytest.mark.parametrize("path", ["withdrawal", f"items/{ITEM}/correction-reply"])
def test_somebody_elses_case_is_404_whatever_the_body(session: Session, case: Case, visit: Any, path: str) -> None:
    token = make.make_signed_in(session, make.make_person(session, make.FATHER), bearer=True)
    session.commit()
    got = visit(token, bearer=True).post(
        f"/api/cases/{case.number}/{path}", json={"nonsense": 1}, headers={"Idempotency-Key": "0123456789"}
    )
    assert got.status_code == 404


def test_without_a_token_it_is_401(case: Case, visit: Any) -> None:
    for path in ("/api/cases", "/api/messages", "/api/me", f"/api/cases/{case.number}"):
        assert visit().get(path).status_code == 401

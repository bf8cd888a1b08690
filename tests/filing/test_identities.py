"""Two people on one phone, two identities of one person, colleagues of one enterprise: whose drafts and cases are whose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Binding, Enterprise, Person
from app.accounts.parties import Party
from app.cases.models import Case
from app.catalogue.definition import Edition
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.ids import new_id
from app.documents import queries as documents
from app.documents.models import Document
from app.filing import queries
from app.messages.models import Message
from app.sandbox.enterprises import FOOD, MACHINES, SHEN, YAQIN
from app.sandbox.people import Known
from tests import factories
from tests.conftest import Visit
from tests.newborn import picture

from .shops import ANSWERS, FOR_ENTERPRISES, FOR_PERSONS, SHOP, in_force

MANAGER, CLERK = Known("周雅琴", YAQIN, "13800006024"), Known("沈伟", SHEN, "13800006025")


@pytest.fixture
def shops(session: Session, server: str, tmp_path: Path) -> Iterator[dict[str, Edition]]:
    folder = tmp_path / "definitions"
    folder.mkdir()
    with in_force(folder, session, SHOP, FOR_ENTERPRISES, FOR_PERSONS) as found:
        yield found


@dataclass
class World:
    """莲桥食品 with its manager and its clerk; 蠡塘机械 with the manager alone; each of them also a private person."""

    manager: Person
    clerk: Person
    food: Enterprise
    machines: Enterprise
    session: Session
    visit: Visit

    def client(self, who: Person, acting: Enterprise | None = None, *, bearer: bool = False) -> httpx.Client:
        token = factories.make_signed_in(self.session, who, acting=acting, bearer=bearer)
        self.session.commit()
        return self.visit(token, bearer=bearer)


@pytest.fixture
def world(session: Session, shops: dict[str, Edition], visit: Visit) -> World:
    manager, clerk = factories.make_person(session, MANAGER), factories.make_person(session, CLERK)
    food = factories.make_enterprise(session, manager, clerk)
    machines = factories.make_enterprise(session, manager, known=MACHINES)
    session.commit()
    return World(manager, clerk, food, machines, session, visit)


def draft_body(edition: Edition, answers: dict[str, Any] | None = None, base: int = 0) -> dict[str, Any]:
    return {
        "service": edition.service.id, "edition": edition.id, "base_revision": base, "answers": answers or ANSWERS, "page": ""
    }  # fmt: skip


def submission(edition: Edition, answers: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    return {
        "service": edition.service.id, "edition": edition.id, "applicant": "self", "mandate": None,
        "answers": answers or ANSWERS, "documents": [], **changed,
    }  # fmt: skip


def saved(client: httpx.Client, edition: Edition, answers: dict[str, Any] | None = None) -> str:
    at = str(new_id())
    client.put(f"/api/drafts/{at}", json=draft_body(edition, answers)).raise_for_status()
    return at


def filed(client: httpx.Client, edition: Edition, answers: dict[str, Any] | None = None) -> str:
    at = str(new_id())
    answer = client.post(f"/api/drafts/{at}/submission", json=submission(edition, answers))
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["receipt"]["case"]
    return number


def drafts(client: httpx.Client) -> list[str]:
    return [one["id"] for one in client.get("/api/drafts").json()["drafts"]]


def cases(client: httpx.Client) -> list[str]:
    return [one["number"] for one in client.get("/api/cases").json()["cases"]]


def test_drafts_are_seen_only_in_the_identity_in_which_they_were_started(world: World, shops: dict[str, Edition]) -> None:
    clients = [world.client(world.manager, one, bearer=True) for one in (None, world.food, world.machines)]
    made = [saved(client, shops["shop"]) for client in clients]
    assert [drafts(client) for client in clients] == [[at] for at in made]
    for client, own in zip(clients, made, strict=True):
        for at in made:
            expected = 200 if at == own else 404
            assert client.get(f"/api/drafts/{at}").status_code == expected
            assert client.get(f"/drafts/{at}/review").status_code == expected
            assert client.get(f"/drafts/{at}/outlook").status_code == expected
            if at != own:
                assert client.put(f"/api/drafts/{at}", json=draft_body(shops["shop"], base=1)).status_code == 404
                assert client.put(f"/api/drafts/{at}", json=draft_body(shops["shop"])).status_code == 404
                assert client.post(f"/api/drafts/{at}/submission", json=submission(shops["shop"])).status_code == 404
                assert client.delete(f"/api/drafts/{at}").status_code == 404


def test_a_colleague_sees_the_enterprises_cases_and_not_its_drafts(world: World, shops: dict[str, Edition]) -> None:
    manager, clerk = (world.client(who, world.food, bearer=True) for who in (world.manager, world.clerk))
    number, draft = filed(manager, shops["shop"]), saved(manager, shops["shop"])
    assert cases(clerk) == [number]
    assert drafts(clerk) == []
    assert clerk.get(f"/api/drafts/{draft}").status_code == 404
    at = f"/cases/{number}"
    for path in (at, f"{at}/filing", f"{at}/withdrawal", f"/receipts/{number}", f"/receipts/{number}.json"):
        assert clerk.get(path).status_code == 200, path
    assert clerk.get(f"/api/cases/{number}").json()["number"] == number


def test_nobody_else_and_no_other_identity_sees_an_enterprises_case(world: World, shops: dict[str, Edition]) -> None:
    number = filed(world.client(world.manager, world.food, bearer=True), shops["shop"])
    stranger = factories.make_person(world.session)
    others = [
        world.client(world.manager), world.client(world.manager, world.machines), world.client(world.clerk),
        world.client(stranger),
    ]  # fmt: skip
    for client in others:
        assert cases(client) == []
        for path in (f"/cases/{number}", f"/cases/{number}/filing", f"/receipts/{number}", f"/api/cases/{number}"):
            assert client.get(path).status_code == 404, path
        assert client.get(f"/cases/{number}/stream").status_code == 404
        assert client.post(f"/cases/{number}/withdrawal", data={"key": "12345678", "version": "1"}).status_code == 404


def test_the_shell_that_browsers_keep_names_nobody(world: World, shops: dict[str, Edition]) -> None:
    edition = shops["shop"]
    at = f"/forms/shop/{edition.id}/{edition.service.form.pages[0].id}"
    answer = world.client(world.manager, world.food).get(at)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert world.food.name not in answer.text
    assert answer.text == world.client(world.manager).get(at).text


def test_what_i_filed_for_myself_is_not_the_enterprises(world: World, shops: dict[str, Edition]) -> None:
    number = filed(world.client(world.manager, bearer=True), shops["shop"])
    assert cases(world.client(world.manager)) == [number]
    acting = world.client(world.manager, world.food)
    assert cases(acting) == []
    assert acting.get(f"/cases/{number}").status_code == 404
    assert "没有在办的事" in acting.get("/").text


def test_a_colleague_may_take_the_enterprises_case_back(world: World, shops: dict[str, Edition]) -> None:
    number = filed(world.client(world.manager, world.food, bearer=True), shops["shop"])
    clerk = world.client(world.clerk, world.food, bearer=True)
    seen = clerk.get(f"/api/cases/{number}").json()["revision"]
    answer = clerk.post(f"/api/cases/{number}/withdrawal", json={"revision": seen}, headers={"Idempotency-Key": "some-key"})
    assert answer.json()["state"] == "withdrawn"


def test_the_filer_is_told_in_the_identity_of_the_case_and_nowhere_else(world: World, shops: dict[str, Edition]) -> None:
    number = filed(world.client(world.manager, world.food, bearer=True), shops["shop"])
    case = world.session.exec(select(Case).where(Case.number == number)).one()
    told = {m.person_id for m in world.session.exec(select(Message).where(Message.case_id == case.id))}
    assert told == {world.manager.id}
    inbox = [m["case"] for m in world.client(world.manager, world.food).get("/api/messages").json()["messages"]]
    assert set(inbox) == {number}
    assert world.client(world.manager).get("/api/messages").json()["messages"] == []
    assert world.client(world.manager, world.machines).get("/api/messages").json()["messages"] == []
    assert world.client(world.clerk, world.food).get("/api/messages").json()["messages"] == []


def test_unread_messages_are_counted_apart(world: World) -> None:
    factories.make_case(world.session, world.manager, enterprise=world.food, service_id="shop", edition="x")
    factories.make_case(world.session, world.manager, service_id="shop", edition="x")
    world.session.exec(select(Message).where(Message.enterprise_id == world.food.id)).first().read_at = None  # type: ignore[union-attr]
    world.session.commit()
    assert world.client(world.manager, world.food).get("/api/me").json()["unread"] == 1
    assert world.client(world.manager).get("/api/me").json()["unread"] == 0
    world.client(world.manager).post("/messages/reading")
    assert world.client(world.manager, world.food).get("/api/me").json()["unread"] == 1


def test_when_the_filer_has_left_everybody_who_acts_is_told(world: World) -> None:
    case = factories.make_case(world.session, world.clerk, enterprise=world.food, service_id="shop", edition="x")
    gone = select(Binding).where(Binding.person_id == world.clerk.id, Binding.enterprise_id == world.food.id)
    world.session.exec(gone).one().ended_at = utcnow()
    world.session.flush()
    from app.cases import applicant
    from app.cases.applicant import Asked

    applicant.withdraw(
        world.session, Party(world.manager.id, world.food.id), case.number, Asked("some-key", "x", None), utcnow()
    )
    kinds = select(Message.person_id).where(Message.case_id == case.id, Message.kind == "case_withdrawn")
    assert set(world.session.exec(kinds)) == {world.manager.id}


def test_two_people_on_one_phone_see_nothing_of_each_other(world: World, shops: dict[str, Edition]) -> None:
    first = world.client(world.manager, world.food, bearer=True)
    number, at = filed(first, shops["shop"]), saved(first, shops["shop"])
    browser = world.client(world.manager, world.food)
    assert browser.get(f"/cases/{number}").status_code == 200
    browser.post("/sign-out")
    token = factories.make_signed_in(world.session, world.clerk)
    world.session.commit()
    browser.cookies.set("linban_session", token, domain="127.0.0.1")
    assert FOOD.name not in browser.get("/me").text.split("现在替谁办")[0]
    assert browser.get(f"/cases/{number}").status_code == 404
    assert browser.get(f"/drafts/{at}/review").status_code == 404
    assert drafts(browser) == []


def test_a_file_is_its_senders_in_the_identity_in_which_they_sent_it(
    world: World, shops: dict[str, Edition], database: Engine
) -> None:
    acting, private = world.client(world.manager, world.food), world.client(world.manager)
    at = saved(acting, shops["shop"], {**ANSWERS, "shop.sign": True, "shop.lit": False})
    sent = {"file": ("sign.jpg", picture(), "image/jpeg")}
    where = {"material": "S-SIGN", "page": "1", "next": "/drafts"}
    assert acting.post(f"/drafts/{at}/documents", data=where, files=sent).status_code == 303
    [document] = acting.get(f"/api/drafts/{at}/documents").json()["documents"]
    one = f"/documents/{document['id']}"
    paths = (f"{one}/pages/1", f"{one}/original", f"/drafts/{at}{one}")
    assert [acting.get(path).status_code for path in paths] == [200, 200, 200]
    assert [private.get(path).status_code for path in paths] == [404, 404, 404]
    assert private.get(f"/api/drafts/{at}/documents").json()["documents"] == []
    assert private.post(f"/drafts/{at}/documents/{document['id']}/removal").status_code == 404
    colleague = world.client(world.clerk, world.food)
    assert [colleague.get(path).status_code for path in paths] == [404, 404, 404]


def test_the_same_file_sent_again_in_another_identity_is_for_that_one(world: World, shops: dict[str, Edition]) -> None:
    acting, private, at = world.client(world.manager, world.food), world.client(world.manager), str(new_id())
    for client in (private, acting):
        sent = {"file": ("sign.jpg", picture(), "image/jpeg")}
        client.post(f"/drafts/{at}/documents", data={"material": "S-SIGN", "page": "1"}, files=sent)
    rows = world.session.exec(select(Document).where(Document.draft_id == UUID(at))).all()
    assert [row.enterprise_id for row in rows] == [world.food.id]
    assert documents.of_draft(world.session, Party(world.manager.id), UUID(at)) == []


def test_a_case_names_its_enterprise_its_filer_and_when_the_register_spoke(world: World, shops: dict[str, Edition]) -> None:
    number = filed(world.client(world.clerk, world.food, bearer=True), shops["shop"])
    case = world.session.exec(select(Case).where(Case.number == number)).one()
    checked = world.session.exec(select(Binding.checked_at).where(Binding.person_id == world.clerk.id)).one()
    assert (case.enterprise_id, case.filer_id, case.agency_at) == (world.food.id, world.clerk.id, checked)


def test_an_enterprise_may_be_named_as_applicant_by_its_id_and_nobody_else(world: World, shops: dict[str, Edition]) -> None:
    client = world.client(world.manager, world.food, bearer=True)
    mine, wrong = (submission(shops["shop"], applicant=str(one.id)) for one in (world.food, world.manager))
    assert client.post(f"/api/drafts/{new_id()}/submission", json=mine).status_code == 201
    assert client.post(f"/api/drafts/{new_id()}/submission", json=wrong).json()["type"] == "/problems/applicant-not-self"


@pytest.mark.parametrize(
    ("service", "as_enterprise", "words"),
    [("works", False, "这件事要代表企业办"), ("opening", True, "这件事是个人办的")],
)
def test_who_files_is_said_before_the_form_and_the_switch_is_offered(
    world: World, shops: dict[str, Edition], service: str, as_enterprise: bool, words: str
) -> None:
    client = world.client(world.manager, world.food if as_enterprise else None)
    assert client.post(f"/services/{service}/drafts").headers["location"] == f"/services/{service}/start"
    page = client.get(f"/services/{service}/start").text
    assert words in page
    chosen = "" if as_enterprise else str(world.machines.id)
    answer = client.post("/me/acting", data={"enterprise": chosen, "back": f"/services/{service}/start"})
    assert words not in client.get(answer.headers["location"]).text
    assert client.post(f"/services/{service}/drafts").headers["location"].startswith(f"/forms/{service}/")


@pytest.mark.parametrize(
    ("service", "as_enterprise", "kind"),
    [("works", False, "filed-for-an-enterprise"), ("opening", True, "filed-by-a-person")],
)
def test_the_wire_refuses_the_wrong_identity_too(
    world: World, shops: dict[str, Edition], service: str, as_enterprise: bool, kind: str
) -> None:
    client = world.client(world.manager, world.food if as_enterprise else None, bearer=True)
    answer = client.put(f"/api/drafts/{new_id()}", json=draft_body(shops[service]))
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{kind}")
    answer = client.post(f"/api/drafts/{new_id()}/submission", json=submission(shops[service]))
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{kind}")


def test_whoever_acts_for_nobody_is_sent_to_ask_the_register(world: World, visit: Visit) -> None:
    token = factories.make_signed_in(world.session, factories.make_person(world.session, factories.MOTHER))
    world.session.commit()
    assert 'href="/me/enterprises"' in visit(token).get("/services/works/start").text


def test_a_page_sent_after_a_switch_is_kept_for_its_identity_and_the_reader_is_told(
    world: World, shops: dict[str, Edition]
) -> None:
    client = world.client(world.manager, world.food)
    client.post("/services/shop/drafts", data={"new": "1"})
    [at] = drafts(client)
    form = f"/forms/shop/{shops['shop'].id}/who?draft={at}"
    ticket = client.get(form).text.split('name="ticket" value="')[1].split('"')[0]
    client.post("/me/acting", data={"enterprise": ""})
    answer = client.post(form, data={"ticket": ticket, "own.name": "周雅琴", "own.nick": "新店名", "action": "next"})
    assert answer.status_code == 409
    assert "您刚填的都替您留着" in answer.text
    client.post("/me/acting", data={"enterprise": str(world.food.id)})
    assert 'value="新店名"' in client.get(form).text


def test_a_submission_asks_the_register_again_after_a_day(world: World, shops: dict[str, Edition], sandbox: str) -> None:
    client = world.client(world.clerk, world.food, bearer=True)
    row = world.session.exec(select(Binding).where(Binding.person_id == world.clerk.id)).one()
    row.checked_at = utcnow() - timedelta(hours=30)
    world.session.commit()
    body = {"credit_code": FOOD.credit_code, "id_number": SHEN, "role": ""}
    httpx.post(f"{sandbox}/sandbox/enterprises/agents", json=body, trust_env=False).raise_for_status()
    at = saved(client, shops["shop"])
    answer = client.post(f"/api/drafts/{at}/submission", json=submission(shops["shop"]))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-agent")
    assert world.session.exec(select(Case)).all() == []
    assert client.get(f"/api/drafts/{at}").status_code == 404


def test_with_the_register_silent_a_word_of_a_week_holds_and_the_receipt_says_so(
    world: World, shops: dict[str, Edition], sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.outside import clients

    monkeypatch.setattr(clients.line(), "wait", lambda seconds: None)
    row = world.session.exec(select(Binding).where(Binding.person_id == world.clerk.id)).one()
    row.checked_at = utcnow() - timedelta(days=3)
    world.session.commit()
    client = world.client(world.clerk, world.food)
    httpx.post(f"{sandbox}/sandbox/faults", json={"system": "enterprises", "kind": "fail", "times": 3}, trust_env=False)
    number = filed(client, shops["shop"])
    assert "提交时登记机关问不到" in client.get(f"/receipts/{number}").text
    row.checked_at = utcnow() - timedelta(days=8)
    world.session.commit()
    httpx.post(f"{sandbox}/sandbox/faults", json={"system": "enterprises", "kind": "fail", "times": 3}, trust_env=False)
    at = saved(client, shops["shop"])
    answer = client.post(f"/api/drafts/{at}/submission", json=submission(shops["shop"]))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/agency-unchecked")
    assert drafts(client) == [at], "the draft is kept"


def test_the_sql_of_drafts_and_receipts_knows_no_third_way(world: World, session: Session) -> None:
    draft = factories.make_draft(session, world.manager, enterprise=world.food, service_id="shop", edition="x")
    for party in (Party(world.manager.id), Party(world.manager.id, world.machines.id), Party(world.clerk.id, world.food.id)):
        with pytest.raises(NotFound):
            queries.own_draft(session, party, draft.id)
        assert queries.taken(session, party, draft.id)
    mine = Party(world.manager.id, world.food.id)
    assert queries.own_draft(session, mine, draft.id).id == draft.id
    assert not queries.taken(session, mine, draft.id)

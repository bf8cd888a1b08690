"""Enterprises and who may act for them: asking the register, switching, ageing of its word, bindings that end."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts import enterprises, enterprises_asked
from app.accounts.models import Binding, Budget, Enterprise, Person, SessionRow
from app.core.clock import utcnow
from app.core.errors import NotFound, Outage
from app.outside.enterprises import Represented
from app.sandbox.enterprises import FOOD, MACHINES, SHEN, TEA, YAQIN
from app.sandbox.people import FATHER, MOTHER, Known
from tests.conftest import Visit
from tests.factories import make_case, make_draft, make_enterprise, make_person, make_phone, make_signed_in

MANAGER = Known("周雅琴", YAQIN, "13800006024")
CLERK = Known("沈伟", SHEN, "13800006025")


def appoint(sandbox: str, credit_code: str, id_number: str, role: str) -> None:
    body = {"credit_code": credit_code, "id_number": id_number, "role": role}
    httpx.post(f"{sandbox}/sandbox/enterprises/agents", json=body, trust_env=False).raise_for_status()


def fault(sandbox: str, kind: str, times: int = 9) -> None:
    body = {"system": "enterprises", "kind": kind, "times": times}
    httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).raise_for_status()


def aged(session: Session, person: Person, **ago: int) -> datetime:
    """Let the register's word about a person be so old."""
    at = utcnow() - timedelta(**ago)
    for row in session.exec(select(Binding).where(Binding.person_id == person.id)):
        row.checked_at = at
    session.commit()
    return at


def acting_of(client: httpx.Client) -> str | None:
    found: str | None = client.get("/api/me").json()["acting"]
    return found


def test_asking_the_register_lists_what_it_says(session: Session, visit: Visit, sandbox: str) -> None:
    token = make_signed_in(session, make_person(session, MANAGER))
    session.commit()
    client = visit(token)
    assert "还没有查过企业" in client.get("/me/enterprises").text
    answer = client.post("/me/enterprises")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/enterprises?said=asked")
    page = client.get(answer.headers["location"]).text
    assert FOOD.name in page
    assert MACHINES.name in page
    assert TEA.name not in page
    assert "法定代表人" in page


def test_whoever_acts_for_nobody_is_told_how_to_become_an_agent(session: Session, visit: Visit, sandbox: str) -> None:
    token = make_signed_in(session, make_person(session, Known("刘芳", "341203199501300264", "13800006026")))
    session.commit()
    client = visit(token)
    client.post("/me/enterprises")
    assert "没有您能代表的企业" in client.get("/me/enterprises?said=asked").text
    assert "切" not in client.get("/").text


@pytest.mark.parametrize("kind", ["fail", "twice", "timeout", "lie"])
def test_a_register_that_does_not_answer_rightly_changes_nothing_and_is_said(
    session: Session, visit: Visit, sandbox: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.outside import clients

    monkeypatch.setattr(clients.line(), "wait", lambda seconds: None)
    monkeypatch.setattr(clients.line().client, "timeout", httpx.Timeout(0.2))
    person = make_person(session, MANAGER)
    make_enterprise(session, person)
    token = make_signed_in(session, person)
    session.commit()
    fault(sandbox, kind)
    answer = visit(token).post("/me/enterprises")
    assert answer.status_code == 503
    assert "对方系统现在没有回应" in answer.text
    assert FOOD.name in answer.text, "what was known is still there"


def test_an_answer_with_an_unknown_role_ends_no_binding(session: Session) -> None:
    person = make_person(session, MANAGER)
    make_enterprise(session, person)
    with pytest.raises(Outage):
        enterprises.note(session, person.id, [Represented(FOOD.credit_code, FOOD.name, "limited", "x", "king")], utcnow())
    assert len(enterprises.bound(session, person.id)) == 1


def test_a_changed_name_and_role_are_taken_over(session: Session) -> None:
    person = make_person(session, MANAGER)
    make_enterprise(session, person)
    enterprises.note(
        session, person.id, [Represented(FOOD.credit_code, "苏州莲桥食品集团", "limited", "周雅琴", "agent")], utcnow()
    )
    [row] = enterprises.bound(session, person.id)
    assert (row.name, row.role) == ("苏州莲桥食品集团", "agent")


def test_switching_to_an_enterprise_and_back(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    session.commit()
    client = visit(token)
    assert "为自己办" in client.get("/").text
    answer = client.post("/me/acting", data={"enterprise": str(enterprise.id), "back": "/cases"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert acting_of(client) == str(enterprise.id)
    for path in ("/", "/cases", "/messages", "/me", "/drafts", "/services", "/me/enterprises", "/me/devices"):
        assert FOOD.name in client.get(path).text, path
    client.post("/me/acting", data={"enterprise": ""})
    assert acting_of(client) is None
    assert FOOD.name not in client.get("/cases").text


def test_the_switch_is_of_this_session_alone(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    here, there = make_signed_in(session, person), make_signed_in(session, person)
    session.commit()
    visit(here).post("/me/acting", data={"enterprise": str(enterprise.id)})
    assert acting_of(visit(there)) is None


def test_a_way_back_to_another_site_leads_home(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    session.commit()
    answer = visit(token).post("/me/acting", data={"enterprise": str(enterprise.id), "back": "//evil.example"})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("choice", ["01936f2e-7a00-7000-8000-000000000001", "of-a-stranger"])
def test_an_enterprise_of_which_i_am_no_agent_is_not_there(session: Session, visit: Visit, choice: str) -> None:
    enterprise = make_enterprise(session, make_person(session, MANAGER))
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    client = visit(token)
    answer = client.post("/me/acting", data={"enterprise": str(enterprise.id) if choice == "of-a-stranger" else choice})
    assert answer.status_code == 404
    assert acting_of(client) is None


def test_what_is_no_id_is_refused_and_a_phone_without_a_person_is_sent_to_the_check(session: Session, visit: Visit) -> None:
    token, phone = make_signed_in(session, make_person(session)), make_signed_in(session, make_phone(session))
    session.commit()
    assert visit(token).post("/me/acting", data={"enterprise": "x"}).status_code == 422
    assert visit().post("/me/acting", data={"enterprise": ""}).headers["location"].startswith("/sign-in")
    assert visit(phone).post("/me/acting", data={"enterprise": ""}).headers["location"].startswith("/real-name")


def test_a_fresh_word_is_not_asked_for_again(session: Session, database: Engine) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    session.commit()
    found = enterprises_asked.standing(person.id, enterprise.id)  # no register is there to be asked
    assert (found.bound.name, found.silent) == (FOOD.name, False)


def test_a_word_older_than_a_day_is_asked_for_again_at_the_switch(session: Session, visit: Visit, sandbox: str) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    before = aged(session, person, hours=25)
    assert visit(token).post("/me/acting", data={"enterprise": str(enterprise.id)}).headers["location"] == "/"
    row = session.exec(select(Binding).where(Binding.enterprise_id == enterprise.id)).one()
    session.refresh(row)
    assert row.checked_at > before


def test_when_the_register_says_no_the_switch_is_refused_and_the_binding_ends(
    session: Session, visit: Visit, sandbox: str
) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    aged(session, person, hours=25)
    appoint(sandbox, FOOD.credit_code, YAQIN, "")
    client = visit(token)
    answer = client.post("/me/acting", data={"enterprise": str(enterprise.id)})
    assert answer.status_code == 403
    assert "您现在不能代表“苏州莲桥食品有限公司”办事了" in answer.text
    assert "不再代表的" in answer.text
    assert acting_of(client) is None
    assert client.post("/me/acting", data={"enterprise": str(enterprise.id)}).status_code == 404


def test_a_silent_register_lets_a_word_of_six_days_hold_and_says_so(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    aged(session, person, days=6)
    client = visit(token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.accounts.enterprises_asked.ask", _silent)
        answer = client.post("/me/acting", data={"enterprise": str(enterprise.id)})
    assert answer.headers["location"] == "/me/enterprises?said=silent"
    assert "登记机关现在问不到" in client.get("/me/enterprises?said=silent").text
    assert acting_of(client) == str(enterprise.id)


def test_a_silent_register_and_a_word_of_eight_days_are_refused_with_words(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person)
    aged(session, person, days=8)
    client = visit(token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.accounts.enterprises_asked.ask", _silent)
        answer = client.post("/me/acting", data={"enterprise": str(enterprise.id)})
    assert answer.status_code == 503
    assert "没法核对您能不能代表“苏州莲桥食品有限公司”" in answer.text
    assert acting_of(client) is None


def _silent(_person_id: object) -> None:
    raise Outage


def test_an_ended_binding_shuts_every_door_at_the_next_request_on_every_device(session: Session, visit: Visit) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    case, draft = make_case(session, person, enterprise=enterprise), make_draft(session, person, enterprise=enterprise)
    devices = [make_signed_in(session, person, acting=enterprise) for _ in range(2)]
    bearer = make_signed_in(session, person, acting=enterprise, bearer=True)
    session.commit()
    clients = [*map(visit, devices), visit(bearer, bearer=True)]
    pages = (f"/cases/{case.number}", f"/receipts/{case.number}", f"/drafts/{draft.id}/outlook", f"/drafts/{draft.id}/review")
    wires = (f"/api/cases/{case.number}", f"/api/drafts/{draft.id}")
    assert clients[0].get(pages[0]).status_code == 200
    enterprises.note(session, person.id, [], utcnow())
    session.commit()
    for client in clients:
        assert [path for path in (*pages, *wires) if client.get(path).status_code != 404] == []
        assert client.get("/api/me").json()["acting"] is None
        assert client.get("/api/cases").json()["cases"] == []
        assert client.get("/api/drafts").json()["drafts"] == []


def test_even_a_session_that_still_names_an_enterprise_acts_for_nobody_without_a_live_binding(
    session: Session, visit: Visit
) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person, acting=enterprise)
    session.exec(select(Binding).where(Binding.person_id == person.id)).one().ended_at = utcnow()
    session.commit()
    assert session.exec(select(SessionRow.acting_for).where(SessionRow.person_id == person.id)).one() == enterprise.id
    assert acting_of(visit(token)) is None


def test_a_binding_that_comes_back_opens_the_doors_again(session: Session) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    told = Represented(FOOD.credit_code, FOOD.name, "limited", "周雅琴", "agent")
    enterprises.note(session, person.id, [], utcnow())
    with pytest.raises(NotFound):
        enterprises.one_bound(session, person.id, enterprise.id)
    enterprises.note(session, person.id, [told], utcnow())
    assert enterprises.one_bound(session, person.id, enterprise.id).ended_at is None


def test_two_colleagues_asking_at_once_make_one_enterprise(session: Session, visit: Visit, sandbox: str) -> None:
    tokens = [make_signed_in(session, make_person(session, known)) for known in (MANAGER, CLERK)]
    session.commit()
    for token in tokens:
        visit(token).post("/me/enterprises")
    names = session.exec(select(Enterprise.name).where(Enterprise.credit_code == FOOD.credit_code)).all()
    assert names == [FOOD.name]


def test_the_worker_asks_again_about_whoever_acts_and_ends_what_the_register_has_ended(
    session: Session, visit: Visit, sandbox: str
) -> None:
    manager, clerk = make_person(session, MANAGER), make_person(session, CLERK)
    enterprise = make_enterprise(session, manager, clerk)
    token = make_signed_in(session, clerk, acting=enterprise)
    make_signed_in(session, manager)
    aged(session, clerk, hours=30)
    appoint(sandbox, FOOD.credit_code, SHEN, "")
    assert enterprises_asked.ask_again(utcnow()) == 1
    assert acting_of(visit(token)) is None
    assert enterprises_asked.ask_again(utcnow()) == 0


def test_the_workers_asking_takes_nothing_of_what_a_person_may_ask(session: Session, database: Engine) -> None:
    person = make_person(session, MANAGER)
    enterprise = make_enterprise(session, person)
    make_signed_in(session, person, acting=enterprise)
    aged(session, person, hours=30)
    assert enterprises_asked.ask_again(utcnow()) == 0  # no register is there
    assert session.exec(select(Budget)).all() == []


def test_the_wire_asks_and_switches_too(session: Session, visit: Visit, sandbox: str) -> None:
    token = make_signed_in(session, make_person(session, CLERK), bearer=True)
    session.commit()
    api = visit(token, bearer=True)
    told = api.post("/api/me/enterprises").json()["enterprises"]
    assert [(one["name"], one["role"]) for one in told] == [(FOOD.name, "agent"), (MACHINES.name, "representative")]
    answer = api.put("/api/me/acting", json={"enterprise": told[0]["id"]}).json()
    assert (answer["acting"], answer["silent"]) == (told[0]["id"], False)
    assert api.get("/api/me").json()["acting"] == told[0]["id"]
    assert api.put("/api/me/acting", json={"enterprise": None}).json()["acting"] is None
    assert api.put("/api/me/acting", json={"enterprise": "01936f2e-7a00-7000-8000-000000000001"}).status_code == 404


def test_fathers_closed_company_is_not_offered(session: Session, visit: Visit, sandbox: str) -> None:
    token = make_signed_in(session, make_person(session, FATHER), bearer=True)
    session.commit()
    assert visit(token, bearer=True).post("/api/me/enterprises").json()["enterprises"] == []

"""The identity switch in the home head and in 我的; what each identity's home shows, and what waits unread in the others."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts import enterprises
from app.accounts.models import Person
from app.cases.models import CaseItem
from app.core.clock import utcnow
from app.documents import service as documents
from app.messages.models import Message
from app.outside.enterprises import Represented
from app.sandbox.enterprises import MACHINES
from tests.architecture.test_queries import queries
from tests.conftest import Visit
from tests.factories import make_case, make_draft, make_enterprise, make_person, make_signed_in
from tests.newborn import picture


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session)


def test_who_acts_for_nobody_sees_no_switch(session: Session, person: Person, visit: Visit) -> None:
    token = make_signed_in(session, person)
    session.commit()
    page = visit(token).get("/").text
    assert "/me/acting" not in page
    assert "为自己办" not in page
    assert "现在替谁办" not in visit(token).get("/me").text
    assert "开公司、开店的，查一查就能代表企业办" in visit(token).get("/me").text


def test_the_switch_in_my_page_names_each_and_marks_the_one_in_force(session: Session, person: Person, visit: Visit) -> None:
    food, machines = make_enterprise(session, person), make_enterprise(session, person, known=MACHINES)
    token = make_signed_in(session, person, acting=machines)
    session.commit()
    page = visit(token).get("/me").text
    assert f'<button name="enterprise" value="{machines.id}" aria-pressed="true">' in page
    assert f'<button name="enterprise" value="{food.id}" aria-pressed="false">' in page
    assert '<button name="enterprise" value="" aria-pressed="false">' in page


def test_an_enterprises_home_shows_its_case_its_doors_and_the_way_back(session: Session, person: Person, visit: Visit) -> None:
    food = make_enterprise(session, person)
    theirs, own = make_case(session, person, enterprise=food), make_case(session, person)
    make_draft(session, person, enterprise=food)
    acting, private = make_signed_in(session, person, acting=food), make_signed_in(session, person)
    session.commit()
    page = visit(acting).get("/").text
    assert f"/cases/{theirs.number}" in page
    assert own.number not in page
    assert "换回个人" in page
    assert "/services/events/operating" in page
    assert "/services/events/birth" not in page
    assert "1 份没交" in visit(acting).get("/me").text
    home = visit(private).get("/").text
    assert f"/cases/{own.number}" in home
    assert theirs.number not in home
    assert "没有没交的" in visit(private).get("/me").text


def test_what_waits_unread_in_another_identity_is_told_in_this_one(session: Session, person: Person, visit: Visit) -> None:
    food = make_enterprise(session, person)
    make_case(session, person, enterprise=food)
    for message in session.exec(select(Message).where(Message.enterprise_id == food.id)):
        message.read_at = None
    tokens = make_signed_in(session, person), make_signed_in(session, person, acting=food)
    session.commit()
    assert "另有 1 条未读" in visit(tokens[0]).get("/").text
    assert "另有" not in visit(tokens[1]).get("/").text
    assert "1 条未读" in visit(tokens[0]).get("/me/enterprises").text


def test_messages_of_an_enterprise_that_i_left_wait_nowhere(session: Session, person: Person, visit: Visit) -> None:
    food = make_enterprise(session, person)
    make_enterprise(session, person, known=MACHINES)
    make_case(session, person, enterprise=food)
    for message in session.exec(select(Message)):
        message.read_at = None
    enterprises.note(session, person.id, [Represented(*MACHINES[:4], "agent")], utcnow())
    token = make_signed_in(session, person)
    session.commit()
    assert "另有" not in visit(token).get("/").text


@pytest.mark.parametrize(("path", "most"), [("/", 3), ("/cases", 3), ("/messages", 4), ("/me", 3), ("/me/enterprises", 3)])
def test_pages_cost_few_queries_in_every_identity(
    session: Session, person: Person, visit: Visit, database: Engine, path: str, most: int
) -> None:
    food = make_enterprise(session, person)
    make_enterprise(session, person, known=MACHINES)
    for _ in range(3):
        make_case(session, person, enterprise=food)
        make_case(session, person)
    tokens = make_signed_in(session, person), make_signed_in(session, person, acting=food)
    session.commit()
    for token in tokens:
        assert len(queries(database, visit(token), path)) <= most


def test_a_result_of_an_enterprises_case_is_for_all_who_act_for_it_and_for_nobody_else(session: Session, visit: Visit) -> None:
    manager, clerk = make_person(session), make_person(session)
    food = make_enterprise(session, manager, clerk)
    case = make_case(session, manager, enterprise=food)
    item = session.exec(select(CaseItem).where(CaseItem.case_id == case.id)).first()
    assert item is not None
    kept = documents.store_result(session, manager.id, case.id, item.id, "证.jpg", picture(), utcnow(), food.id)
    item.result_document_id = kept
    tokens = [make_signed_in(session, clerk, acting=food), make_signed_in(session, manager), make_signed_in(session, clerk)]
    session.commit()
    colleague, *others = [visit(token) for token in tokens]
    at = f"/cases/{case.number}/documents/{kept}/original"
    assert colleague.get(at).status_code == 200
    assert [client.get(path).status_code for client in others for path in (at, f"/documents/{kept}/original")] == [404] * 4

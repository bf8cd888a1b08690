"""What was answered the last time is proposed with the case it stood in; never another's, never the other identity's."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.models import Enterprise, Person
from app.accounts.parties import Party
from app.catalogue.definition import Edition
from app.core.clock import local, utcnow
from app.core.ids import new_id
from app.filing import earlier, prefill
from app.sandbox.enterprises import MACHINES
from tests import factories
from tests.architecture.test_queries import counted
from tests.conftest import Visit

from .shops import SHOP, in_force

SHOPS = [factories.NEWBORN[0]]


@pytest.fixture
def shop(session: Session, server: str, tmp_path: Path) -> Any:
    folder = tmp_path / "definitions"
    folder.mkdir()
    with in_force(folder, session, SHOP) as found:
        yield found["shop"]


def make(
    session: Session, who: Person, nick: str, *, ago: int = 1, enterprise: Enterprise | None = None, filer: Person | None = None
) -> datetime:
    at = utcnow() - timedelta(days=ago)
    factories.make_case(
        session, who, items=SHOPS, answers={"own.nick": nick}, service_id="shop", edition="x", enterprise=enterprise,
        filer=filer, now=at,
    )  # fmt: skip
    return at


def offered(session: Session, party: Party, shop: Edition) -> tuple[Any, str] | None:
    known = prefill.known(session, party, new_id(), shop)
    found = prefill.offered(shop.service.form, {}, known, utcnow()).get("own.nick")
    return (found.value, found.source) if found else None


def test_the_newest_case_that_answered_the_question_is_taken(session: Session, shop: Edition) -> None:
    person = factories.make_person(session)
    make(session, person, "旧店", ago=9)
    at = make(session, person, "新店", ago=2)
    factories.make_case(session, person, items=SHOPS, answers={"own.name": "别的"}, service_id="shop", edition="x")
    source = f"earlier:shop:{local(at).date().isoformat()}"
    assert offered(session, Party(person.id), shop) == ("新店", source)


def test_who_has_filed_nothing_is_offered_nothing(session: Session, shop: Edition) -> None:
    make(session, factories.make_person(session), "别人的店")
    assert offered(session, Party(factories.make_person(session).id), shop) is None


def test_what_i_filed_for_my_family_is_no_source_for_me_nor_for_them(session: Session, shop: Edition) -> None:
    me, grandfather = factories.make_person(session), factories.make_person(session, factories.GRANDFATHER)
    make(session, grandfather, "外公的店", filer=me)
    assert offered(session, Party(me.id), shop) is None
    assert offered(session, Party(grandfather.id), shop) is None


def test_a_person_and_their_enterprises_are_no_source_for_each_other(session: Session, shop: Edition) -> None:
    person = factories.make_person(session)
    food = factories.make_enterprise(session, person)
    machines = factories.make_enterprise(session, person, known=MACHINES)
    make(session, person, "私人的", ago=1)
    make(session, person, "企业的", ago=2, enterprise=food)
    assert (offered(session, Party(person.id), shop) or ("",))[0] == "私人的"
    assert (offered(session, Party(person.id, food.id), shop) or ("",))[0] == "企业的"
    assert offered(session, Party(person.id, machines.id), shop) is None


def test_a_colleagues_words_are_not_shown_to_another_agent(session: Session, shop: Edition) -> None:
    manager, clerk = factories.make_person(session), factories.make_person(session)
    food = factories.make_enterprise(session, manager, clerk)
    make(session, manager, "经理写的", enterprise=food)
    assert offered(session, Party(clerk.id, food.id), shop) is None


def test_older_than_the_five_newest_is_forgotten_and_it_costs_one_query(
    session: Session, shop: Edition, database: Engine
) -> None:
    person = factories.make_person(session)
    make(session, person, "很久以前", ago=400)
    for ago in range(1, 6):
        factories.make_case(
            session, person, items=SHOPS, answers={}, service_id="shop", edition="x", now=utcnow() - timedelta(days=ago)
        )
    session.commit()
    with counted(database) as asked:
        assert earlier.answers(session, Party(person.id), ["own.nick"]) == {}
    assert len([text for text in asked if "case_revision" in text]) == 1 == len(asked)


def test_the_form_says_from_which_matter_and_day_in_both_languages(session: Session, shop: Edition, visit: Visit) -> None:
    person = factories.make_person(session)
    at = local(make(session, person, "莲桥", ago=2))
    draft = factories.make_draft(session, person, service_id="shop", edition=shop.id)
    token = factories.make_signed_in(session, person)
    session.commit()
    page = f"/forms/shop/{shop.id}/who?draft={draft.id}"
    client = visit(token)
    shown = client.get(page).text
    assert f"上次办开小店时填的（{at.month}月{at.day}日）" in shown
    assert 'value="莲桥"' in shown
    assert "As you gave it for “A small shop”" in visit(token, **{"Accept-Language": "en"}).get(page).text
    client.post(page, data={"own.name": "周雅琴", "own.nick": "莲桥", "action": "next"})
    assert "上次办开小店时填的" in client.get(f"/drafts/{draft.id}/review").text
    client.post(page, data={"own.name": "周雅琴", "own.nick": "改了", "action": "next"})
    assert "上次办开小店时填的" not in client.get(f"/drafts/{draft.id}/review").text


def test_a_matter_that_is_gone_from_the_catalogue_is_not_named(server: str) -> None:
    assert earlier.words("earlier:gone:2026-03-18").zh == "上次办事时填的（3月18日）"


def test_what_the_register_said_of_the_enterprise_fills_its_name(session: Session, shop: Edition) -> None:
    person = factories.make_person(session)
    food = factories.make_enterprise(session, person)
    for party, expected in ((Party(person.id), None), (Party(person.id, food.id), food.name)):
        known = prefill.known(session, party, new_id(), shop)
        found = prefill.offered(shop.service.form, {}, known, utcnow()).get("ent.name")
        assert (found.value if found else None) == expected

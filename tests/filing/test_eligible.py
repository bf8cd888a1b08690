"""Whoever may not file is told why on the way to the form, with what to do instead; they do not begin, whatever they post."""

from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.catalogue import editions
from app.catalogue.definition import ServiceKind
from app.core.clock import utcnow
from app.core.ids import new_id
from app.filing import eligible, filers
from app.filing.models import Draft
from app.sandbox.people import Known
from tests import services
from tests.conftest import Visit
from tests.factories import GRANDFATHER, MOTHER, current_edition, make_enterprise, make_person, make_signed_in
from tests.look import walk

from .conftest import SignIn, submission_body


def why(service: str) -> str:
    """The first refusal of a service, in Chinese."""
    return editions.current(service).service.requirements[0].say.zh


def test_somebody_too_young_is_told_why_and_what_to_do_instead(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    page = visit(token).get("/services/elder/start")
    assert page.status_code == 200
    assert why("elder") in page.text
    assert 'href="tel:12345"' in page.text
    assert "便民服务中心" in page.text
    assert "/services/elder/drafts" not in page.text


def test_they_cannot_begin_by_posting_either(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    answer = visit(token).post("/services/elder/drafts", data={"new": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/services/elder/start")
    assert session.exec(select(Draft)).all() == []


@pytest.mark.parametrize("known", [MOTHER, GRANDFATHER])
def test_they_cannot_submit_over_the_api_either_and_the_answer_says_why(sign_in: SignIn, known: Known) -> None:
    body = submission_body(current_edition("elder"), services.answers("elder")) | {"service": "elder"}
    answer = sign_in(known).api.post(f"/api/drafts/{new_id()}/submission", json=body)
    if known is MOTHER:
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-eligible")
        assert why("elder") in answer.json()["title"]
    else:  # old enough: what is wanting now are pictures
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/answers-wrong")


def test_whoever_meets_the_requirements_begins(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, GRANDFATHER))
    session.commit()
    assert why("elder") not in visit(token).get("/services/elder/start").text
    assert "/start" not in visit(token).post("/services/elder/drafts").headers["location"]


def test_every_unmet_requirement_is_said_and_only_those(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, GRANDFATHER))
    session.commit()
    page = visit(token).get("/services/flexible-work/start").text
    young, old = (requirement.say.zh for requirement in editions.current("flexible-work").service.requirements)
    assert old in page
    assert young not in page


def test_acting_for_an_enterprise_is_no_requirement_of_age_unmet(session: Session, visit: Visit) -> None:
    person = make_person(session, MOTHER)
    enterprise = make_enterprise(session, person)
    token = make_signed_in(session, person, acting=enterprise)
    session.commit()
    page = visit(token).get("/services/restaurant/start").text
    assert "现在还不能在网上办" not in page


def test_the_start_promises_only_what_the_form_fills_in(session: Session, visit: Visit) -> None:
    person = make_person(session, MOTHER)
    acting, private = make_signed_in(session, person, acting=make_enterprise(session, person)), make_signed_in(session, person)
    session.commit()
    board = visit(acting).get("/services/outdoor-advertising/start").text
    assert "企业名称、统一社会信用代码" in board
    assert "姓名、身份证号、手机号" not in board
    newborn = visit(private).get("/services/newborn/start").text
    assert "姓名、身份证号、手机号" in newborn
    assert "来自企业登记" not in newborn
    assert "出生医学证明<small>" in newborn.replace("\n", "")  # made within the case, asked of nobody
    assert "一并办出" in newborn


@pytest.mark.parametrize(("known", "refused"), [(MOTHER, "elder"), (MOTHER, "retirement"), (GRANDFATHER, "flexible-work")])
def test_what_is_offered_instead_may_be_filed_and_one_things_stand_first(session: Session, known: Known, refused: str) -> None:
    party, now, edition = Party(make_person(session, known).id), utcnow(), editions.current(refused)
    found = eligible.others(session, party, edition, now)
    assert found
    for one in found:
        assert set(one.service.events) & set(edition.service.events)
        assert filers.may_file(one.service, party)
        assert not eligible.refusals(session, party, editions.current(one.service.id), now)
    single = [one.service.kind is not ServiceKind.ONE_THING for one in found]
    assert single == sorted(single)


def test_among_services_of_one_event_those_of_the_same_departments_are_offered(session: Session) -> None:
    party = Party(make_person(session, GRANDFATHER).id)
    found = [one.service.id for one in eligible.others(session, party, editions.current("flexible-work"), utcnow())]
    assert "no-crime" not in found
    assert found[0] in ("pension-transfer", "contribution-proof", "sscard")


def test_it_is_said_in_english_too(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    client = visit(token)
    client.cookies.set("lang", "en", domain="127.0.0.1")
    page = client.get("/services/elder/start")
    assert "You cannot file this online at present" in page.text
    assert editions.current("elder").service.requirements[0].say.en in page.text


@pytest.mark.parametrize("look", [{}, {"mode": "care"}, {"theme": "dark", "lang": "en", "text": "5"}], ids=str)
def test_the_page_is_readable_in_every_look(phone: Any, server: str, session: Session, look: dict[str, str]) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    walk.sign_in(phone, server, token)
    walk.wear(phone, server, look)
    phone.goto(f"{server}/services/elder/start")
    assert phone.get_by_role("heading", level=2).first.is_visible()
    assert walk.complaints(phone, 60 if look.get("mode") == "care" else 48) == []

"""An enterprise's case at the desk: the enterprise beside its filer, found by code and name, with the register's word."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.cases.models import Case
from app.core.clock import utcnow
from app.sandbox.enterprises import FOOD
from tests import factories

from .conftest import Seat


@pytest.fixture
def filed(session: Session) -> Case:
    """莲桥食品's case, filed by 王晓兰."""
    filer = factories.make_person(session, factories.MOTHER)
    case = factories.make_case(session, filer, enterprise=factories.make_enterprise(session, filer))
    case.agency_at = utcnow() - timedelta(hours=2)
    session.commit()
    return case


def test_the_queue_names_the_enterprise_and_not_who_filed(filed: Case, seat: Seat) -> None:
    page = seat("health1").client.get("/desk").text
    assert FOOD.name in page
    assert "王**" not in page


def test_the_review_names_both_with_the_code_and_when_the_register_spoke(filed: Case, seat: Seat) -> None:
    page = seat("health1").client.get(f"/desk/items/{filed.number}/health.birth_cert").text
    for words in (FOOD.name, FOOD.credit_code, "经办人 王**", "经办人资格", "登记机关"):
        assert words in page, words


@pytest.mark.parametrize("text", [FOOD.credit_code, FOOD.credit_code.lower(), FOOD.name, "王晓兰"])
def test_it_is_found_by_credit_code_by_name_and_by_who_filed(filed: Case, seat: Seat, text: str) -> None:
    assert FOOD.name in seat("health1").client.post("/desk/search", data={"q": text}).text


def test_another_credit_code_finds_nothing(filed: Case, seat: Seat) -> None:
    assert "没有找到" in seat("health1").client.post("/desk/search", data={"q": "91320507MA1TEKT00L"}).text


def test_a_persons_case_says_nothing_of_enterprises(session: Session, seat: Seat) -> None:
    case = factories.make_case(session, factories.make_person(session, factories.MOTHER))
    session.commit()
    page = seat("health1").client.get(f"/desk/items/{case.number}/health.birth_cert").text
    assert "经办人资格" not in page

"""The review: only this item's questions and documents, facts, other departments' states; every look is recorded first."""

import re

import pytest
from sqlmodel import Session, select

from app.accounts.models import Look
from app.cases.models import Case
from app.core import db
from app.filing.models import Lookup
from tests import factories
from tests.conftest import Visit

from .conftest import BENEFIT, ENROL, Seat, address


def looks() -> list[tuple[str, str | None]]:
    with db.reading() as session:
        return [(look.what, look.case_number) for look in session.exec(select(Look).order_by(Look.at, Look.id))]


def test_it_shows_this_items_answers_and_documents_and_no_others(case: Case, seat: Seat) -> None:
    text = seat("msb1").client.get(address(case)).text
    assert "怎么生的" in text
    assert "陈安宁" in text
    assert "户主姓名" not in text
    assert "孩子的民族" not in text
    assert re.findall(r'data-target="(m:[^"]+)"', text) == ["m:P01-bill:1", "m:M-BANK:1"]
    assert "居民身份证" in text
    birth = seat("psb1").client.get(address(case, "psb.birth_reg")).text
    assert "户主姓名" in birth
    assert "怎么生的" not in birth
    assert re.findall(r'data-target="(m:[^"]+)"', birth) == ["m:M-HK:1"]


def test_it_says_what_the_system_knows(case: Case, seat: Seat) -> None:
    text = seat("msb1").client.get(address(case)).text
    for words in ("身份登记库核对过", "个都对", "申请人本人的号", "条，前后相接"):
        assert words in text
    assert "卫健" in text
    assert "公安" in text


def block(text: str, material: str, kind: str = "fetched") -> str:
    """What a register said of a material."""
    found = re.search(rf'data-{kind}="{material}">(.*?)</dl>', text, re.DOTALL)
    return re.sub(r"<[^>]*>", " ", found[1]) if found else ""


def test_what_a_register_answered_is_shown_as_far_as_it_stands_for_the_departments_paper(case: Case, seat: Seat) -> None:
    police = seat("psb1").client.get(address(case, "psb.birth_reg")).text
    assert "户主" in block(police, "M-HK")
    assert "陈志远" in block(police, "M-MC")
    assert "记录时间" in block(police, "M-ID")
    assert "份，申请人同意后查的" in police
    insurance = seat("msb1").client.get(address(case)).text
    assert "住址" in block(insurance, "M-ID")
    assert "户主" not in block(insurance, "M-ID")
    assert (block(insurance, "M-MC"), block(insurance, "M-HK")) == ("", "")
    assert "渭塘珠宝" not in insurance


def test_a_paper_that_a_register_answered_with_can_still_be_asked_for(case: Case, seat: Seat) -> None:
    client = seat("psb1").client
    asked = re.findall(r'name="target" value="(m:[^"]+)"', client.get(address(case, "psb.birth_reg")).text)
    assert {"m:M-MC:1", "m:M-ID:1", "m:M-ID:2"} <= set(asked)
    body = {"decision": "correction", "target": "m:M-MC:1", "words": "请拍结婚证", "days": "5", "version": "2", "then": "go"}
    assert client.post(f"{address(case, 'psb.birth_reg')}/decision", data=body).status_code == 303
    text = client.get(address(case, "psb.birth_reg")).text
    assert "请拍结婚证" in text


def test_what_the_applicant_says_does_not_fit_is_said_and_the_paper_is_missed(session: Session, case: Case, seat: Seat) -> None:
    [look] = session.exec(select(Lookup).where(Lookup.held_by == "marriage"))
    look.disputed_at, look.dispute = look.asked_at, "我们去年离婚了"
    session.add(look)
    session.commit()
    text = seat("psb1").client.get(address(case, "psb.birth_reg")).text
    said = block(text, "M-MC", "disputed")
    assert "我们去年离婚了" in said
    assert "陈志远" in said
    assert block(text, "M-MC") == ""
    assert "申请人说对不上" in text
    assert "没有交" in text


def test_another_department_another_jurisdiction_and_a_resident_find_nothing(
    session: Session, case: Case, seat: Seat, visit: Visit
) -> None:
    mother = factories.make_signed_in(session, session.get_one(factories.Person, case.applicant_id))
    session.commit()
    for client in (seat("psb1").client, seat("msb2", jurisdiction="320508").client):
        for method, path in (("GET", ""), ("POST", "/claim"), ("POST", "/release"), ("POST", "/decision"), ("POST", "/result")):
            answer = client.request(method, address(case) + path, data={"decision": "accept", "version": "2"})
            assert answer.status_code == 404, path
            assert factories.MOTHER.name not in answer.text
    for method, path in (("GET", ""), ("POST", "/claim"), ("POST", "/decision"), ("POST", "/result")):
        answer = visit(mother).request(method, address(case) + path)
        assert answer.headers["location"].startswith("/desk/sign-in"), path


def test_an_item_that_waits_for_its_turn_is_not_shown_yet(case: Case, seat: Seat) -> None:
    client = seat("msb1").client
    assert client.get(address(case, ENROL)).status_code == 404
    assert client.get(address(case, "nothing.such")).status_code == 404
    assert client.get("/desk/items/261125999990/" + BENEFIT).status_code == 404


def test_opening_it_is_a_look_with_whose_what_and_why(session: Session, case: Case, seat: Seat) -> None:
    at = seat("msb1")
    at.client.get(address(case))
    look = session.exec(select(Look)).one()
    assert (look.staff_id, look.person_id, look.case_number) == (at.id, case.applicant_id, case.number)
    assert (look.what, look.why) == ("review", BENEFIT)


def test_a_refused_decision_that_shows_the_page_again_is_a_look_too(case: Case, seat: Seat) -> None:
    seat("msb1").client.post(address(case) + "/decision", data={"decision": "", "version": "2"})
    assert looks() == [("review", case.number)]


def test_what_is_not_shown_is_no_look(case: Case, seat: Seat) -> None:
    seat("psb1").client.get(address(case))
    assert looks() == []


def documents(case: Case) -> dict[str, str]:
    from app.documents.queries import of_case

    with db.reading() as reading:
        return {row.material: str(row.id) for row in of_case(reading, case.id, None)}


def test_pictures_and_originals_are_for_those_who_review_their_material(case: Case, seat: Seat) -> None:
    bank, register = documents(case)["M-BANK"], documents(case)["M-HK"]
    at, police = seat("msb1"), seat("psb1")
    picture = at.client.get(f"/desk/documents/{bank}/pages/1")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert at.client.get(f"/desk/documents/{bank}/pages/1?thumb=1").status_code == 200
    original = at.client.get(f"/desk/documents/{bank}/original")
    assert original.headers["content-disposition"].startswith("attachment")
    assert looks() == [("document", case.number), ("thumbnail", case.number), ("original", case.number)]
    assert police.client.get(f"/desk/documents/{bank}/pages/1").status_code == 404
    assert police.client.get(f"/desk/documents/{bank}/original").status_code == 404
    assert police.client.get(f"/desk/documents/{register}/pages/1").status_code == 200
    assert at.client.get(f"/desk/documents/{bank}/pages/9").status_code == 404


@pytest.mark.parametrize("path", ["pages/1", "original"])
def test_pictures_stay_closed_to_others(session: Session, case: Case, seat: Seat, visit: Visit, path: str) -> None:
    bank = documents(case)["M-BANK"]
    mother = factories.make_signed_in(session, session.get_one(factories.Person, case.applicant_id))
    session.commit()
    assert seat("msb2", jurisdiction="320508").client.get(f"/desk/documents/{bank}/{path}").status_code == 404
    assert seat("hrss1").client.get(f"/desk/documents/{bank}/{path}").status_code == 404
    assert visit(mother).get(f"/desk/documents/{bank}/{path}").status_code == 303
    assert visit().get(f"/desk/documents/{bank}/{path}").status_code == 303
    assert looks() == []

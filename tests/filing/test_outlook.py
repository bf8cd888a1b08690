"""会办哪些事: what is needed and why, what is open still and by which question, papers, days, order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.catalogue import editions
from app.catalogue.definition import Edition
from app.core.clock import utcnow
from app.filing.deciding import Deciding, written
from app.filing.outlook import Need, Outlook, Way, outlook
from app.forms.conditions import holds
from app.forms.expressions import parse
from tests import factories
from tests.architecture.test_queries import queries
from tests.conftest import Visit

from .conftest import answers
from .shops import ANSWERS, SHOP, in_force


@pytest.fixture
def shop(session: Session, server: str, tmp_path: Path) -> Iterator[Edition]:
    folder = tmp_path / "definitions"
    folder.mkdir()
    with in_force(folder, session, SHOP) as found:
        yield found["shop"]


def look(edition: Edition, found: dict[str, Any], left_at: str = "who") -> Outlook:
    return outlook(edition, found, left_at, [], frozenset(), utcnow())


def needs(seen: Outlook) -> dict[str, Need]:
    return {part.item.id: part.need for part in seen.parts}


def because(seen: Outlook, item: str) -> list[str]:
    return [line.question.id for part in seen.parts if part.item.id == item for line in part.because]


def test_before_anything_is_answered_only_what_always_holds_is_known(shop: Edition) -> None:
    seen = look(shop, {})
    assert needs(seen) == {"health.permit": Need.YES, "psb.sign": Need.OPEN, "msb.big": Need.OPEN}
    assert because(seen, "psb.sign") == ["shop.sign"]
    assert because(seen, "msb.big") == ["shop.area", "shop.sign"], "whether it is lit is asked only with a sign"


def test_one_side_of_an_or_settles_it_and_is_the_only_reason(shop: Edition) -> None:
    seen = look(shop, {"shop.area": 120.0})
    assert (needs(seen)["msb.big"], because(seen, "msb.big")) == (Need.YES, ["shop.area"])


def test_a_no_needs_every_side_and_names_what_hides_a_question(shop: Edition) -> None:
    seen = look(shop, {"shop.area": 50.0, "shop.sign": False})
    assert (needs(seen)["msb.big"], because(seen, "msb.big")) == (Need.NO, ["shop.area", "shop.sign"])


def test_while_one_side_is_open_that_one_is_asked_for(shop: Edition) -> None:
    seen = look(shop, {"shop.area": 50.0, "shop.sign": True})
    assert (needs(seen)["msb.big"], because(seen, "msb.big")) == (Need.OPEN, ["shop.lit"])


def test_papers_days_and_order(shop: Edition) -> None:
    seen = look(shop, {"shop.area": 50.0, "shop.sign": True, "shop.lit": False})
    sign = next(part for part in seen.parts if part.item.id == "psb.sign")
    assert [(p.material.id, p.need, p.way) for p in sign.papers] == [
        ("S-SIGN", Need.YES, Way.PHOTO), ("S-PERMIT", Need.YES, Way.WITHIN)
    ]  # fmt: skip
    assert [item.id for item in sign.after] == ["health.permit"]
    assert [(p.material.id, p.way) for p in seen.papers] == [("S-FORM", Way.MADE)]
    permit = next(part for part in seen.parts if part.item.id == "health.permit")
    assert permit.due is not None
    assert sign.due is not None
    assert permit.due < sign.due == seen.due
    assert seen.legal_due is None, "no statute limits the sign"


def test_an_optional_question_that_was_passed_is_not_open_any_more(session: Session, server: str, tmp_path: Path) -> None:
    folder = tmp_path / "optional"
    folder.mkdir()
    text = SHOP.replace("needed_if: shop.sign\n", "needed_if: has(own.nick)\n").replace(
        "{id: own.nick, kind: text,", "{id: own.nick, kind: text, optional: true,"
    )
    with in_force(folder, session, text.replace("items: [psb.sign]", "items: []")) as found:
        assert needs(look(found["shop"], {}, left_at=""))["psb.sign"] is Need.OPEN
        assert needs(look(found["shop"], {}, left_at="who"))["psb.sign"] is Need.NO
        assert needs(look(found["shop"], {}, left_at="review"))["psb.sign"] is Need.NO


@pytest.mark.parametrize("service", [e.service.id for e in editions.all_current()])
def test_every_condition_of_the_catalogue_is_understood_and_never_contradicts_the_plan(server: str, service: str) -> None:
    edition = editions.current(service)
    seen = look(edition, {}, left_at="review")
    for part in seen.parts:
        assert part.need is not Need.NO or part.because, f"{part.item.id} is not needed without a reason"
        assert part.need is not Need.OPEN or part.because, f"{part.item.id} waits for no question"


def test_newborn_comes_to_what_its_review_says(server: str) -> None:
    edition = editions.current("newborn")
    assert needs(look(edition, answers(baby__settle_here=False), "review")) == {
        "health.birth_cert": Need.YES, "cdc.vacc_cert": Need.YES, "psb.birth_reg": Need.NO, "msb.resident_enrol": Need.NO,
        "hrss.sscard_apply": Need.YES, "msb.maternity_benefit": Need.NO, "health.childcare_subsidy": Need.NO,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a.b == 'x'",
        "!has(a.b) || (a.b && c >= 3.0)",
        "x in ['a', 'b']",
        "a.startsWith('32')",
        "g.exists(h, h.kind == 'k')",
        "!(a)",
    ],
)
def test_a_tree_written_again_is_the_same_tree(text: str) -> None:
    assert written(parse(written(parse(text)))) == written(parse(text))


def test_a_verdict_is_the_engines_own_word(shop: Edition) -> None:
    condition = "shop.area >= 100.0 || (has(shop.lit) && shop.lit)"
    for area in (50.0, 150.0):
        for sign, lit in ((False, None), (True, True), (True, False)):
            found = {"shop.area": area, "shop.sign": sign} | ({} if lit is None else {"shop.lit": lit})
            verdict = Deciding(shop.service.form, found, frozenset(), utcnow()).of(condition)
            assert verdict.outcome is holds(condition, found, utcnow())


def page_of(visit: Visit, session: Session, shop: Edition, found: dict[str, Any], lang: str = "zh") -> str:
    person = factories.make_person(session)
    draft = factories.make_draft(session, person, found, service_id="shop", edition=shop.id)
    token = factories.make_signed_in(session, person)
    session.commit()
    return visit(token, **{"Accept-Language": lang}).get(f"/drafts/{draft.id}/outlook").raise_for_status().text


def test_the_page_says_why_and_where_to_change_it(session: Session, visit: Visit, shop: Edition) -> None:
    page = page_of(visit, session, shop, {**ANSWERS, "shop.area": 120.0})
    assert "照您现在填的，要办 2 项，1 项用不着办" in page
    assert "面积：120" in page
    assert 'aria-label="改：面积"' in page
    assert "要办的是：要装招牌的" in page
    open_page = page_of(visit, session, shop, {})
    assert "还有 2 项要多答几题才知道" in open_page
    assert "答了“面积”才知道" in open_page
    english = page_of(visit, session, shop, {}, "en")
    assert "not known yet" in english.lower()


def test_a_form_page_leads_there_without_losing_what_is_typed(session: Session, visit: Visit, shop: Edition) -> None:
    person = factories.make_person(session)
    draft = factories.make_draft(session, person, service_id="shop", edition=shop.id)
    client = visit(factories.make_signed_in(session, person))
    session.commit()
    form = f"/forms/shop/{shop.id}/shop?draft={draft.id}"
    assert 'name="action" value="outlook"' in client.get(form).text
    answer = client.post(form, data={"shop.area": "130", "action": "outlook"})
    assert answer.headers["location"] == f"/drafts/{draft.id}/outlook?back=shop"
    page = client.get(answer.headers["location"]).text
    assert "面积：130" in page
    assert f'href="/forms/shop/{shop.id}/shop?draft={draft.id}"' in page
    assert f'href="/drafts/{draft.id}/outlook?back=review"' in client.get(f"/drafts/{draft.id}/review").text


def test_a_submitted_draft_leads_to_its_receipt_and_a_strangers_is_not_there(
    session: Session, visit: Visit, shop: Edition
) -> None:
    person, other = factories.make_person(session), factories.make_person(session)
    tokens = [factories.make_signed_in(session, who) for who in (person, other)]
    draft = factories.make_draft(session, person, service_id="shop", edition=shop.id)
    session.commit()
    body = {
        "service": "shop", "edition": shop.id, "applicant": "self", "mandate": None, "answers": ANSWERS, "documents": []
    }  # fmt: skip
    mine = visit(tokens[0])
    number = mine.post(f"/api/drafts/{draft.id}/submission", json=body).json()["receipt"]["case"]
    assert mine.get(f"/drafts/{draft.id}/outlook").headers["location"] == f"/receipts/{number}"
    assert visit(tokens[1]).get(f"/drafts/{draft.id}/outlook").status_code == 404


def test_the_page_costs_five_queries_at_most(session: Session, visit: Visit, shop: Edition, database: Engine) -> None:
    person = factories.make_person(session)
    draft = factories.make_draft(session, person, ANSWERS, service_id="shop", edition=shop.id)
    token = factories.make_signed_in(session, person)
    session.commit()
    assert len(queries(database, visit(token), f"/drafts/{draft.id}/outlook")) <= 5

"""P01 新生儿出生 for several families: which items, which materials, which pages, how many days."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.catalogue import editions
from app.catalogue.plans import Plan, plan
from app.forms.answers import check_answers, proposals
from app.forms.conditions import visible

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
BASE: dict[str, Any] = {
    "applicant.role": "mother",
    "applicant.name": "王晓兰",
    "applicant.id_number": "320507199003070029",
    "applicant.phone": "13800006021",
    "applicant.hukou": "320507",
    "baby.name": "陈珍珠",
    "baby.surname": "father",
    "baby.sex": "female",
    "baby.birth_at": "2026-11-18",
    "baby.hospital": "pearl_lake",
    "mother.name": "王晓兰",
    "mother.id_number": "320507199003070029",
    "mother.has_residence_permit": False,
    "father.known": True,
    "father.name": "陈志远",
    "father.id_number": "11010519491231002X",
    "father.has_residence_permit": False,
    "parents.married": True,
    "baby.settle_here": True,
    "hukou.follow": "mother",
    "hukou.head": "王晓兰",
    "hukou.relation": "daughter",
    "baby.nation": "han",
    "mother.employee_insured": True,
    "father.employee_insured": False,
    "baby.delivery_kind": "natural",
    "leave.from": "2026-11-10",
    "stay.settled": True,
    "subsidy.order": 1.0,
    "bank.use_sscard": True,
    "bank.holder": "王晓兰",
    "delivery.mode": "electronic",
}
ALL = {
    "health.birth_cert", "cdc.vacc_cert", "psb.birth_reg", "msb.resident_enrol", "hrss.sscard_apply",
    "msb.maternity_benefit", "health.childcare_subsidy",
}  # fmt: skip


def family(**changes: Any) -> dict[str, Any]:
    """The answers of a family that differs from the usual one; None takes an answer away."""
    answers = {**BASE, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {name: value for name, value in answers.items() if value is not None}


def planned(answers: dict[str, Any], held: frozenset[str] = frozenset({"M-ID", "M-HK", "M-MC"})) -> Plan:
    """The plan when the registers have answered with these papers."""
    return plan(editions.current("newborn"), answers, NOW, held)


def needed(answers: dict[str, Any]) -> set[str]:
    return {part.item.id for part in planned(answers).items if part.needed}


def wanted(answers: dict[str, Any]) -> set[str]:
    return {material.id for material in planned(answers).wanted}


def mistakes(answers: dict[str, Any]) -> list[str]:
    return [m.asked for m in check_answers(editions.current("newborn").service.form, answers, NOW).mistakes]


def test_the_usual_family_needs_everything_and_photographs_one_card() -> None:
    assert mistakes(BASE) == []
    assert needed(BASE) == ALL
    assert wanted(BASE) == {"M-BANK"}
    assert {m.id for m in planned(BASE).exempt} == {"M-ID", "M-HK", "M-MC", "M-BC"}
    assert (planned(BASE).promised_days, planned(BASE).legal_days) == (21, None)


def test_items_that_are_not_needed_stay_visible() -> None:
    answers = family(baby__settle_here=False)
    assert {part.item.id for part in planned(answers).items} == ALL
    assert needed(answers) == {"health.birth_cert", "cdc.vacc_cert", "hrss.sscard_apply", "msb.maternity_benefit"}


def test_a_residence_permit_of_either_parent_brings_the_insurance() -> None:
    assert "msb.resident_enrol" in needed(family(baby__settle_here=False, mother__has_residence_permit=True))
    assert "msb.resident_enrol" in needed(family(baby__settle_here=False, father__has_residence_permit=True))


def test_without_insurance_and_settling_nothing_is_paid_and_no_card_is_asked() -> None:
    answers = family(baby__settle_here=False, mother__employee_insured=False)
    assert needed(answers) == {"health.birth_cert", "cdc.vacc_cert", "hrss.sscard_apply"}
    assert wanted(answers) == set()
    assert not {name for name in visible(editions.current("newborn").service.form, answers, NOW) if name.startswith("bank.")}
    assert planned(answers).promised_days == 10


def test_what_no_register_has_answered_with_is_photographed() -> None:
    alone = planned(BASE, frozenset()).wanted
    assert {material.id for material in alone} == {"M-ID", "M-HK", "M-MC", "M-BANK"}
    assert next(m for m in alone if m.id == "M-HK").min_pages == 2
    assert {material.id for material in planned(BASE, frozenset({"M-ID", "M-MC"})).wanted} == {"M-HK", "M-BANK"}


def test_an_unmarried_father_who_takes_the_child_into_his_household_shows_paternity() -> None:
    assert "P01-paternity" in wanted(family(parents__married=False, hukou__follow="father"))
    assert "P01-paternity" not in wanted(family(parents__married=False, hukou__follow="mother"))
    assert "M-MC" not in {m.id for m in planned(family(parents__married=False)).exempt}


def test_the_bill_is_asked_only_if_the_stay_was_not_settled() -> None:
    assert "P01-bill" in wanted(family(stay__settled=False))
    assert "P01-bill" not in wanted(family(stay__settled=True))


def test_what_is_hidden_counts_for_nothing() -> None:
    answers = family(mother__employee_insured=False, stay__settled=False, father__known=False)
    assert "P01-bill" not in wanted(answers)
    assert "M-MC" not in {m.id for m in planned(answers).exempt}


def test_a_mother_alone_is_not_asked_about_a_father() -> None:
    answers = family(father__known=False)
    assert mistakes(answers) == []
    shown = visible(editions.current("newborn").service.form, answers, NOW)
    assert {name for name in shown if name.startswith(("father.", "parents."))} == {"father.known"}


def test_a_father_who_files_is_asked_for_himself_without_a_question_whether_he_is_known() -> None:
    answers = family(applicant__role="father", father__known=None)
    shown = visible(editions.current("newborn").service.form, answers, NOW)
    assert "father.known" not in shown
    assert "father.name" in shown


def test_who_files_is_proposed_as_the_parent_that_they_are() -> None:
    form = editions.current("newborn").service.form
    profile = {"profile.name": "陈志远", "profile.id_number": "11010519491231002X", "profile.phone": "13800006022"}
    found = proposals(form, {"applicant.role": "father"}, profile, NOW)
    assert found["father.name"].value == "陈志远"
    assert found["father.name"].source == "applicant.name"
    assert "mother.name" not in found
    assert found["applicant.hukou"].value == "110105"


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"baby__birth_at": "2026-11-26"}, "baby.birth_at"),
        ({"baby__birth_at": "2025-11-24"}, "baby.birth_at"),
        ({"baby__name": "珠"}, "baby.name"),
        ({"baby__name": "Pearl"}, "baby.name"),
        ({"baby__name": "陈珍珠👶"}, "baby.name"),
        ({"baby__name": "一二三四五六七"}, "baby.name"),
        ({"baby__surname": "other"}, "baby.surname_reason"),
        ({"baby__nation": "martian"}, "baby.nation"),
        ({"mother__id_number": "320507199003070028"}, "mother.id_number"),
        ({"mother__has_residence_permit": "yes"}, "mother.has_residence_permit"),
        ({"subsidy__order": 1.5}, "subsidy.order"),
        ({"subsidy__order": 10}, "subsidy.order"),
        ({"bank__use_sscard": False}, "bank.card_no"),
        ({"delivery__mode": "post"}, "delivery.to"),
        ({"delivery__mode": "pickup"}, "delivery.point"),
        ({"who__knows": "x"}, "who.knows"),
    ],
)
def test_a_wrong_answer_is_named(changes: dict[str, Any], question: str) -> None:
    assert question in mistakes(family(**changes))


def test_each_department_sees_its_own_questions_only() -> None:
    service = editions.current("newborn").service
    questions, materials = service.seen_by({"cdc.vacc_cert"})
    assert not [name for name in questions if name.startswith(("bank.", "hukou.", "subsidy.", "leave."))]
    assert materials == set()
    questions, materials = service.seen_by({"msb.maternity_benefit"})
    assert {"bank.card_no", "leave.from", "baby.delivery_kind"} <= questions
    assert "hukou.head" not in questions
    assert materials == {"M-ID", "M-BC", "P01-bill", "M-BANK"}


def test_every_page_has_one_topic_and_both_languages() -> None:
    pages = editions.current("newborn").service.form.pages
    assert [page.id for page in pages] == ["you", "baby", "mother", "father", "household", "maternity", "bank", "delivery"]
    assert max(len(page.questions) for page in pages) <= 6

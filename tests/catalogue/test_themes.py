"""The seven one-thing services beside newborn: believable filings, each condition both ways, each rule broken once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.catalogue.definition import Edition, Service
from app.catalogue.loader import load
from app.catalogue.plans import Plan, critical_path, plan
from app.forms import mistakes as m
from app.forms.answers import check_answers, proposals
from app.forms.conditions import visible
from tests import services
from tests.services import aged, day, month

CATALOGUE = load(district="320507")
THEMES = sorted(services.ANSWERS)
Changes = dict[str, Any]

#: facts §12: items, departments, days of the longest way when every item is needed.
FACTS = {
    "marriage": (6, 4, 5), "school-entry": (6, 5, 31), "flexible-work": (7, 4, 30), "retirement": (7, 4, 35),
    "pension-elsewhere": (6, 2, 5), "elder": (6, 3, 20), "sscard": (7, 2, 10),
}  # fmt: skip
#: What the filing of tests/services.py needs. It cannot be everything where the law or sense forbids it: nobody retires both
#: in the usual way and from a hard job, has a first card and a replacement; 李建国 is not yet 80.
NOT_TOGETHER = {
    "retirement": {"hrss.special_retire"}, "sscard": {"hrss.sscard_replace"}, "elder": {"civil.elder_allowance"},
}  # fmt: skip

OLD = {"applicant__id_number": aged(83)}
SPECIAL = {
    "applicant__id_number": aged(56), "retire__kind": "special", "retire__month": month(0), "work__special_kind": "toxic",
    "work__special_years": 12.0,
}  # fmt: skip
EARLY = {
    "applicant__id_number": aged(60), "retire__kind": "early", "retire__month": month(0), "retire__notice_date": day(-100),
}  # fmt: skip
LATE = {"retire__kind": "late", "retire__notice_date": day(-900)}
UNMARRIED = {
    "couple__stages": ["pregnant"], "couple__married": False, "spouse__known": False, "spouse__name": None,
    "spouse__id_number": None,
}  # fmt: skip
MARRIED = {"couple__stages": ["move", "pregnant"], "couple__married": True}
CHILD = {"card__for_child": True, "child__name": "陈安宁", "child__id_number": aged(8, "female")}
NOT_SHOWN_AS_CARD = {"card__do": ["info"], "card__bank": None}

#: (service, item, answers with which it is needed, answers with which it is not), for each item under a condition.
ITEMS: list[tuple[str, str, Changes, Changes]] = [
    ("pension-elsewhere", "hrss.remote_register", {}, {"pension__moved": False}),
    ("pension-elsewhere", "hrss.pay_account", {}, {"want__also": ["card"]}),
    ("pension-elsewhere", "hrss.pay_resume", {}, {"pension__paused": False}),
    ("pension-elsewhere", "msb.remote_settle", {}, {"want__also": None}),
    ("pension-elsewhere", "hrss.sscard_replace", {}, {"want__also": ["account"]}),
    ("retirement", "hrss.archive_review", {}, {"work__before_1996": False}),
    ("retirement", "hrss.retire_confirm", {}, SPECIAL),
    ("retirement", "hrss.special_retire", SPECIAL, {}),
    ("retirement", "hpf.retire_withdraw", {}, {"hpf__has_account": False}),
    ("retirement", "health.onlychild_reward", {}, {"family__onlychild_cert": False}),
    ("flexible-work", "hrss.pension_flex", {}, {"want__kinds": ["medical"]}),
    ("flexible-work", "msb.medical_flex", {}, {"want__kinds": ["pension"]}),
    ("flexible-work", "hpf.flex_account", {}, {"want__hpf": False}),
    ("flexible-work", "hrss.hard_employ", {}, {"worker__hard_recognised": True}),
    ("flexible-work", "hrss.flex_subsidy", {}, {"worker__hard_kind": "none"}),
    (
        "flexible-work",
        "hrss.flex_subsidy",
        {"worker__hard_kind": "none", "worker__recent_graduate": True},
        {"worker__hard_kind": "none"},
    ),
    ("marriage", "civil.marriage_reg", {}, MARRIED),
    ("marriage", "health.premarital", {}, {"want__premarital": False}),
    ("marriage", "psb.hukou_spouse", MARRIED, UNMARRIED),
    ("marriage", "health.maternal_file", UNMARRIED, {"couple__stages": ["marry"]}),
    ("marriage", "health.birth_register", MARRIED, {"couple__stages": ["marry", "move"]}),
    ("marriage", "msb.maternity_record", {}, {"preg__employee_insured": False}),
    ("school-entry", "nrp.property_check", {}, {"home__tenure": "grandparents"}),
    ("school-entry", "hrss.insurance_check", {}, {"child__hukou": "320507"}),
    ("elder", "civil.elder_card", {}, {"applicant__id_number": aged(59)}),
    ("elder", "trans.elder_transit", {}, {"applicant__id_number": aged(59)}),
    ("elder", "civil.elder_allowance", OLD, {}),
    ("elder", "civil.elder_allowance", OLD, OLD | {"applicant__hukou": "310115"}),
    ("elder", "civil.home_care", OLD | {"elder__low_income": False}, {"elder__low_income": False}),
    ("elder", "civil.home_care", {}, {"elder__low_income": False}),
    ("elder", "msb.ltc", {"elder__disabled_months": 6.0}, {"elder__disabled_months": 5.0}),
    ("elder", "msb.ltc", {}, {"elder__needs_care": False}),
    ("elder", "civil.home_adapt", {}, {"want__adapt": False}),
    ("sscard", "hrss.sscard_apply", {}, NOT_SHOWN_AS_CARD),
    ("sscard", "hrss.sscard_enable", {}, NOT_SHOWN_AS_CARD),
    ("sscard", "hrss.sscard_replace", {"card__do": ["replace"], "card__reason": "lost"}, {}),
    ("sscard", "hrss.sscard_pin", {}, NOT_SHOWN_AS_CARD),
    ("sscard", "hrss.sscard_ecard", {}, NOT_SHOWN_AS_CARD),
    ("sscard", "hrss.sscard_info", {}, {"card__do": ["pin"]}),
    ("sscard", "hrss.sscard_bank", {}, NOT_SHOWN_AS_CARD),
]
#: The same for materials.
MATERIALS: list[tuple[str, str, Changes, Changes]] = [
    ("pension-elsewhere", "P06-face", {"cert__way": "self"}, {"cert__way": "visit", "cert__visit_day": day(3)}),
    ("pension-elsewhere", "M-RES", {"remote__proof": "permit"}, {}),
    ("pension-elsewhere", "M-BANK", {}, {"want__also": ["card"]}),
    ("retirement", "P05-file", SPECIAL | {"work__before_1996": False}, {"work__before_1996": False}),
    ("retirement", "P05-notice", EARLY, {}),
    ("retirement", "P05-notice", LATE, SPECIAL),
    ("retirement", "P05-special", SPECIAL, {}),
    ("retirement", "P05-one", {}, {"family__onlychild_cert": False}),
    ("flexible-work", "P04-hard", {}, {"worker__hard_recognised": True}),
    ("flexible-work", "P04-diploma", {"worker__recent_graduate": True}, {}),
    ("marriage", "P02-photo", {}, MARRIED),
    ("marriage", "P02-statement", {}, UNMARRIED),
    ("marriage", "P02-certificate", {}, MARRIED),
    ("marriage", "M-MC", MARRIED, {}),
    ("marriage", "M-MC", MARRIED, UNMARRIED),
    ("marriage", "M-RE", {}, {"move__proof": "consent"}),
    ("marriage", "P02-consent", {"move__proof": "consent"}, {}),
    ("marriage", "M-HK", {}, UNMARRIED),
    ("school-entry", "M-RE", {}, {"home__tenure": "dormitory"}),
    ("school-entry", "M-LEASE", {"home__tenure": "rent"}, {}),
    ("school-entry", "M-RES", {}, {"child__hukou": "320507"}),
    ("school-entry", "P03-special", {}, {"school__special": None}),
    ("elder", "M-HK", OLD, {}),
    ("elder", "M-DIBAO", {}, {"elder__low_income": False}),
    ("elder", "P10-record", {}, {"elder__needs_care": False}),
    ("elder", "M-BANK", OLD, {}),
    ("sscard", "M-PHOTO", CHILD, CHILD | {"child__id_number": aged(3)}),
    ("sscard", "M-PHOTO", {}, NOT_SHOWN_AS_CARD),
    ("sscard", "M-HK", CHILD, {}),
    ("sscard", "M-HK", {"card__change": ["name"], "change__name": "王晓岚"}, {}),
]
#: (service, where it is said, answers that break the rule), for each rule.
BROKEN: list[tuple[str, str, Changes]] = [
    ("pension-elsewhere", "bank.holder", {"bank__holder": "李秀英"}),
    ("retirement", "retire.month", {"applicant__id_number": aged(58)}),
    ("retirement", "work.female_post", {"applicant__id_number": aged(52, "female"), "work__female_post": "office"}),
    ("retirement", "retire.kind", EARLY | {"applicant__id_number": aged(57)}),
    ("retirement", "retire.kind", SPECIAL | {"applicant__id_number": aged(50)}),
    ("retirement", "retire.notice_date", EARLY | {"retire__notice_date": day(-80)}),
    ("retirement", "retire.notice_date", EARLY | {"retire__month": month(2), "retire__notice_date": day(-10)}),
    ("retirement", "retire.notice_date", LATE | {"retire__month": month(0), "retire__notice_date": day(-3)}),
    ("retirement", "work.special_years", SPECIAL | {"work__special_kind": "mine", "work__special_years": 8.5}),
    ("retirement", "work.special_years", SPECIAL | {"work__special_years": 7.0}),
    ("retirement", "work.special_years", SPECIAL | {"work__special_kind": "heavy", "work__special_years": 9.0}),
    ("retirement", "bank.holder", {"bank__holder": "顾永盛"}),
    ("flexible-work", "worker.at_employer", {"worker__at_employer": True}),
    ("flexible-work", "worker.hard_kind", {"worker__hard_kind": "older"}),
    ("flexible-work", "bank.holder", {"bank__holder": "刘强"}),
    ("marriage", "applicant.id_number", {"applicant__id_number": aged(19, "female")}),
    ("marriage", "applicant.id_number", {"applicant__id_number": aged(21), "spouse__id_number": aged(25, "female")}),
    ("marriage", "applicant.marital", {"applicant__marital": "married"}),
    ("marriage", "couple.married", MARRIED | {"couple__married": False, "spouse__known": True}),
    ("marriage", "spouse.id_number", {"spouse__id_number": services.SINGLE.id_number}),
    ("marriage", "spouse.id_number", {"spouse__id_number": aged(30, "female")}),
    ("marriage", "spouse.id_number", {"spouse__id_number": aged(21)}),
    ("school-entry", "child.id_number", {"child__id_number": services.BARRED.id_number}),
    ("school-entry", "school.stage", {"child__id_number": aged(4)}),
    ("school-entry", "school.stage", {"school__stage": "junior"}),
    ("elder", "applicant.id_number", {"applicant__id_number": aged(59)}),
    ("elder", "contact.phone", {"contact__phone": services.GRANDFATHER.phone}),
    ("elder", "bank.holder", OLD | {"bank__use_sscard": True, "bank__holder": "李秀英"}),
    ("sscard", "card.do", {"card__do": ["apply", "replace"], "card__reason": "lost"}),
    ("sscard", "child.id_number", CHILD | {"child__id_number": services.MOTHER.id_number}),
    ("sscard", "child.id_number", CHILD | {"child__id_number": aged(16)}),
]


def now() -> datetime:
    return datetime.now(UTC)


def service(name: str) -> Service:
    return CATALOGUE.services[name]


def planned(name: str, changes: Changes | None = None) -> Plan:
    return plan(Edition("x", service(name)), services.answers(name, **(changes or {})), now())


def needed(name: str, changes: Changes | None = None) -> set[str]:
    return {part.item.id for part in planned(name, changes).items if part.needed}


def asked(name: str, changes: Changes | None = None) -> set[str]:
    found = planned(name, changes)
    return {material.id for material in (*found.wanted, *found.exempt)}


def told(name: str, changes: Changes | None = None) -> list[tuple[str, str]]:
    """(question, what is said) of every mistake."""
    found = check_answers(service(name).form, services.answers(name, **(changes or {})), now()).mistakes
    return [(x.question_id, x.params["say"].zh if x.text_msgid == m.SAID else x.text_msgid) for x in found]


@pytest.mark.parametrize("name", THEMES)
def test_items_departments_and_the_longest_way_are_those_of_the_facts(name: str) -> None:
    items = service(name).items
    days = critical_path({item.id: item for item in items}, lambda item: item.promised_days)
    assert (len(items), len({item.department for item in items}), days) == FACTS[name]


@pytest.mark.parametrize("name", THEMES)
def test_a_believable_filing_is_accepted_and_takes_as_long_as_the_facts_say(name: str) -> None:
    assert told(name) == []
    assert {item.id for item in service(name).items} - needed(name) == NOT_TOGETHER.get(name, set())
    assert planned(name).promised_days == FACTS[name][2]


def test_somebody_of_83_needs_everything_for_the_old() -> None:
    changes = OLD | {"bank__use_sscard": True, "bank__holder": services.GRANDFATHER.name}
    assert told("elder", changes) == []
    assert needed("elder", changes) == {item.id for item in service("elder").items}
    assert planned("elder", changes).promised_days == 20


def test_hard_jobs_retire_in_25_days_since_the_file_is_reviewed_beside() -> None:
    changes = SPECIAL | {"work__employer": "苏州相城铸造厂"}
    assert told("retirement", changes) == []
    assert planned("retirement", changes).promised_days == 25


def test_the_yearly_certification_alone_is_done_the_same_day_with_one_photo() -> None:
    changes = {"pension__paused": False, "pension__moved": False, "want__also": None, "cert__way": "self"}
    assert told("pension-elsewhere", changes) == []
    assert needed("pension-elsewhere", changes) == {"hrss.live_cert"}
    found = planned("pension-elsewhere", changes)
    assert [material.id for material in found.wanted] == ["M-ID", "P06-face"]
    assert found.promised_days == 0
    shown = visible(service("pension-elsewhere").form, services.answers("pension-elsewhere", **changes), now())
    assert len(shown) == 9


@pytest.mark.parametrize(("name", "item", "with_it", "without"), ITEMS)
def test_an_item_is_needed_only_under_its_condition(name: str, item: str, with_it: Changes, without: Changes) -> None:
    assert item in needed(name, with_it)
    assert item not in needed(name, without)


@pytest.mark.parametrize(("name", "material", "with_it", "without"), MATERIALS)
def test_a_material_is_asked_only_under_its_condition(name: str, material: str, with_it: Changes, without: Changes) -> None:
    assert material in asked(name, with_it)
    assert material not in asked(name, without)


@pytest.mark.parametrize("name", THEMES)
def test_no_condition_is_left_untried(name: str) -> None:
    found = service(name)
    assert {i.id for i in found.items if i.needed_if} - {i for n, i, _, _ in ITEMS if n == name} == set()
    assert {x.id for x in found.materials if x.needed_if} - {x for n, x, _, _ in MATERIALS if n == name} == set()


@pytest.mark.parametrize(("name", "at", "changes"), BROKEN)
def test_a_rule_across_questions_says_what_is_wrong_where_it_is(name: str, at: str, changes: Changes) -> None:
    assert at in {question for question, _ in told(name, changes)}


@pytest.mark.parametrize("name", THEMES)
def test_every_rule_is_broken_once(name: str) -> None:
    said = {say for n, _, changes in BROKEN if n == name for _, say in told(name, changes)}
    assert {rule.say.zh for rule in service(name).form.checks} - said == set()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("retirement", EARLY),
        ("retirement", EARLY | {"retire__month": month(3), "retire__notice_date": day(-1)}),
        ("retirement", EARLY | {"retire__month": month(1), "retire__notice_date": day(-61)}),
        ("retirement", LATE),
        ("retirement", {"applicant__id_number": aged(51, "female"), "work__female_post": "shop_floor"}),
        ("flexible-work", {"applicant__id_number": aged(41, "female"), "worker__hard_kind": "older"}),
        ("marriage", UNMARRIED),
        ("marriage", MARRIED),
        ("marriage", {"applicant__marital": "divorced"}),
        ("marriage", {"applicant__id_number": aged(22), "spouse__id_number": aged(20, "female")}),
        ("school-entry", {"school__stage": "junior", "child__id_number": aged(12)}),
        ("school-entry", {"school__sibling": False, "school__siblings": None}),
        ("sscard", CHILD),
        ("elder", {"delivery__mode": "electronic"}),
    ],
)
def test_what_is_right_is_accepted(name: str, changes: Changes) -> None:
    assert told(name, changes) == []


def test_a_new_marriage_certificate_is_handed_on_and_an_old_one_looked_up() -> None:
    both = {"couple__stages": ["marry", "move"]}
    assert "P02-certificate" in {x.id for x in planned("marriage", both).exempt}
    assert "M-MC" in {x.id for x in planned("marriage", MARRIED).wanted}
    held = plan(Edition("x", service("marriage")), services.answers("marriage", **MARRIED), now(), frozenset({"M-MC"}))
    assert "M-MC" in {x.id for x in held.exempt}


def test_registers_and_the_last_case_fill_in_what_they_know() -> None:
    known = {
        "profile.name": "李建国", "profile.id_number": services.GRANDFATHER.id_number, "profile.phone": "13800006023",
        "social_security.pension_kind": "employee", "social_security.pension_paused": False,
        "population.address": services.VILLAGE, "earlier.pension.where": "310115",
    }  # fmt: skip
    answered = {"pension.moved": False, "cert.way": "visit"}
    found = proposals(service("pension-elsewhere").form, answered, known, now())
    assert (found["pension.kind"].value, found["pension.kind"].source) == ("employee", "social_security.pension_kind")
    assert (found["pension.where"].value, found["pension.where"].source) == ("310115", "earlier")
    assert found["pension.paused"].value is False
    assert found["live.address"].value == services.VILLAGE


def test_an_expectant_fathers_insurance_is_not_taken_for_the_mothers() -> None:
    known = {"social_security.employee_insured": True}
    form = service("marriage").form
    hers = {"couple.stages": ["pregnant"], "applicant.id_number": services.SINGLE.id_number}
    his = hers | {"applicant.id_number": services.BARRED.id_number}
    assert "preg.employee_insured" in proposals(form, hers, known, now())
    assert "preg.employee_insured" not in proposals(form, his, known, now())


def test_each_department_sees_its_own_questions_only() -> None:
    questions, materials = service("school-entry").seen_by({"cdc.vacc_check"})
    assert not {"home.cert_no", "parent.insured_city", "school.special"} & questions
    assert materials == {"P03-vacc"}
    questions, materials = service("elder").seen_by({"trans.elder_transit"})
    assert not {"elder.low_income", "elder.disabled_months", "bank.card_no"} & questions
    assert materials == {"M-ID"}

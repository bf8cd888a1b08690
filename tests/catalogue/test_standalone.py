"""The two services for enterprises and ten of one item: believable filings, each condition both ways, each rule broken once."""

from typing import Any

import pytest

from app.catalogue.definition import Audience, Edition
from app.catalogue.plans import critical_path, plan
from app.forms.answers import proposals
from app.forms.conditions import visible
from tests import services
from tests.services import VILLAGE, day, month, person

from .test_themes import asked, needed, now, planned, service, told

ALONE = sorted(services.ALONE)
Changes = dict[str, Any]

#: facts §3 and §6: items, departments, days of the longest way when every item is needed.
FACTS = {
    "company-start": (7, 6, 1), "restaurant": (7, 5, 5), "dog-registration": (1, 1, 3), "pension-transfer": (1, 1, 10),
    "contribution-proof": (1, 1, 0), "id-card": (1, 1, 15), "no-crime": (1, 1, 1), "marriage-record": (1, 1, 0),
    "rent-withdrawal": (1, 1, 0), "temporary-stall": (1, 1, 2), "outdoor-advertising": (1, 1, 5), "legal-aid": (1, 1, 3),
}  # fmt: skip
#: A sole trader is not founded together with a company.
NOT_TOGETHER = {"restaurant": {"amr.establish"}}
#: What somebody must come for; everything else is done without a visit.
VISITS = {"company-start": {"bank.account"}, "restaurant": {"health.staff_check"}, "id-card": {"psb.id_remake"}}
#: Papers that the state holds.
HELD = {
    "company-start": {"M-REP", "M-BL"}, "restaurant": {"M-REP", "M-BL"}, "pension-transfer": {"M-ID", "M-SS"},
    "dog-registration": {"M-ID", "M-RE", "dog-vaccination"}, "id-card": {"M-HK"}, "no-crime": {"M-ID"},
    "marriage-record": {"M-ID"}, "rent-withdrawal": {"M-ID", "M-MC"}, "temporary-stall": {"M-BL", "M-ID"},
    "outdoor-advertising": {"M-BL"}, "legal-aid": {"M-ID", "M-DIBAO"}, "contribution-proof": set(),
}  # fmt: skip

FATHER, MOTHER, GRANDFATHER = (person(one) for one in (services.FATHER, services.MOTHER, services.GRANDFATHER))
ONE = [{"kind": "person", "person": FATHER, "amount": 300000.0, "due": day(900)}]
FIRM = [
    {
        "kind": "enterprise", "firm": services.MACHINES.name, "code": services.MACHINES.credit_code, "amount": 300000.0,
        "due": day(900),
    }
]  # fmt: skip
#: A branch has no capital of its own, but a parent.
BRANCH = {
    "co__kind": "branch", "co__parent": services.FOOD.name, "co__parent_code": services.FOOD.credit_code,
    "co__capital": None, "co__holders": None,
}  # fmt: skip
#: One of the shareholders files, somebody else represents the company.
HOLDER = {"co__my_role": "holder", "co__rep": person(services.MOTHER, phone=True)}
NEW_COMPANY = {
    "shop__subject": "company", "shop__capital": 100000.0, "shop__holders": [{"person": FATHER, "amount": 100000.0}],
}  # fmt: skip
LICENSED = {"shop__has_licence": True, "shop__credit_code": services.TEA.credit_code}
SMALL = {"premises__area": 299.9, "shop__seats": 49.0, "premises__completed": None, "fire__commit": None}
SHOP = services.STALL_OF_A_SHOP
WAGES = {
    "aid__matter": "wages", "aid__means": None, "family__income": None, "family__members": None, "aid__sign": None,
}  # fmt: skip

#: (service, item, answers with which it is needed, answers with which it is not), for each item under a condition.
ITEMS: list[tuple[str, str, Changes, Changes]] = [
    ("company-start", "hpf.unit_open", {}, {"co__has_staff": False, "hpf__rate": None}),
    ("company-start", "bank.account", {}, {"co__want_bank": False, "co__bank": None}),
    ("restaurant", "amr.sole", {}, LICENSED),
    ("restaurant", "amr.sole", {}, NEW_COMPANY),
    ("restaurant", "amr.establish", NEW_COMPANY, {}),
    ("restaurant", "amr.establish", NEW_COMPANY, NEW_COMPANY | LICENSED),
    ("restaurant", "fire.gather", SMALL | {"premises__area": 300.0}, SMALL),
    ("restaurant", "fire.gather", SMALL | {"shop__seats": 50.0}, SMALL),
    ("restaurant", "urban.sign", {}, {"shop__sign": False}),
    ("restaurant", "water.drain", {}, {"shop__drain": False}),
]
#: The same for materials.
MATERIALS: list[tuple[str, str, Changes, Changes]] = [
    ("company-start", "M-REP", {}, HOLDER),
    ("company-start", "M-REP-COPY", HOLDER, {}),
    ("company-start", "M-SITE", {"co__address_promised": False}, {}),
    ("company-start", "E01-articles", {}, BRANCH),
    ("company-start", "E01-articles", {"co__kind": "partnership"}, {"co__kind": "sole", "co__holders": ONE}),
    ("restaurant", "M-BL", LICENSED, {}),
    ("restaurant", "M-COMMIT", {}, {"fire__commit": False}),
    ("restaurant", "M-COMMIT", {}, SMALL),
    ("restaurant", "M-STAFF", {}, {"shop__staff": [{"person": MOTHER, "has_cert": False}]}),
    ("restaurant", "E04-fire", {}, SMALL),
    ("restaurant", "E04-sign", {}, {"shop__sign": False}),
    ("restaurant", "E04-drain", {}, {"shop__drain": False}),
    ("dog-registration", "M-RE", {}, {"home__tenure": "rent"}),
    ("dog-registration", "M-LEASE", {"home__tenure": "rent"}, {"home__tenure": "family"}),
    ("dog-registration", "dog-home", {"home__tenure": "family"}, {}),
    ("id-card", "M-HK", {}, {"id__reason": "damaged"}),
    ("rent-withdrawal", "M-MC", {}, {"family__married": False}),
    ("rent-withdrawal", "M-BANK", {}, {"bank__use_sscard": True}),
    ("temporary-stall", "M-BL", SHOP, {}),
    ("temporary-stall", "M-ID", {}, SHOP),
    ("temporary-stall", "stall-plan", {"occupy__area": 20.5}, {"occupy__area": 20.0}),
    ("legal-aid", "M-DIBAO", {"aid__means": "dibao"}, {}),
    ("legal-aid", "M-DIBAO", {"aid__means": "dibao"}, WAGES | {"aid__means": "dibao"}),
]
#: (service, where it is said, answers that break the rule, what is said), for each rule across questions.
BROKEN: list[tuple[str, str, Changes, str]] = [
    ("company-start", "co.holders", {"co__kind": "llc_one", "co__holders": FIRM}, "一个人的公司，股东要是个人"),
    ("company-start", "co.holders", {"co__kind": "llc_one"}, "只有一位出资人"),
    ("company-start", "co.holders", {"co__kind": "sole"}, "只有一位出资人"),
    ("company-start", "co.holders", {"co__kind": "sole", "co__holders": FIRM}, "要由个人出资"),
    ("company-start", "co.holders", {"co__holders": ONE}, "两位以上出资人"),
    ("company-start", "co.holders", {"co__kind": "partnership", "co__holders": ONE}, "两位以上出资人"),
    ("company-start", "co.officers", {"co__officers": [{"role": "manager", "person": MOTHER}]}, "还差财务负责人"),
    ("restaurant", "premises.use", {"premises__use": "home"}, "住宅楼里不能开餐饮店"),
    ("restaurant", "premises.completed", {"premises__completed": False}, "消防验收"),
    ("restaurant", "food.kitchen_area", {"food__kitchen_area": 320.5}, "厨房比整个店还大"),
    ("dog-registration", "home.alone", {"home__alone": False}, "一户住一套房"),
    ("dog-registration", "dog.banned", {"dog__banned": True}, "禁养犬不能登记"),
    ("dog-registration", "dog.height", {"dog__height": 61.5}, "肩高超过 61 厘米"),
    ("dog-registration", "dog.born", {"dog__born": day(-89)}, "满 3 个月"),
    ("contribution-proof", "cert.until", {"cert__until": month(-25)}, "结束月份早于开始月份"),
    ("id-card", "delivery.mode", {"delivery__mode": "post", "delivery__to": VILLAGE}, "当场留指纹"),
    ("rent-withdrawal", "rent.until", {"rent__until": month(-6)}, "结束月份早于开始月份"),
    ("rent-withdrawal", "rent.no_home", {"rent__no_home": False}, "不能按租房提取"),
    ("rent-withdrawal", "bank.holder", {"bank__holder": "陈志远"}, "钱只进本人账户"),
]


@pytest.mark.parametrize("name", ALONE)
def test_items_departments_and_the_longest_way_are_those_of_the_facts(name: str) -> None:
    items = service(name).items
    days = critical_path({item.id: item for item in items}, lambda item: item.promised_days)
    assert (len(items), len({item.department for item in items}), days) == FACTS[name]


@pytest.mark.parametrize("name", ALONE)
def test_a_believable_filing_is_accepted_and_takes_as_long_as_the_facts_say(name: str) -> None:
    assert told(name) == []
    assert {item.id for item in service(name).items} - needed(name) == NOT_TOGETHER.get(name, set())
    assert planned(name).promised_days == FACTS[name][2]


@pytest.mark.parametrize("name", ALONE)
def test_what_must_be_come_for_and_what_the_state_holds_are_those_of_the_facts(name: str) -> None:
    found = service(name)
    assert {item.id for item in found.items if item.visit} == VISITS.get(name, set())
    assert {material.id for material in found.materials if material.source == "state"} == HELD[name]


@pytest.mark.parametrize("name", ALONE)
def test_no_page_asks_more_than_six_questions_at_once(name: str) -> None:
    found, filled = service(name).form, services.answers(name)
    shown = visible(found, filled, now())
    assert max(len([question for question in page.questions if question.id in shown]) for page in found.pages) <= 6


@pytest.mark.parametrize(("name", "item", "with_it", "without"), ITEMS)
def test_an_item_is_needed_only_under_its_condition(name: str, item: str, with_it: Changes, without: Changes) -> None:
    assert item in needed(name, with_it)
    assert item not in needed(name, without)


@pytest.mark.parametrize(("name", "material", "with_it", "without"), MATERIALS)
def test_a_material_is_asked_only_under_its_condition(name: str, material: str, with_it: Changes, without: Changes) -> None:
    assert material in asked(name, with_it)
    assert material not in asked(name, without)


@pytest.mark.parametrize("name", ALONE)
def test_no_condition_is_left_untried(name: str) -> None:
    found = service(name)
    assert {i.id for i in found.items if i.needed_if} - {i for n, i, _, _ in ITEMS if n == name} == set()
    assert {x.id for x in found.materials if x.needed_if} - {x for n, x, _, _ in MATERIALS if n == name} == set()


@pytest.mark.parametrize(("name", "at", "changes", "words"), BROKEN)
def test_a_rule_across_questions_says_what_is_wrong_where_it_is(name: str, at: str, changes: Changes, words: str) -> None:
    assert [(question, words in said) for question, said in told(name, changes) if question == at and words in said] == [
        (at, True)
    ]


@pytest.mark.parametrize("name", ALONE)
def test_every_rule_is_broken_once(name: str) -> None:
    said = {say for n, _, changes, _ in BROKEN if n == name for _, say in told(name, changes)}
    assert {rule.say.zh for rule in service(name).form.checks} - said == set()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("company-start", BRANCH),
        ("company-start", HOLDER),
        ("company-start", {"co__kind": "llc_one", "co__holders": ONE}),
        ("company-start", {"co__kind": "sole", "co__holders": ONE}),
        ("company-start", {"co__kind": "partnership"}),
        ("restaurant", LICENSED),
        ("restaurant", NEW_COMPANY),
        ("restaurant", SMALL),
        ("restaurant", {"premises__area": 60.0}),
        ("dog-registration", {"dog__height": 61.0, "dog__born": day(-90)}),
        ("dog-registration", {"home__tenure": "family", "delivery__mode": "pickup", "delivery__point": "zhutang"}),
        ("contribution-proof", {"cert__until": month(-24)}),
        ("id-card", {"id__fingerprints": True, "delivery__mode": "post", "delivery__to": VILLAGE}),
        ("id-card", {"id__reason": "expired", "id__expires": day(92)}),
        ("no-crime", {"use__purpose": "abroad", "use__country": "新加坡"}),
        ("no-crime", {"use__purpose": "other", "use__reason": "领养小猫要的", "former__name": "刘小芳"}),
        ("marriage-record", {"record__kind": "none", "record__month": None, "record__partner": None}),
        ("marriage-record", {"record__place": None}),
        ("rent-withdrawal", {"family__married": False, "family__spouse": None}),
        ("temporary-stall", SHOP),
        ("temporary-stall", {"occupy__kind": "other", "occupy__what": "拍照布景"}),
        ("legal-aid", WAGES),
        ("legal-aid", {"aid__means": "dibao", "family__members": None}),
        ("legal-aid", {"family__members": []}),
    ],
)
def test_what_is_right_is_accepted(name: str, changes: Changes) -> None:
    assert told(name, changes) == []


@pytest.mark.parametrize("name", ALONE)
def test_persons_file_for_themselves_and_shops_for_their_enterprise(name: str) -> None:
    who = {audience for audience in Audience if service(name).filed_by(audience)}
    both, firms = {"restaurant", "temporary-stall"}, {"outdoor-advertising"}
    assert who == (set(Audience) if name in both else {Audience.ENTERPRISE} if name in firms else {Audience.PERSON})


def test_a_founder_who_represents_the_company_is_not_asked_twice_who_they_are() -> None:
    form = service("company-start").form
    assert "co.rep" not in visible(form, services.answers("company-start"), now())
    assert "co.rep" in visible(form, services.answers("company-start", **HOLDER), now())


def test_a_licence_made_in_the_case_is_handed_on_and_a_dogs_vaccination_looked_up() -> None:
    assert "M-BL" in {x.id for x in planned("company-start").exempt}
    assert "dog-vaccination" in {x.id for x in planned("dog-registration").wanted}
    edition, filled = Edition("x", service("dog-registration")), services.answers("dog-registration")
    held = plan(edition, filled, now(), frozenset({"M-ID", "M-RE", "dog-vaccination"}))
    assert [x.id for x in held.wanted] == ["dog-photo"]


def test_registers_and_the_last_case_fill_in_what_they_know() -> None:
    known = {"marriage.spouse_name": "许静", "marriage.married": True, "earlier.rent.month": 1800.0, "enterprise.name": "莲桥"}
    married, divorced = {"record.kind": "marriage"}, {"record.kind": "divorce"}
    assert proposals(service("marriage-record").form, married, known, now())["record.partner"].value == "许静"
    assert "record.partner" not in proposals(service("marriage-record").form, divorced, known, now())
    rent = proposals(service("rent-withdrawal").form, {}, known, now())
    assert (rent["family.married"].value, rent["rent.month"].source) == (True, "earlier")
    stall = proposals(service("temporary-stall").form, {"occupy.who": "shop"}, known, now())
    assert stall["shop.name"].value == "莲桥"
    parcel = {"earlier.delivery.mode": "electronic"}
    assert "delivery.mode" not in proposals(service("dog-registration").form, {}, parcel, now())


def test_each_department_of_a_new_company_sees_its_own_questions_only() -> None:
    found = service("company-start")
    questions, materials = found.seen_by({"hpf.unit_open"})
    assert {"hpf.rate", "co.has_staff", "co.my_role", "co.rep"} <= questions
    assert not {"co.holders", "co.sign", "seal.kinds", "tax.invoice", "co.bank"} & questions
    assert materials == {"M-BL"}
    questions, materials = service("restaurant").seen_by({"urban.sign"})
    assert "sign.size" in questions
    assert not {"shop.staff", "food.items", "drain.trap", "shop.holders"} & questions
    assert materials == {"E04-sign", "M-BL"}


def test_whoever_claims_wages_is_asked_nothing_of_their_means() -> None:
    shown = visible(service("legal-aid").form, services.answers("legal-aid", **WAGES), now())
    assert not {"aid.means", "family.income", "family.members", "aid.sign"} & shown


@pytest.mark.parametrize(
    ("age", "names"),
    [
        (18, ("company-start", "restaurant", "dog-registration", "temporary-stall")),
        (16, ("id-card", "pension-transfer", "rent-withdrawal")),
    ],
)
def test_how_old_one_must_be_is_said_before_the_form(age: int, names: tuple[str, ...]) -> None:
    for name in names:
        assert f"applicant.age >= {age}.0" in [rule.must for rule in service(name).requirements]

"""Looks into the registers in words: what a register is called, what it answered, what came of a look."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from app.catalogue.definition import Material, Register
from app.catalogue.option_lists import option_list
from app.catalogue.registers import REGISTERS
from app.core.errors import N_
from app.core.i18n import gettext, pick
from app.core.words import WORDS
from app.forms.definition import Kind, Option, Question, Text

from . import display
from .enquiries import shown
from .looks import Looked, Looks
from .models import Outcome

#: Names of a register's fields; every field of catalogue/registers.py has one (a test says so).
LABELS: dict[Register, dict[str, Text]] = {
    Register.POPULATION: {
        "hukou": Text(zh="户籍地", en="Household registered in"), "address": Text(zh="住址", en="Address"),
        "nation": Text(zh="民族", en="Ethnic group"), "head": Text(zh="户主", en="Head of household"),
    },
    Register.MARRIAGE: {
        "state": Text(zh="婚姻状况", en="Marital state"), "married": Text(zh="现在有配偶", en="Married now"),
        "spouse_name": Text(zh="配偶", en="Spouse"), "date": Text(zh="登记日期", en="Registered on"),
    },
    Register.BIRTH: {
        "child_name": Text(zh="孩子姓名", en="Child's name"), "child_sex": Text(zh="孩子性别", en="Child's sex"),
        "child_born": Text(zh="孩子出生日期", en="Child born on"),
        "certificate": Text(zh="出生证编号", en="Certificate number"),
    },
    Register.SOCIAL_SECURITY: {
        "employee_insured": Text(zh="参加职工医保（生育保险）", en="In the employees' insurance"),
        "medical_kind": Text(zh="医保", en="Medical insurance"), "employer": Text(zh="参保单位", en="Employer"),
        "months": Text(zh="养老缴费月数", en="Months of pension insurance"),
        "pension_kind": Text(zh="养老待遇", en="Pension"), "pension_paused": Text(zh="养老待遇暂停发放", en="Pension paused"),
        "hpf_account": Text(zh="有公积金账户", en="Has a housing-fund account"),
    },
    Register.LICENCE: {
        "number": Text(zh="证号", en="Number"), "valid_until": Text(zh="有效期到", en="Valid until"),
        "name": Text(zh="持证人", en="Holder"), "address": Text(zh="坐落或住址", en="Place"),
    },
    Register.CREDIT: {"barred": Text(zh="有失信限制", en="Barred for bad credit")},
}  # fmt: skip
OPTION_LISTS = {
    "population.nation": "nations", "marriage.state": "marriage_states", "birth.child_sex": "sexes",
    "social_security.medical_kind": "medical_kinds", "social_security.pension_kind": "pension_kinds",
}  # fmt: skip
#: What identifies somebody else or can be misused: masked on the phone, where the subject knows it anyway.
MASKED = {"head", "spouse_name", "child_name", "number", "certificate"}

#: Where a filled-in answer came from; %(day)s is when the register was asked.
SOURCES = {
    Register.POPULATION: N_("来自公安人口库，%(day)s查到"),
    Register.MARRIAGE: N_("来自民政婚姻登记，%(day)s查到"),
    Register.BIRTH: N_("来自出生医学证明登记，%(day)s查到"),
    Register.SOCIAL_SECURITY: N_("来自社保参保信息，%(day)s查到"),
    Register.LICENCE: N_("来自电子证照库，%(day)s查到"),
    Register.CREDIT: N_("来自公共信用信息，%(day)s查到"),
}
#: What came of a look, for the person whose look it was.
CAME = {
    Outcome.FOUND: N_("查到了"),
    Outcome.NONE: N_("没查到，请拍照"),
    Outcome.DOWN: N_("查询系统现在没有回应，先拍照也行"),
    Outcome.WRONG: N_("查到的不是您本人的信息，没有使用"),
    Outcome.REFUSED: N_("您没有让我们查，请自己填、自己拍"),
}
#: The same where nothing is to be done any more.
CAME_SHORT = {
    Outcome.FOUND: N_("查到了"),
    Outcome.NONE: N_("没查到"),
    Outcome.DOWN: N_("没有回应"),
    Outcome.WRONG: N_("答错了人，没有使用"),
    Outcome.REFUSED: N_("您没有同意，没有查"),
}
#: Why a paper that a register might hold must be photographed.
WHY = {
    Outcome.FOUND: N_("登记库里没有这一样，请拍照"),
    Outcome.NONE: N_("没查到，请拍照"),
    Outcome.DOWN: N_("查询系统没有回应，可以再查一次，也可以拍照"),
    Outcome.WRONG: N_("查到的不是您本人的信息，没有使用，请拍照"),
    Outcome.REFUSED: N_("您没有让我们查，请拍照"),
}
DISPUTED, NOT_ASKED = N_("您说查到的对不上，请拍照"), N_("同意让我们查，也许就不用拍")
#: Outcomes that another try may better.
AGAIN = {Outcome.NONE, Outcome.DOWN, Outcome.WRONG, Outcome.REFUSED}


class Fact(NamedTuple):
    """One field that a register answered with: what it is called, and its value in words."""

    label: str
    words: str


@cache
def _question(register: Register, name: str) -> Question:
    """A field as a question, so that it reads like an answer of that kind."""
    listed = OPTION_LISTS.get(f"{register}.{name}")
    options: tuple[Option, ...] = option_list(listed) if listed else ()
    kind = REGISTERS[register].fields[name]
    return Question(id=f"{register}.{name}", kind=kind, label=LABELS[register][name], options=options)


def facts(register: Register, answer: Mapping[str, Any], names: Iterable[str], lang: str, *, whole: bool) -> list[Fact]:
    """The named fields of an answer in words; `whole` for who must compare them, else names and numbers are masked."""
    found = []
    for name in names:
        if answer.get(name) is None:
            continue
        question = _question(register, name)
        words = str(display.answer(question, answer[name], lang, whole=whole))
        if question.kind is Kind.DIVISION and words == answer[name]:
            continue  # a code without a name says nothing to anybody
        found.append(Fact(pick(question.label, lang), WORDS.mask(words) if name in MASKED and not whole else words))
    return found


def of_material(material: Material, look: Looked, lang: str, *, whole: bool = False) -> list[Fact]:
    """What a register answered, as far as it stands for a material."""
    return facts(look.register, look.answer, shown(material), lang, whole=whole)


def name(register: Register, licence: str, materials: Iterable[Material]) -> Text:
    """What is looked up: the register, or which certificate."""
    paper = next((m for m in materials if m.held_by is register and (m.licence or "") == licence), None)
    return paper.name if licence and paper else REGISTERS[register].name


def source(name: str) -> Text:
    """Where an answer came from and when: population.hukou@2026-11-25 is 来自公安人口库，11月25日查到 (今天查到)."""
    register, day = Register(name.partition(".")[0]), datetime.fromisoformat(name.partition("@")[2] + "T12:00:00+08:00")
    zh, en = WORDS.day(day, "zh"), WORDS.day(day, "en", before="on ")
    return Text(zh=SOURCES[register] % {"day": zh}, en=gettext(SOURCES[register], "en") % {"day": en})


def why(look: Looked | None) -> str:
    """Why a paper that a register might hold is to be photographed (a msgid)."""
    if look is None:
        return NOT_ASKED
    return DISPUTED if look.disputed_at else WHY[look.outcome]


def clean(words: str) -> str:
    """What a person wrote, without control characters."""
    return "".join(c for c in words.replace("\r\n", "\n").strip() if c == "\n" or c.isprintable())


class Fetched(NamedTuple):
    """A material that is not handed in: the look that answered with it and what it said; without a look it is made here."""

    material: Material
    look: Looked | None
    facts: list[Fact]


def fetched(materials: Iterable[Material], looks: Looks, lang: str, *, whole: bool = False) -> list[Fetched]:
    """Exempt materials with where they come from."""
    found = []
    for material in materials:
        look = looks.of(material)
        good = look if look and look.holds_material(material) else None
        found.append(Fetched(material, good, of_material(material, good, lang, whole=whole) if good else []))
    return found


def disputed(materials: Iterable[Material], looks: Looks, lang: str, *, whole: bool = False) -> list[Fetched]:
    """Materials whose register answered, and the person says that it does not fit."""
    asked = ((m, looks.of(m)) for m in materials)
    return [Fetched(m, look, of_material(m, look, lang, whole=whole)) for m, look in asked if look and look.disputed_at]

"""Answers made up by a dice with a seed, for any form: right ones, nearly right ones and rubbish."""

from random import Random
from typing import Any

from app.forms.definition import Form, Kind, Question

RUBBISH: list[Any] = [
    None, "", " ", "x", "王", "a\u200bb", "👍", "\u2028", "１２３", 0, -1, 7, 0.1, 2.675, 1e300, 2**53, True, False, [], {},
    [[]], [{}], ["x"], {"x": 1}, {"name": "王"}, {"division": "320507"}, {"way": "drawn"}, {"way": "typed"},
    [7, None], "toString", "__proto__",
]  # fmt: skip
IDS = ["320507199003070029", "320507200811255019", "11010519491231002x", "320507202611260015", "3205071990030700291", "X"]
PLACES = ["320000", "320500", "320507", "320507104", "320507104000", "320507104203", "110105", "020507", "3205071"]
TEXTS = ["渭塘镇珍珠湖路", "短", "no", " e\u0301 ", "一" * 201, "两行\n写的", "100%", "%(say)s"]
NAMES = ["王晓兰", "陈志远", "Anna O'Neill", "买买提•阿不都", "王1", "王"]
DAYS = ["2026-11-25", "2026-11-26", "2026-01-01", "2025-11-24", "1990-02-30", "0000-01-01", "2027-02-28", "2026-1-1"]
MONTHS = ["2026-11", "2027-02", "2026-13", "2020-01", "2026-1", "2025-12"]
AMOUNTS = [0, 1, 3, 9.5, 100, 33.33, 0.001, -5, 1200.5, 59, 60]
CODES = ["91110000600037341L", "9111000060003734O1", "91110000600037341", "91110000600037431L"]
CARDS = ["4111 1111 1111 1111", "4111111111111112", "41111", "4111a11111111111"]
PHONES = ["138 0000 6021", "+8613800006021", "12800006021", "1380000"]
POOLS: dict[Kind, list[Any]] = {
    Kind.TEXT: TEXTS, Kind.NAME: NAMES, Kind.ID_NUMBER: IDS, Kind.PHONE: PHONES, Kind.DATE: DAYS, Kind.MONTH: MONTHS,
    Kind.NUMBER: AMOUNTS, Kind.MONEY: AMOUNTS, Kind.YES_NO: [True, False], Kind.DECLARATION: [True, False],
    Kind.DIVISION: PLACES, Kind.BANK_CARD: CARDS, Kind.CREDIT_CODE: CODES,
}  # fmt: skip


def value(dice: Random, question: Question) -> Any:
    """Some answer to a question, mostly of the right kind."""
    if dice.random() < 0.12:
        return dice.choice(RUBBISH)
    match question.kind:
        case Kind.CHOICE:
            return dice.choice([option.value for option in question.options])
        case Kind.SEVERAL:
            return [o.value for o in question.options if dice.random() < 0.4]
        case Kind.ADDRESS:
            return dice.choice([dice.choice(TEXTS), {"division": dice.choice(PLACES), "detail": dice.choice(TEXTS)}])
        case Kind.PERSON:
            return {"name": dice.choice(NAMES), "id_number": dice.choice(IDS), "phone": dice.choice(PHONES)}
        case Kind.SIGNATURE:
            strokes = [[dice.randrange(1002) for _ in range(dice.choice((2, 4, 9, 40)))] for _ in range(dice.randrange(3))]
            return dice.choice([{"way": "drawn", "strokes": strokes}, {"way": "typed", "name": dice.choice(NAMES)}])
        case Kind.GROUP:
            return [row(dice, question) for _ in range(dice.randrange(4))]
    return dice.choice(POOLS[question.kind])


def row(dice: Random, group: Question) -> Any:
    """Some row of a group."""
    return {c.id: value(dice, c) for c in group.questions if dice.random() < 0.85} if dice.random() < 0.97 else None


def answers(dice: Random, form: Form) -> dict[str, Any]:
    """Some answers to a form, sometimes with one that it does not know."""
    found = {q.id: value(dice, q) for q in form.questions().values() if dice.random() < 0.85}
    return found | ({"nobody.asked": 1} if dice.random() < 0.1 else {})


def known(dice: Random, form: Form) -> dict[str, Any]:
    """Some of what may be known of a person, by the names of the sources."""
    profile = {"profile.name": dice.choice(NAMES), "profile.id_number": dice.choice(IDS), "profile.phone": dice.choice(PHONES)}
    enterprise = {"enterprise.name": "珍珠（苏州）有限公司", "enterprise.credit_code": dice.choice(CODES)}
    register = {"population.hukou": dice.choice(PLACES), "population.nation": "han", "marriage.married": True}
    earlier = {f"earlier.{q.id}": value(dice, q) for q in form.questions().values()}
    return {name: one for name, one in {**profile, **enterprise, **register, **earlier}.items() if dice.random() < 0.6}

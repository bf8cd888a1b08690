"""Groups, bounds, proposals, rules across questions, what the state holds: each key used rightly, each misuse by its line."""

from pathlib import Path

import pytest

from app.catalogue.loader import check, load
from tests.catalogue.folder import BANK, changed, write

AFTER = "    - {id: ask.when, kind: date, label: {zh: 哪天, en: When}}\n"
LABEL = "label: {zh: 题, en: Q}"
GROUP = (
    "{id: co.rows, kind: group, .., row: {zh: 行, en: Row}, questions: [{id: kind, kind: text, ..}, {id: n, kind: number, ..}]}"
)
PAPER = "- {id: M-ID, name: {zh: 身份证, en: ID card}, from_item: health.first, source: state}"


def asking(*questions: str) -> tuple[str, int]:
    """The tiny service with more questions, and the line of the first."""
    lines = "".join(f"    - {one.replace('..', LABEL)}\n" for one in questions)
    text, line = changed(AFTER, AFTER + lines)
    return text, line + 1


def group(old: str, new: str) -> str:
    assert GROUP.count(old) == 1, old
    return GROUP.replace(old, new)


#: what is wrong: (the questions, what is said of the last)
WRONG: dict[str, tuple[list[str], str]] = {
    "unit of a text": (["{id: a.x, kind: text, .., unit: {zh: 元, en: yuan}}"], "unit is for number and money, not for text"),
    "whole money": (["{id: a.x, kind: money, .., whole: true}"], "whole is for number, not for money"),
    "days of a month": (["{id: a.x, kind: month, .., latest_days: 0}"], "latest_days is for date, not for month"),
    "months of a date": (["{id: a.x, kind: date, .., latest_months: 0}"], "latest_months is for month, not for date"),
    "months the wrong way": (["{id: a.x, kind: month, .., earliest_months: 1, latest_months: 0}"], "earliest_months is beyond"),
    "a bound in another age": (["{id: a.x, kind: date, .., earliest_days: -99999999}"], "more than two hundred years away"),
    "length of a number": (["{id: a.x, kind: number, .., max_length: 3}"], "max_length is for text and name and address"),
    "phone of a name": (["{id: a.x, kind: name, .., with_phone: true}"], "with_phone is for person, not for name"),
    "depth of a text": (["{id: a.x, kind: text, .., down_to: town}"], "down_to is for division and address, not for text"),
    "depth unheard of": (["{id: a.x, kind: division, .., down_to: street}"], "down_to: input should be 'province', 'city'"),
    "here for a text": (["{id: a.x, kind: text, .., here: true}"], "here is for division and address, not for text"),
    "letters of an address": (["{id: a.x, kind: address, .., han_only: true}"], "han_only is for name, not for address"),
    "columns of a text": (["{id: a.x, kind: text, .., questions: [{id: n, kind: text, ..}]}"], "questions is for group"),
    "rows of a text": (["{id: a.x, kind: text, .., min_rows: 2}"], "min_rows is for group, not for text"),
    "group without columns": (["{id: a.x, kind: group, .., row: {zh: 行, en: Row}}"], "group needs questions"),
    "group without a name": ([group("row: {zh: 行, en: Row}, ", "")], "group needs row: what one row is called"),
    "rows the wrong way": ([group("row:", "min_rows: 5, max_rows: 2, row:")], "min_rows is more than max_rows"),
    "too many rows": ([group("row:", "max_rows: 1001, row:")], "less than or equal to 1000"),
    "group in a group": ([group("kind: text", "kind: group, row: {zh: 行, en: Row}")], "a column cannot be a group"),
    "declaration in a group": ([group("kind: text", "kind: declaration")], "a column cannot be a declaration"),
    "signature in a group": ([group("kind: text", "kind: signature")], "a column cannot be a signature"),
    "dotted column": ([group("id: kind", "id: a.kind")], "the id of a column has no dots"),
    "column twice": ([group("id: kind", "id: n")], "column 'n' is defined twice"),
    "column that is derived": (
        [group("{id: n, kind: number, ..}", "{id: id_number, kind: id_number, ..}, {id: age, kind: number, ..}")],
        "'row.age' is derived from another column, not asked",
    ),
    "proposal in a column": ([group("kind: number,", "kind: number, prefill: earlier,")], "a column has no prefill"),
    "items of a column": ([group("kind: number,", "kind: number, items: [health.first],")], "a column has no items"),
    "choice without options in a column": ([group("kind: number", "kind: choice")], "choice needs options"),
    "option twice in a column": (
        [group("kind: number", "kind: choice, options: [{value: a, ..}, {value: a, ..}]")],
        "option 'a' is given twice",
    ),
    "key for another kind in a column": ([group("kind: number", "kind: number, han_only: true")], "han_only is for name"),
    "total of nothing": ([group("row:", "total_of: n, row:")], "total_of and total_equals come together"),
    "total of a text": (
        ["{id: a.sum, kind: number, ..}", group("row:", "total_of: kind, total_equals: a.sum, row:")],
        "total_of must name a column of numbers or money, not 'kind'",
    ),
    "total equal to a later answer": (
        [group("row:", "total_of: n, total_equals: z.sum, row:")],
        "total_equals must name an earlier number or money question, not 'z.sum'",
    ),
    "total equal to a text": (
        ["{id: a.sum, kind: text, ..}", group("row:", "total_of: n, total_equals: a.sum, row:")],
        "total_equals must name an earlier number or money question, not 'a.sum'",
    ),
    "column over another's row": ([group("kind: text,", "kind: text, shown_if: has(row.n),")], "unknown field row.n"),
    "column without row": ([group("kind: number,", "kind: number, shown_if: kind == 'x',")], "unknown field kind"),
    "a wrong type": ([group("kind: number,", "kind: number, shown_if: row.kind > 1.0,")], "cannot compare a string"),
    "rows outside their group": ([GROUP, "{id: z.x, kind: text, .., shown_if: row.kind == 'x'}"], "unknown field row.kind"),
    "cells outside exists": ([GROUP, "{id: z.x, kind: text, .., shown_if: co.rows.kind == 'x'}"], "unknown field co.rows.kind"),
    "rows compared": ([GROUP, "{id: z.x, kind: text, .., shown_if: co.rows == 'x'}"], "a rows cannot be compared"),
    "a row compared": ([GROUP, "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h == 'x')\"}"], "a row cannot be"),
    "an unknown column": (
        [GROUP, "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.code == 'x')\"}"],
        "unknown field h.code",
    ),
    "what is derived, within exists": (
        [group("kind: number", "kind: date"), "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.n_days > 1.0)\"}"],
        "unknown field h.n_days",
    ),
    "an option that no row has": (
        [
            group("kind: text", "kind: choice, options: yes_or_no"),
            "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.kind == 'maybe')\"}",
        ],
        "'maybe' is no option of h.kind",
    ),
    "a column that may miss": (
        [
            group("{id: n, kind: number, ..}", "{id: n, kind: number, .., optional: true}"),
            "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.n > 1.0)\"}",
        ],
        "h.n may have no answer: write has(h.n)",
    ),
    "rows that may miss": (
        [group("row:", "min_rows: 0, row:"), "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.n > 1.0)\"}"],
        "co.rows may have no answer: write has(co.rows)",
    ),
    "a variable that is a field": (
        [GROUP, "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(ask, ask.n > 1.0)\"}"],
        "the variable ask has the name of a field",
    ),
    "rows for each row": (
        [GROUP, "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, co.rows.exists(o, o.n < h.n))\"}"],
        "would be asked too often",
    ),
    "exists over a text": (
        ["{id: a.x, kind: text, ..}", "{id: z.x, kind: text, .., shown_if: \"a.x.exists(h, h == 'x')\"}"],
        "exists() needs a list or a group, a.x is a string",
    ),
    "months compared": (
        ["{id: a.x, kind: month, ..}", "{id: z.x, kind: text, .., shown_if: \"a.x == '2026-01'\"}"],
        "dates cannot be compared",
    ),
    "address compared": (
        ["{id: a.x, kind: address, ..}", "{id: z.x, kind: text, .., shown_if: \"a.x == 'x'\"}"],
        "a address cannot be compared: only has() may ask for it",
    ),
    "sex unheard of": (
        ["{id: a.id_number, kind: id_number, ..}", "{id: z.x, kind: text, .., shown_if: \"a.sex == 'other'\"}"],
        "'other' is no option of a.sex",
    ),
    "age of a text": (
        ["{id: a.id_number, kind: text, ..}", "{id: z.x, kind: text, .., shown_if: a.age > 1.0}"],
        "unknown field a.age",
    ),
    "days since a text": (
        ["{id: a.x, kind: text, ..}", "{id: z.x, kind: text, .., shown_if: a.x_days > 1.0}"],
        "unknown field a.x_days",
    ),
    "asked and derived": (
        ["{id: a.id_number, kind: id_number, ..}", "{id: a.sex, kind: text, ..}"],
        "'a.sex' is derived from a.id_number, not asked",
    ),
    "a date's days asked": (
        ["{id: a.x, kind: date, ..}", "{id: a.x_days, kind: number, ..}"],
        "'a.x_days' is derived from a.x, not asked",
    ),
    "a keyword in a name": (["{id: a.in, kind: text, ..}"], "'in' cannot be a part of a field's name"),
    "a keyword before a name": (["{id: package.x, kind: text, ..}"], "'package' cannot be a part of a field's name"),
    "row before a name": (["{id: row.x, kind: text, ..}"], "'row' cannot be a part of a field's name"),
    "a source's name": (["{id: birth.child_name, kind: name, ..}"], "'birth.child_name' is the name of a source"),
    "register unheard of": (["{id: a.x, kind: text, .., prefill: weather.today}"], "unknown prefill 'weather.today'"),
    "register's field unheard of": (["{id: a.x, kind: text, .., prefill: population.income}"], "unknown prefill"),
    "one of several is wrong": (["{id: a.x, kind: text, .., prefill: [earlier, moon.x]}"], "unknown prefill 'moon.x'"),
    "name into a number": (["{id: a.x, kind: number, .., prefill: profile.name}"], "'profile.name' is a name, it does not fit"),
    "code into an ID number": (["{id: a.x, kind: id_number, .., prefill: enterprise.credit_code}"], "does not fit a id_number"),
    "hukou into a text": (["{id: a.x, kind: text, .., prefill: population.hukou}"], "is a division, it does not fit a text"),
    "question of another kind": (["{id: a.x, kind: text, .., prefill: ask.when}"], "'ask.when' is a date, it does not fit"),
    "a proposed promise": (["{id: a.x, kind: declaration, .., prefill: earlier}"], "a declaration is never proposed"),
    "a proposed signature": (["{id: a.x, kind: signature, .., prefill: earlier}"], "a signature is never proposed"),
}  # fmt: skip
GOOD = [
    ["{id: a.x, kind: text, .., prefill: [earlier, profile.name]}"],
    ["{id: a.x, kind: division, .., prefill: [population.hukou, profile.division], down_to: village, here: true}"],
    ["{id: a.x, kind: credit_code, .., prefill: enterprise.credit_code}", "{id: a.y, kind: credit_code, .., prefill: a.x}"],
    ["{id: a.x, kind: money, .., minimum: 0.5, maximum: 99.5, unit: {zh: 元, en: yuan}}"],
    ["{id: a.x, kind: month, .., earliest_months: -12, latest_months: 0}"],
    ["{id: a.sum, kind: money, ..}", group("row:", "total_of: n, total_equals: a.sum, min_rows: 1, max_rows: 1000, row:")],
    [group("kind: number,", "kind: number, shown_if: \"row.kind == 'x' && ask.wanted\",")],
    [GROUP, "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.n > 1.0 && h.kind == 'x')\"}"],
    [
        group("kind: text", "kind: several, options: yes_or_no"),
        "{id: z.x, kind: text, .., shown_if: \"co.rows.exists(h, h.kind.exists(k, k == 'aye'))\"}",
    ],
    ["{id: a.id_number, kind: id_number, ..}", "{id: z.x, kind: text, .., shown_if: \"a.sex == 'male' && a.age > 1.0\"}"],
    ["{id: a.hukou, kind: division, ..}", "{id: z.x, kind: text, .., shown_if: \"!a.local_hukou\"}"],
    ["{id: z.x, kind: text, .., shown_if: ask.when_days > 1.0}"],
    ["{id: a.rep, kind: person, .., with_phone: true}", "{id: z.x, kind: signature, .., shown_if: has(a.rep)}"],
    [group("{id: n, kind: number, ..", "{id: id_number, kind: id_number, ..}, {id: d, kind: text, .., shown_if: has(row.age)")],
]  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_key_used_wrongly_is_named_with_its_line(tmp_path: Path, what: str) -> None:
    questions, message = WRONG[what]
    text, line = asking(*questions)
    found = check(write(tmp_path, text))
    assert [f for f in found if f.startswith(f"tiny.yaml:{line + len(questions) - 1}: ") and message in f], found


@pytest.mark.parametrize("questions", GOOD, ids=lambda q: q[-1][:60])
def test_a_key_used_rightly_passes(tmp_path: Path, questions: list[str]) -> None:
    assert check(write(tmp_path, asking(*questions)[0])) == []


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("source: state}", "needs held_by or from_item, one of the two"),
        ("source: state, held_by: population, from_item: health.first}", "needs held_by or from_item, one of the two"),
        ("source: state, held_by: weather}", "held_by: input should be 'population', 'marriage'"),
        ("source: state, held_by: licence}", "licence says which one when held_by is licence"),
        ("source: state, held_by: birth, licence: business}", "licence says which one when held_by is licence"),
        ("source: state, from_item: health.third}", "unknown item 'health.third'"),
        ("source: system, from_item: health.first}", "from_item is for materials of source state"),
        ("source: applicant, held_by: birth}", "held_by is for materials of source state"),
        ("source: state, held_by: birth}", "material 'M-ID' is asked for on 0 pages, not 1"),
        ("source: state, held_by: birth, shows: [income]}", "unknown field 'income'"),
        ("source: state, from_item: health.first, shows: [hukou]}", "unknown field 'hukou'"),
    ],
)
def test_a_material_of_the_state_says_who_has_it(tmp_path: Path, new: str, message: str) -> None:
    text, line = changed(PAPER, PAPER.replace("from_item: health.first, source: state}", new))
    found = check(write(tmp_path, text))
    assert [f for f in found if f.startswith(f"tiny.yaml:{line}: ") and message in f], found


def test_a_material_that_a_register_holds_stands_on_one_page(tmp_path: Path) -> None:
    text, _ = changed(PAPER, PAPER.replace("from_item: health.first", "held_by: licence, licence: business, shows: [number]"))
    text, _ = changed("materials: [M-BANK]", "materials: [M-BANK, M-ID]", text)
    assert check(write(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{at: ask.count, must: ask.count > 1.0, say: {zh: 太少, en: Too few}}", ""),
        ("{at: ask.count, must: 'ask.count > 1.0 && ask.wanted', say: {zh: 太少, en: Too few}}", ""),
        ("{at: ask.nobody, must: ask.count > 1.0, say: {zh: 太少, en: Too few}}", "unknown question 'ask.nobody'"),
        ("{at: ask.count, must: ask.nobody > 1.0, say: {zh: 太少, en: Too few}}", "unknown field ask.nobody"),
        ("{at: ask.count, must: ask.count, say: {zh: 太少, en: Too few}}", "a condition must be true or false, not a double"),
        ("{at: ask.count, must: 'true', say: {zh: 太少, en: Too few}}", "must names no question"),
        ("{at: ask.count, must: 'ask.count + 1.0', say: {zh: 太少, en: Too few}}", "is not allowed"),
        ("{at: ask.count, must: ask.count > 1.0}", "missing key 'say' in form.checks.0"),
    ],
)
def test_a_rule_across_questions_names_what_there_is(tmp_path: Path, rule: str, message: str) -> None:
    text, line = changed("form:\n", f"form:\n  checks:\n  - {rule}\n")
    found = check(write(tmp_path, text))
    assert [f for f in found if f.startswith(f"tiny.yaml:{line + 2}: ") and message in f] if message else found == []


def test_use_and_named_options_work_in_a_groups_columns_too(tmp_path: Path) -> None:
    bank, _ = changed("materials:\n", "  who:\n    kind: name\n    label: {zh: 谁, en: Who}\nmaterials:\n", BANK)
    columns = "questions: [{use: who, optional: true}, {id: how, kind: choice, .., options: yes_or_no}]"
    text, _ = asking(f"{{id: co.rows, kind: group, .., row: {{zh: 行, en: Row}}, {columns}}}")
    form = load(write(tmp_path, text, bank=bank)).services["tiny"].form
    who, how = form.questions()["co.rows"].questions
    assert (who.id, who.label.en, who.optional) == ("who", "Who", True)
    assert [option.value for option in how.options] == ["aye", "nay"]


def test_what_the_bank_lacks_is_named_at_its_column(tmp_path: Path) -> None:
    text, line = asking("{id: co.rows, kind: group, .., row: {zh: 行, en: Row}, questions: [{use: moon}]}")
    assert check(write(tmp_path, text)) == [f"tiny.yaml:{line}: the bank has no questions entry 'moon'"]


def test_a_life_event_is_one_of_the_file(tmp_path: Path) -> None:
    text, line = changed("lead: health\n", "lead: health\nevents: [birth, moon]\n")
    folder = write(tmp_path, text)
    events = "events:\n- {id: birth, name: {zh: 出生, en: Birth}, audience: person, icon: baby}\n"
    (folder / "events.yaml").write_text(events, encoding="utf-8")
    assert check(folder) == [f"tiny.yaml:{line + 1}: unknown life event 'moon'"]
    (folder / "events.yaml").write_text(events.replace("birth", "moon", 1) + events.removeprefix("events:\n"), encoding="utf-8")
    assert load(folder).events.keys() == {"birth", "moon"}


def test_a_life_event_is_defined_once(tmp_path: Path) -> None:
    folder = write(tmp_path)
    line = "- {id: birth, name: {zh: 出生, en: Birth}, audience: person, icon: baby}\n"
    (folder / "events.yaml").write_text("events:\n" + line + line, encoding="utf-8")
    assert check(folder) == ["events.yaml:3: life event 'birth' is defined twice"]

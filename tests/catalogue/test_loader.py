"""The strict loader: each thing that can be wrong is found, with its file and line."""

from pathlib import Path

import pytest

from app.catalogue.loader import check, load
from app.catalogue.yaml_marks import CatalogueError
from tests.catalogue.folder import BANK, DEPARTMENTS, changed, write

SECOND = "  promised_days: 2\n  after: [health.first]"

#: what is wrong: (the right text, the wrong text, what is said, how many lines below the change or beside which text)
WRONG: dict[str, tuple[str, str, str, int | str]] = {
    "unknown key": ("icon: heart", "icon: heart\ncolour: red", "unknown key 'colour'", 1),
    "unknown key in an item": ("  legal_days: 5", "  legal: 5", "unknown key 'legal'", 0),
    "key twice": ("icon: heart", "icon: heart\nicon: baby", "key 'icon' is given twice", 1),
    "missing key": ("lead: health\n", "", "missing key 'lead'", "id: tiny"),
    "missing English": (
        "title: {zh: 小事, en: A small matter}",
        "title: {zh: 小事}",
        "missing the English text (en) in title",
        0,
    ),
    "empty English": ("en: Everybody", 'en: ""', "missing the English text (en) in eligibility.en", 0),
    "missing Chinese": ("{zh: 属实, en: It is true}", "{en: It is true}", "missing the Chinese text (zh) in declaration", 0),
    "wrong type": ("  promised_days: 1", "  promised_days: soon", "items.0.promised_days: input should be a valid integer", 0),
    "unknown kind": ("kind: yes_no", "kind: maybe", "form.pages.0.questions.1.kind: input should be", 0),
    "bad id": ("id: ask.wanted", "id: Ask.Wanted", "should match pattern", 0),
    "item twice": ("- id: psb.second", "- id: health.first", "item 'health.first' is defined twice", 0),
    "question twice": ("id: ask.when", "id: ask.count", "question 'ask.count' is defined twice", 0),
    "material twice": ("{id: M-ID, name", "{id: M-BANK, name", "material 'M-BANK' is defined twice", 0),
    "unknown after": ("after: [health.first]", "after: [health.third]", "unknown item 'health.third'", 0),
    "unknown after_any": ("after: [health.first]", "after_any: [health.third]", "unknown item 'health.third'", 0),
    "unknown department": ("department: psb", "department: moon", "unknown department 'moon'", 0),
    "unknown lead": ("lead: health", "lead: moon", "unknown department 'moon'", 0),
    "unknown material on a page": ("materials: [M-BANK]", "materials: [M-BANK, M-X]", "unknown material 'M-X'", 0),
    "unknown item of a question": (
        "label: {zh: 要吗, en: Wanted}}",
        "label: {zh: 要吗, en: Wanted}, items: [a.b]}",
        "unknown item 'a.b'",
        0,
    ),
    "unknown item of a material": ("source: state}", "source: state, items: [a.b]}", "unknown item 'a.b'", 0),
    "unknown prefill": (
        "label: {zh: 哪天, en: When}}",
        "label: {zh: 哪天, en: When}, prefill: profile.age}",
        "unknown prefill 'profile.age'",
        0,
    ),
    "prefill from a later question": (
        "- {id: ask.wanted, kind: yes_no,",
        "- {id: ask.wanted, kind: yes_no, prefill: ask.how,",
        "unknown prefill 'ask.how'",
        0,
    ),
    "prefill_if alone": (
        "label: {zh: 哪天, en: When}}",
        "label: {zh: 哪天, en: When}, prefill_if: ask.wanted}",
        "prefill_if without prefill",
        0,
    ),
    "unknown in the bank": ("- use: M-BANK", "- use: M-MOON", "the bank has no materials entry 'M-MOON'", 0),
    "unknown options": ("options: yes_or_no", "options: moon", "the bank has no options entry 'moon'", 0),
    "cycle": (
        "  promised_days: 1\n",
        "  promised_days: 1\n  after: [psb.second]\n",
        "a cycle of items that wait for each other: health.first → psb.second → health.first",
        1,
    ),
    "cycle with itself": ("after: [health.first]", "after_any: [psb.second]", "psb.second → psb.second", 0),
    "promised over legal": ("  promised_days: 1\n", "  promised_days: 6\n", "promised_days 6 is longer than legal_days 5", 0),
    "condition without words": (
        "  when: {zh: 想办的, en: if wanted}\n",
        "",
        "needed_if and when come together",
        "needed_if: ask.wanted",
    ),
    "field both leaf and prefix": (
        "id: ask.when",
        "id: ask.wanted.when",
        "field 'ask.wanted' is both a leaf and a prefix of other fields",
        "- {id: ask.wanted, ",
    ),
    "field that is derived": (
        "id: ask.when",
        "id: applicant.age",
        "'applicant.age' is derived from applicant.id_number, not asked",
        0,
    ),
    "field without prefix": ("id: ask.when", "id: when", "field 'when' needs a prefix", 0),
    "choice without options": (", options: yes_or_no", "", "choice needs options", 0),
    "options of a number": ("kind: number,", "kind: number, options: yes_or_no,", "number has no options", 0),
    "material on no page": (
        "    materials: [M-BANK]\n",
        "",
        "material 'M-BANK' is asked for on 0 pages, not 1",
        "- use: M-BANK",
    ),
    "state's material on a page": (
        "materials: [M-BANK]",
        "materials: [M-BANK, M-ID]",
        "material 'M-ID' is asked for on 1 pages, not 0",
        "- {id: M-ID",
    ),
    "file and id differ": ("id: tiny", "id: huge", "service 'huge' must be in a file huge.yaml", 0),
    "bounds the wrong way": (
        "kind: number,",
        "kind: number, minimum: 3.0, maximum: 1.0,",
        "minimum is beyond its other bound",
        0,
    ),
    "not YAML": ("icon: heart", "icon: [heart", "not YAML", 1),
}

CONDITIONS = {
    "ask.wanted ==": "expected a field",
    "ask.wanted ? true : false": "'? true : fal' is not allowed",
    "ask.count + 1.0 == 2.0": "is not allowed",
    "has(ask.count) && ask.count == 2": "numbers are doubles, write 2.0",
    "size(ask.when) == 2.0": "the function size() is not allowed",
    "ask.when.matches('a')": "the function matches() is not allowed",
    "ask.nobody": "unknown field ask.nobody",
    "has(ask.nobody)": "unknown field ask.nobody",
    "ask.count > 1.0": "ask.count may have no answer: write has(ask.count) && … before it",
    "ask.how == 'aye'": "ask.how may have no answer: write has(ask.how) && … before it",
    "has(ask.how) || ask.how == 'aye'": "ask.how may have no answer",
    "ask.how == 'aye' && has(ask.how)": "ask.how may have no answer",
    "has(ask.how) && ask.how == 'maybe'": "'maybe' is no option of ask.how",
    "has(ask.how) && ask.how in ['aye', 'maybe']": "'maybe' is no option of ask.how",
    "has(ask.how) && ask.how": "a condition must be true or false, not a string",
    "ask.wanted == 'true'": "cannot compare a bool with a string",
    "ask.when == '2026-01-01'": "dates cannot be compared",
    "applicant.name < 'b'": "< compares numbers, not a string",
    "applicant.name in 'abc'": "must be a list",
    "ask.when.startsWith('2026')": "startsWith() needs a string, ask.when is a date",
    "applicant.name.exists(x, x == 'a')": "exists() needs a list",
    "applicant.age > 18.0": "unknown field applicant.age",
    "ask.wanted && ask.wanted == ask.wanted == true": "expected && or || between comparisons",
    "'\\\\n' == applicant.name": "is not allowed",
    "(((((((((((((((((((((ask.wanted)))))))))))))))))))))": "nested too deeply",
    "ask.wanted" + " || ask.wanted" * 60: "longer than 500 characters",
}
GOOD = [
    "ask.wanted",
    "has(ask.count) && ask.count > 1.0",
    "!has(ask.count) || ask.count in [1.0, 2.0]",
    "!(!has(ask.how) || ask.wanted) && ask.how == 'aye'",
    "ask.wanted && (has(ask.how) && ask.how != 'nay')",
    "applicant.name.startsWith('王')",
]


def test_a_good_catalogue_has_no_findings(tmp_path: Path) -> None:
    assert check(write(tmp_path)) == []


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, what: str) -> None:
    old, new, message, where = WRONG[what]
    text, line = changed(old, new)
    line = line + where if isinstance(where, int) else text[: text.index(where)].count("\n") + 1
    found = check(write(tmp_path, text))
    assert any(f.startswith(f"tiny.yaml:{line}: ") and message in f for f in found), found


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_bad_condition_is_named_with_file_and_line(tmp_path: Path, condition: str) -> None:
    text, line = changed("needed_if: ask.wanted", f'needed_if: "{condition}"')
    found = check(write(tmp_path, text))
    assert [f for f in found if f.startswith(f"tiny.yaml:{line}: bad expression: ") and CONDITIONS[condition] in f], found


@pytest.mark.parametrize("condition", GOOD)
def test_a_good_condition_passes(tmp_path: Path, condition: str) -> None:
    assert check(write(tmp_path, changed("needed_if: ask.wanted", f'needed_if: "{condition}"')[0])) == []


def test_a_question_may_depend_on_earlier_ones_only(tmp_path: Path) -> None:
    text, line = changed("- {id: ask.wanted, kind: yes_no,", "- {id: ask.wanted, kind: yes_no, shown_if: has(ask.count),")
    assert f"tiny.yaml:{line}: bad expression: unknown field ask.count" in check(write(tmp_path, text))


def test_a_derived_value_may_miss_when_its_question_may(tmp_path: Path) -> None:
    text, _ = changed("id: ask.count, kind: number", "id: applicant.hukou, kind: division")
    text, line = changed("needed_if: ask.wanted", "needed_if: applicant.local_hukou", text)
    found = check(write(tmp_path, text))
    finding = "applicant.local_hukou may have no answer: write has(applicant.local_hukou) && … before it"
    assert found == [f"tiny.yaml:{line}: bad expression: {finding}"]


def test_a_mistake_in_the_bank_is_named_there(tmp_path: Path) -> None:
    bank, line = changed("label: {zh: 姓名, en: Name}", "label: {zh: 姓名}", BANK)
    assert check(write(tmp_path, bank=bank)) == [
        f"bank.yaml:{line}: missing the English text (en) in form.pages.0.questions.0.label"
    ]


def test_a_mistake_in_the_departments_is_named_there(tmp_path: Path) -> None:
    departments, line = changed("{id: psb,", "{id: health,", DEPARTMENTS)
    assert check(write(tmp_path, departments=departments)) == [f"departments.yaml:{line}: department 'health' is defined twice"]


def test_all_findings_of_all_files_come_at_once(tmp_path: Path) -> None:
    text, _ = changed("department: psb", "department: moon")
    text, _ = changed("after: [health.first]", "after: [health.third]", text)
    write(tmp_path, text)
    (tmp_path / "other.yaml").write_text("id: other\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    assert {f.mark.file for f in caught.value.findings} == {"tiny.yaml", "other.yaml"}
    assert len([f for f in caught.value.findings if f.mark.file == "tiny.yaml"]) == 2


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert check(write(tmp_path, text)) == ["tiny.yaml:1: must be a mapping of keys"]


def test_no_python_object_comes_out_of_a_definition(tmp_path: Path) -> None:
    text, line = changed("icon: heart", "icon: !!python/object/apply:os.system [echo]")
    found = check(write(tmp_path, text))
    assert len(found) == 1
    assert found[0].startswith(f"tiny.yaml:{line}: ")


def test_the_district_of_the_installation_is_stamped_into_the_form(tmp_path: Path) -> None:
    assert load(write(tmp_path), "310115").services["tiny"].form.district == "310115"


def test_our_own_definitions_are_good() -> None:
    assert check() == []

"""Who may file: told before the form, and never held against somebody of whom it is not known."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.definition import Audience, Service
from app.catalogue.eligibility import unmet
from app.catalogue.loader import check, load
from tests.catalogue.folder import changed, write

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
BORN_1949, BORN_2008, BOY_2008 = "11010519491231002X", "320507200811265014", "320507200811255019"
RULES = """\
requirements:
- must: applicant.age >= 60.0
  say: {zh: 满六十岁才能办, en: From the age of sixty}
- must: applicant.local_hukou || applicant.enterprise
  say: {zh: 只给本区户籍的人办, en: For local households}
- must: "!applicant.enterprise"
  say: {zh: 企业不能办, en: Not for enterprises}
items:
"""
AGE, LOCAL, PERSON = "From the age of sixty", "For local households", "Not for enterprises"


def service(folder: Path, rules: str = RULES) -> Service:
    return load(write(folder, changed("items:\n-", rules + "-")[0]), "320507").services["tiny"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, []),
        ({"profile.name": "王晓兰"}, []),
        ({"profile.id_number": BORN_1949}, []),
        ({"profile.id_number": BORN_2008}, [AGE]),
        ({"profile.id_number": BORN_1949, "population.hukou": "320507104"}, []),
        ({"profile.id_number": BORN_1949, "population.hukou": "310115"}, [LOCAL]),
        ({"profile.id_number": BORN_2008, "population.hukou": "310115"}, [AGE, LOCAL]),
        ({"profile.id_number": BORN_1949, "enterprise.credit_code": "91110000600037341L"}, [PERSON]),
        ({"profile.id_number": "nonsense"}, []),
    ],
)
def test_what_is_not_met_is_told_and_what_is_unknown_is_not(tmp_path: Path, known: dict[str, Any], said: list[str]) -> None:
    assert [text.en for text in unmet(service(tmp_path), known, NOW)] == said


def test_without_requirements_nobody_is_turned_away(tmp_path: Path) -> None:
    assert unmet(load(write(tmp_path)).services["tiny"], {"profile.id_number": BORN_2008}, NOW) == ()


def test_age_is_counted_in_full_years_on_the_day(tmp_path: Path) -> None:
    rule = "requirements:\n- {must: applicant.age >= 18.0, say: {zh: 满十八岁, en: From eighteen}}\nitems:\n"
    adult = service(tmp_path, rule)
    assert unmet(adult, {"profile.id_number": BOY_2008}, NOW) == ()
    assert [t.en for t in unmet(adult, {"profile.id_number": BORN_2008}, NOW)] == ["From eighteen"]


@pytest.mark.parametrize(
    ("must", "said"),
    [
        ("applicant.income > 1.0", "unknown field applicant.income"),
        ("ask.wanted", "unknown field ask.wanted"),
        ("applicant.sex == 'other'", "'other' is no option of applicant.sex"),
        ("applicant.age", "a condition must be true or false, not a double"),
        ("applicant.age >= 18", "numbers are doubles, write 18.0"),
    ],
)
def test_a_requirement_over_anything_else_is_refused_with_its_line(tmp_path: Path, must: str, said: str) -> None:
    rule = f'requirements:\n- must: "{must}"\n  say: {{zh: 不行, en: Not so}}\nitems:\n'
    text, line = changed("items:\n-", rule + "-")
    assert [f for f in check(write(tmp_path, text)) if f.startswith(f"tiny.yaml:{line + 1}: ") and said in f]


@pytest.mark.parametrize(
    ("filers", "person", "enterprise"),
    [("", True, False), ("filers: [enterprise]\n", False, True), ("filers: [person, enterprise]\n", True, True)],
)
def test_the_audience_files_unless_the_definition_says_who(tmp_path: Path, filers: str, person: bool, enterprise: bool) -> None:
    found = load(write(tmp_path, changed("lead: health\n", f"lead: health\n{filers}")[0])).services["tiny"]
    assert (found.filed_by(Audience.PERSON), found.filed_by(Audience.ENTERPRISE)) == (person, enterprise)

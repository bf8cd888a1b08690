"""docs/authoring.md: its example is followed step by step, and every key, value, register and command is explained."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from app.catalogue import report
from app.catalogue.bank import SECTIONS
from app.catalogue.definition import Audience, Edition, ItemKind, ServiceKind, Source
from app.catalogue.loader import DEFINITIONS, check, load, models
from app.catalogue.registers import REGISTERS
from app.catalogue.search import search
from app.catalogue.search_index import Index
from app.catalogue.sources import EARLIER, ENTERPRISE, PROFILE
from app.cli import app, catalogue
from app.forms.definition import Kind, Level, Text
from app.forms.derived import DERIVED

TEXT = (Path(__file__).parents[2] / "docs/authoring.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", TEXT))
LESSON = TEXT[: TEXT.index("## All keys")]
BLOCKS = re.findall(r"```(yaml|text)\n(.*?)```", LESSON, re.S)
HOLDS = "Every definition holds.\n"
WHOLE = [text for kind, text in BLOCKS if kind == "yaml"][-1]


def folder(tmp_path: Path, service: str) -> Path:
    """The release's shared files and the lesson's service."""
    for name in ("bank.yaml", "departments.yaml", "events.yaml"):
        (tmp_path / name).write_text((DEFINITIONS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "library-card.yaml").write_text(service, encoding="utf-8")
    return tmp_path


def answers(tmp_path: Path, service: str) -> str:
    """What the computer prints about it."""
    return "".join(f"{line}\n" for line in check(folder(tmp_path, service))) or HOLDS


def test_each_step_of_the_lesson_gets_the_answer_that_stands_below_it(tmp_path: Path) -> None:
    service, steps = "", 0
    for (kind, text), (_, answer) in pairwise(BLOCKS):
        if kind == "yaml":
            service = text if text == WHOLE else f"{service}\n{text}".lstrip()
            assert answers(tmp_path, service) == answer
            steps += 1
    assert steps == 6


def test_the_lessons_service_is_found_as_it_says(tmp_path: Path) -> None:
    made = load(folder(tmp_path, WHOLE), "320507")
    known = Index([Edition("x", made.services["library-card"])], made.departments, made.events)
    for query in ("借书", "jieshuzheng", "jsz", "借输证", "借書證", "library card"):
        assert search(query, known).hits, query


def test_the_lessons_report_is_what_it_shows(tmp_path: Path) -> None:
    made = load(folder(tmp_path, WHOLE))
    shown = [text for kind, text in BLOCKS if kind == "text"][-1]
    assert "\n".join(list(report.text(report.lines(made.services.values())))[2:]) + "\n" == shown


def mistakes() -> list[tuple[str, str, str]]:
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+)` \|$", LESSON, re.M)
    return [(written, right, message) for written, right, message in rows]


@pytest.mark.parametrize(("written", "right", "message"), mistakes())
def test_each_mistake_is_answered_as_the_lesson_says(tmp_path: Path, written: str, right: str, message: str) -> None:
    assert right in WHOLE
    assert message in answers(tmp_path, WHOLE.replace(right, written, 1))


def test_the_lesson_shows_at_least_ten_mistakes() -> None:
    assert len(mistakes()) >= 10


def test_every_key_is_explained() -> None:
    keys = {(model.__name__, key) for model in models() if model is not Text for key in model.model_fields}
    named = {name for name, _ in keys}
    assert named >= {
        "Service",
        "Item",
        "Material",
        "Form",
        "Page",
        "Question",
        "Option",
        "Basis",
        "Faq",
        "DepartmentDef",
        "LifeEvent",
    }
    assert not [f"{name}.{key}" for name, key in sorted(keys) if not any(re.search(rf"\b{key}\b", code) for code in CODE)]


def test_every_value_that_may_be_written_is_explained() -> None:
    for kind in (*Kind, *ItemKind, *ServiceKind, *Source, *Audience, *Level):
        assert kind.value in CODE, kind
    for name in (*DERIVED, *PROFILE, *ENTERPRISE, EARLIER, *SECTIONS):
        assert name in CODE, name


def test_every_register_and_field_is_explained_with_the_kind_that_it_fills() -> None:
    table = TEXT[TEXT.index("### Registers") :].splitlines()
    for register, found in REGISTERS.items():
        row = next(line for line in table if line.startswith(f"| `{register.value}` |"))
        assert found.name.zh in row
        assert found.keeper.zh in row
        for field, kind in found.fields.items():
            assert f"`{register.value}.{field}` ({kind.value})" in row


def test_every_entry_of_the_bank_is_named() -> None:
    bank = yaml.safe_load((DEFINITIONS / "bank.yaml").read_text(encoding="utf-8"))
    assert [name for section in SECTIONS for name in bank[section] if name not in CODE] == []


def test_every_command_of_the_catalogue_is_explained_and_exists() -> None:
    commands = {command.name for command in catalogue.registered_commands}
    explained = {match[1] for code in CODE if (match := re.match(r"linban catalogue (\w+)", code))}
    assert explained == commands


def test_the_commands_of_the_lesson_run() -> None:
    found = CliRunner().invoke(app, ["catalogue", "find", "狗正"])
    assert found.exit_code == 0
    assert "looked for 狗证 instead\n1  dog-registration  养犬登记  (keyword 狗证)" in found.output
    nothing = CliRunner().invoke(app, ["catalogue", "find", "修桥头路灯"])
    assert "Nothing fits" in nothing.output

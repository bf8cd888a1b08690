"""Server and browser come to the same for every service and the largest form, whatever is answered."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.catalogue import editions
from app.catalogue.definition import Service
from app.forms.answers import check_answers, proposals
from app.forms.conditions import holds, shown
from app.forms.definition import Form
from app.forms.mistakes import Mistake
from tests.forms import large, made
from tests.forms.vectors import read

SCRIPT = Path(__file__).parents[1] / "js/forms/twin.js"
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
EACH = 25
EVERY_KIND = {"district": "320507", "pages": [{"id": "all", "title": large.LABEL, "questions": [
    *({"id": f"k.x{n}", "label": large.LABEL, **question} for n, (question, _) in enumerate(large.KINDS)),
    {"id": "k.sign", "kind": "signature", "label": large.LABEL}, {"id": "k.vow", "kind": "declaration", "label": large.LABEL},
    {"id": "k.here", "kind": "address", "label": large.LABEL, "here": True, "optional": True},
    {**large.GROUP, "max_rows": 3, "questions": [
        {"id": f"c{n}", "label": large.LABEL, **question} for n, (question, _) in enumerate(large.KINDS)
    ]},
]}]}  # fmt: skip


def forms() -> dict[str, tuple[Form, list[str]]]:
    """Every form that there is, and the conditions over it that are not part of it."""
    made_up = {"largest": large.form(), "every kind": Form.model_validate(EVERY_KIND)}
    vectors = {name: Form.model_validate(read("answers.json")[name]["form"]) for name in ("across", "offered")}
    services = {edition.service.id: (edition.service.form, _conditions(edition.service)) for edition in editions.all_current()}
    return {name: (form, []) for name, form in {**made_up, **vectors}.items()} | services


def _conditions(service: Service) -> list[str]:
    texts = [item.needed_if for item in service.items]
    texts += [text for material in service.materials for text in (material.needed_if, material.exempt_if)]
    return [text for text in texts if text]


def _said(mistakes: tuple[Mistake, ...]) -> list[list[Any]]:
    return [[m.question_id, m.text_msgid, m.params] for m in mistakes]


def ours(form: Form, case: dict[str, Any]) -> dict[str, Any]:
    """What the server makes of a case."""
    answers = case["answers"]
    checked = check_answers(form, answers, NOW, page_id=case["page"], partial=case["partial"])
    seen = shown(form, answers, NOW)
    offered = proposals(form, answers, case["known"], NOW)
    return {
        "values": checked.values,
        "mistakes": _said(checked.mistakes),
        "warnings": _said(checked.warnings),
        "proposals": [[name, one.value, one.source] for name, one in offered.items()],
        "shown": seen,
        "holds": [holds(condition, seen, NOW, form.district) for condition in case["conditions"]],
    }


def plain(value: Any) -> Any:
    """As JSON."""
    return json.loads(json.dumps(value, default=lambda model: model.model_dump()))


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """(form, case, what the server makes of it, what the browser does)."""
    dice, cases, mine = Random(3), [], []  # noqa: S311 - a dice, no secret
    for name, (form, conditions) in forms().items():
        definition = form.model_dump(mode="json")
        for n in range(EACH if name != "largest" else 3):
            pages = [page.id for page in form.pages]
            answers = large.answers() if name == "largest" and n == 0 else made.answers(dice, form)
            case = {
                "name": name, "form": definition, "answers": answers, "known": made.known(dice, form), "now": NOW.isoformat(),
                "page": dice.choice([None, *pages]), "partial": dice.random() < 0.3, "conditions": conditions,
            }  # fmt: skip
            cases.append(case)
            mine.append(plain(ours(form, case)))
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(["node", str(SCRIPT)], input=lines, capture_output=True, text=True, check=True, timeout=120)
    theirs = [json.loads(line) for line in done.stdout.rstrip("\n").split("\n")]
    return [(case["name"], case, one, two) for case, one, two in zip(cases, mine, theirs, strict=True)]


@pytest.mark.parametrize("part", ["values", "mistakes", "warnings", "proposals", "shown", "holds"])
def test_both_come_to_the_same(pairs: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]], part: str) -> None:
    differ = [(name, case["answers"], one[part], two[part]) for name, case, one, two in pairs if one[part] != two[part]]
    assert differ[:1] == []


def test_the_made_up_answers_are_worth_comparing(
    pairs: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]],
) -> None:
    assert len({text for _, _, one, _ in pairs for _, text, _ in one["mistakes"]}) > 30
    assert any(one["proposals"] for _, _, one, _ in pairs)
    assert any(one["warnings"] for _, _, one, _ in pairs)
    assert {held for _, _, one, _ in pairs for held in one["holds"]} == {True, False}

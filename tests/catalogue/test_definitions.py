"""Every definition of the catalogue can be filled in, has nothing out of reach, both languages, and icons that exist."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.catalogue.definition import Edition, Service
from app.catalogue.loader import load
from app.catalogue.plans import plan
from app.core import static
from app.forms import mistakes as m
from app.forms.answers import check_answers
from app.forms.definition import Text
from tests.catalogue.walker import Walker

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
CATALOGUE = load(district="320507")
SERVICES = sorted(CATALOGUE.services)
TRIES = 100
#: Rules across questions may refuse what chance has filled in; nothing else may.
RULES = (m.SAID, m.TOTAL)


def texts(node: Any) -> Iterator[Text]:
    """Every text of a definition."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from texts(part)
    elif hasattr(type(node), "model_fields"):
        for name in type(node).model_fields:
            yield from texts(getattr(node, name))


@pytest.fixture(scope="module", params=SERVICES)
def walked(request: pytest.FixtureRequest) -> tuple[Service, list[dict[str, Any]], list[dict[str, Any]]]:
    """A service, and what some of many walkers filled in: everything, and what broke no rule."""
    service = CATALOGUE.services[request.param]
    everything, right = [], []
    for seed in range(TRIES):
        answers = Walker(seed, NOW).filled(service.form)
        checked = check_answers(service.form, answers, NOW)
        assert [x for x in checked.mistakes if x.text_msgid not in RULES] == [], (seed, answers)
        everything.append(answers)
        if not checked.mistakes:
            assert checked.values.keys() == answers.keys()
            right.append(answers)
    return service, everything, right


def test_it_can_be_filled_in(walked: tuple[Service, list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    assert walked[2]


def test_every_question_is_asked_of_somebody(walked: tuple[Service, list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    service, everything, _ = walked
    assert service.form.questions().keys() - {name for answers in everything for name in answers} == set()


def test_every_item_is_needed_by_somebody(
    walked: tuple[Service, list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    service, everything, _ = walked
    edition = Edition("x", service)
    plans = [plan(edition, answers, NOW) for answers in everything]
    for n, item in enumerate(service.items):
        assert any(p.items[n].needed for p in plans), item.id


def test_every_material_is_asked_of_somebody(walked: tuple[Service, list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    service, everything, _ = walked
    plans = [plan(Edition("x", service), answers, NOW) for answers in everything]
    asked = {material.id for p in plans for material in (*p.wanted, *p.exempt)}
    assert {material.id for material in service.materials} - asked == set()


@pytest.mark.parametrize("service_id", SERVICES)
def test_english_is_complete_and_in_english(service_id: str) -> None:
    found = list(texts(CATALOGUE.services[service_id]))
    assert found
    assert [text.en for text in found if re.search(r"[\u4e00-\u9fff]", text.en)] == []
    assert [text.zh for text in found if not re.search(r"[\u4e00-\u9fff0-9%]", text.zh)] == []


@pytest.mark.parametrize("service_id", SERVICES)
def test_pages_are_short_and_questions_answered_before_people_ask(service_id: str) -> None:
    service = CATALOGUE.services[service_id]
    assert max(len(page.questions) for page in service.form.pages) <= 7
    assert service.keywords
    assert service.faq


def test_services_departments_and_events_have_icons_that_exist() -> None:
    sprite = static.files()["icons/sprite.svg"].decode()
    icons = [x.icon for x in (*CATALOGUE.services.values(), *CATALOGUE.departments.values(), *CATALOGUE.events.values())]
    assert [icon for icon in icons if f'id="i-{icon}"' not in sprite] == []


def test_an_item_says_the_same_wherever_it_is_used() -> None:
    """Facts define an item once: its department and its limits never differ between services."""
    seen: dict[str, tuple[Any, ...]] = {}
    for service in CATALOGUE.services.values():
        for item in service.items:
            same = (item.name, item.department, item.kind, item.legal_days, item.promised_days)
            assert seen.setdefault(item.id, same) == same, (service.id, item.id)


def test_no_text_names_the_hotline() -> None:
    """The administrators set it: pages name it beside these texts, and a number written here would be the old one."""
    found = [text.zh for name in SERVICES for text in texts(CATALOGUE.services[name]) if "12345" in text.zh + text.en]
    assert found == []

"""Editions: a hash of what is meant, published once, closed with a reason, found again for as long as drafts need them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.accounts.models import Department
from app.catalogue import editions
from app.catalogue.definition import DepartmentDef, Service
from app.catalogue.loader import load, models
from app.catalogue.models import EditionRow
from app.core.errors import NotFound
from app.forms.definition import Text
from tests.catalogue.folder import SERVICE, changed, write

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)


def service(folder: Path, text: str = SERVICE) -> Service:
    return load(write(folder, text), "320507").services["tiny"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 有件小事", "zh: 有一件小事"),
        ("zh: 要吗", "zh: 要不要"),
        ("icon: heart", "icon: baby"),
        ("zh: 属实", "zh: 都是真的"),
        ("lead: health\n", "lead: health\nkeywords: [small]\n"),
    ],
)
def test_a_corrected_word_is_no_new_edition(tmp_path: Path, old: str, new: str) -> None:
    before = editions.edition_id(service(tmp_path))
    assert editions.edition_id(service(tmp_path, changed(old, new)[0])) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("promised_days: 2", "promised_days: 3"),
        ("needed_if: ask.wanted", 'needed_if: "!ask.wanted"'),
        ("optional: true", "optional: true, maximum: 9.0"),
        ("  after: [health.first]\n", ""),
        ("kind: date,", "kind: text,"),
        ("options: yes_or_no", "options: [{value: aye, label: {zh: 行, en: Aye}}]"),
        ("source: state}", "source: state, items: [psb.second]}"),
        ("lead: health\n", "lead: health\nfilers: [person, enterprise]\n"),
        ("lead: health\n", "lead: health\nrequirements: [{must: applicant.age > 1.0, say: {zh: 太小, en: Too young}}]\n"),
        ("form:\n", "form:\n  checks: [{at: ask.count, must: ask.count > 1.0, say: {zh: 太少, en: Too few}}]\n"),
        ("  - use: applicant.name\n", "  - {use: applicant.name, prefill: [profile.name, earlier]}\n"),
        ("lead: health\n", "lead: health\nrevision: 2\n"),
    ],
)
def test_another_meaning_is_another_edition(tmp_path: Path, old: str, new: str) -> None:
    before = editions.edition_id(service(tmp_path))
    assert editions.edition_id(service(tmp_path, changed(old, new)[0])) != before


def test_the_order_of_pages_and_questions_is_part_of_the_meaning(tmp_path: Path) -> None:
    lines = SERVICE.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "ask.count" in line)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert editions.edition_id(service(tmp_path)) != editions.edition_id(service(tmp_path, "".join(lines)))


class Grown(Service):
    """The language of a later release."""

    hours: str = "always"
    notices: tuple[str, ...] = ()


def test_a_key_added_to_the_language_makes_no_new_edition(tmp_path: Path) -> None:
    before = service(tmp_path)
    grown = Grown.model_validate(before.model_dump())
    assert editions.edition_id(grown) == editions.edition_id(before)
    assert editions.edition_id(grown.model_copy(update={"hours": "mornings"})) != editions.edition_id(before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lead: health\n", "lead: health\nvisits: 0\nfilers: []\n"),
        ("kind: date,", "kind: date, optional: false, shown_if: null,"),
        ("source: state}", "source: state, min_pages: 1, held_by: null}"),
        ("lead: health\n", "lead: health\nevents: []\n"),
    ],
)
def test_a_default_that_is_written_out_makes_no_new_edition(tmp_path: Path, old: str, new: str) -> None:
    before = editions.edition_id(service(tmp_path))
    assert editions.edition_id(service(tmp_path, changed(old, new)[0])) == before


def test_no_default_ever_changes_since_it_would_change_what_stored_editions_mean() -> None:
    something = {
        f"{model.__name__}.{key}": field.default
        for model in models()
        for key, field in model.model_fields.items()
        if not field.is_required() and field.default not in (None, (), False, "") and model is not DepartmentDef
    }
    assert something == {
        "Service.revision": 1, "Material.min_pages": 1, "Material.max_pages": 3, "Question.min_length": 1,
        "Question.max_length": 200, "Question.min_rows": 1, "Question.max_rows": 20,
    }  # fmt: skip


def test_current_knows_our_services_and_nothing_else() -> None:
    assert editions.current("newborn").service.id == "newborn"
    assert {e.service.id for e in editions.all_current()} == set(load().services)
    with pytest.raises(NotFound):
        editions.current("moon")


def test_publishing_brings_departments_and_editions_once(session: Session) -> None:
    assert editions.publish(session, NOW) == []  # the fixture has published already
    session.delete(session.get_one(EditionRow, ("newborn", editions.current("newborn").id)))
    session.flush()
    assert editions.publish(session, NOW) == [f"newborn@{editions.current('newborn').id}"]
    assert {d.id for d in session.exec(select(Department))} >= {"health", "cdc", "psb", "msb", "hrss"}


def test_publishing_corrects_the_words_of_an_edition_in_place(session: Session) -> None:
    row = session.get_one(EditionRow, ("newborn", editions.current("newborn").id))
    row.definition = {**row.definition, "title": {"zh": "旧字", "en": "Old words"}}
    session.flush()
    editions.publish(session, NOW)
    assert row.definition["title"]["zh"] == "新生儿出生一件事"


def test_an_old_edition_is_read_back_from_the_database(session: Session, tmp_path: Path) -> None:
    old = service(tmp_path)
    session.add(EditionRow(service_id="tiny", id="old", definition=old.model_dump(mode="json"), published_at=NOW))
    session.flush()
    found = editions.edition(session, "tiny", "old")
    assert found.service == old
    assert found.published_at == NOW


def test_an_edition_that_never_was_is_refused(session: Session) -> None:
    for service_id, edition_id in (("newborn", "0000"), ("moon", editions.current("newborn").id)):
        with pytest.raises(editions.UnknownEdition):
            editions.edition(session, service_id, edition_id)


def test_a_closed_edition_says_until_when_and_why_and_is_not_moved(session: Session) -> None:
    mine, until = editions.current("newborn").id, NOW + timedelta(days=30)
    reason = Text(zh="补贴办法改了", en="The rules of the subsidy changed")
    editions.close(session, "newborn", mine, until, reason)
    found = editions.edition(session, "newborn", mine)
    assert (found.closes_at, found.close_reason) == (until, reason)
    assert not editions.closed(found, NOW)
    assert editions.closed(found, until)
    with pytest.raises(editions.AlreadyClosing):
        editions.close(session, "newborn", mine, NOW, reason)
    with pytest.raises(editions.UnknownEdition):
        editions.close(session, "newborn", "0000", NOW, reason)

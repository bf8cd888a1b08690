"""An event without a text, and a text without an event, fail: which kinds are told is read from the code itself."""

import re
from pathlib import Path

from app import message_kinds
from app.cases.states import TABLE
from app.cases.telling import QUIET
from app.cases.words import TIMELINE
from app.message_kinds import Source, findings, told
from app.messages import kinds
from app.messages.models import Alert

ROOT = Path(__file__).parents[2]


def of(text: str) -> list[frozenset[str] | None]:
    """What is read from a module's text."""
    return [found for _, found in Source("m.py", text).told()]


def test_every_kind_that_is_told_has_its_text_and_every_text_is_told() -> None:
    assert findings() == []


def test_every_event_of_the_state_table_is_among_them() -> None:
    found = frozenset[str]().union(*(kind or frozenset() for kind in told().values()))
    assert {row.event for row in TABLE} <= found
    assert {"case_filed", "case_finished", "case_withdrawn", "dates_moved", "reply_moved", "staff_digest"} <= found


def test_what_stays_quiet_is_listed_and_explained_and_has_no_text() -> None:
    guide = (ROOT / "docs/messages.md").read_text()
    assert [kind for kind in QUIET if f"`{kind}`" not in guide] == []
    assert not set(QUIET) & set(kinds.texts().kinds)


def test_what_a_case_tells_stands_in_its_timeline_too() -> None:
    residents = {name for name, kind in kinds.texts().kinds.items() if not kind.group.staff} - {"test"}
    assert residents | set(QUIET) == set(TIMELINE)


def test_every_alert_of_the_reconciler_is_said_in_words() -> None:
    listed = re.search(r"`kind`: ([a-z_, ]+)", Alert.__doc__ or "")
    assert listed
    assert set(listed[1].split(", ")) == set(kinds.texts().alerts)


def test_a_kind_is_read_from_where_it_is_named() -> None:
    assert of('def f(s, c): happened(s, c, "a_thing", by, now)') == [{"a_thing"}]
    assert of('K = "a_thing"\ndef f(s, p): messages.tell_staff(s, p, K, {}, now)') == [{"a_thing"}]
    assert of('K = {1: "one", 2: "two"}\ndef f(s, c): happened(s, c, K[c.state], by, now)') == [{"one", "two"}]
    assert of('def g(i):\n return "x" if i else "y"\ndef f(s, c): happened(s, c, g(c), by, now)') == [{"x", "y"}]
    assert of('def f(s, p, k): messages.tell_staff(s, p, k, {})\ndef g(s): f(s, 1, "a_thing")') == [{"a_thing"}]
    assert of('def f(s, p): messages.tell(s, p, 1, "n", kind="a_thing")') == [{"a_thing"}]
    assert {row.event for row in TABLE} == of("def f(s, c, row): happened(s, c, row.event, by, now)")[0]
    assert of("def f(s, e): messages.tell(s, p, c, n, e.kind)") == [None]


def test_what_is_missing_is_named() -> None:
    wrong = findings({"cases/hearings.py:7": frozenset({"hearing_called", "case_filed"}), "cases/x.py:1": None})
    assert "cases/x.py:1: name plainly which kind is told here" in wrong
    assert "cases/hearings.py:7: no text for 'hearing_called' in texts.yaml" in wrong
    assert "texts.yaml: nothing tells 'item_denied'" in wrong
    assert not any("case_filed" in one for one in wrong)


def test_the_table_of_the_guide_is_that_of_the_file() -> None:
    assert "\n".join(message_kinds.table()) in (ROOT / "docs/messages.md").read_text()

"""The clock that an applicant sees, with dates counted by hand over National Day 2026 and its make-up workdays."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.cases.clocks import Face, Measure, Span, Stage, face, spent
from app.cases.states import ItemState
from app.core import workdays

TOWN = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment of 2026 in town time: "09-30 10:00"."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=TOWN)


@dataclass(frozen=True)
class Timed:
    """The columns that a clock needs."""

    state: ItemState
    promised_days: int = 5
    accepted_at: datetime | None = None
    promised_due: datetime | None = None
    legal_due: datetime | None = None
    decided_at: datetime | None = None


def accepted(moment: str, promised: int, legal: int | None = None) -> Timed:
    start = at(moment)
    legal_due = workdays.due(start, legal).at if legal is not None else None
    return Timed(ItemState.ACCEPTED, promised, start, workdays.due(start, promised).at, legal_due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # 2026: 1 to 7 October closed, Saturday 10 October and Sunday 20 September worked, 25 to 27 September closed.
        ("09-30 10:00", 1, "10-08 17:00"),
        ("09-30 10:00", 2, "10-09 17:00"),
        ("09-30 10:00", 3, "10-10 17:00"),
        ("09-30 10:00", 4, "10-12 17:00"),
        ("09-28 09:00", 5, "10-10 17:00"),
        ("09-18 16:00", 1, "09-20 17:00"),
        ("09-24 10:00", 1, "09-28 17:00"),
        ("10-01 10:00", 1, "10-08 17:00"),
    ],
)
def test_due_dates_follow_the_official_calendar(start: str, days: int, due: str) -> None:
    assert workdays.due(at(start), days).at == at(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("09-30 10:00", "09-30 17:00"),
        ("09-30 17:00", "10-08 17:00"),
        ("10-03 10:00", "10-08 17:00"),
        ("10-10 08:00", "10-10 17:00"),
    ],
)
def test_a_same_day_matter_is_due_at_the_close_of_that_working_day(start: str, due: str) -> None:
    assert workdays.due(at(start), 0).at == at(due)


def test_the_calendar_beyond_the_known_years_is_provisional() -> None:
    assert workdays.due(datetime(2031, 3, 3, 9, tzinfo=TOWN), 3).provisional


def test_no_clock_runs_before_acceptance() -> None:
    assert face(Timed(ItemState.FILED), at("09-30 10:00")) == Face(Stage.SENT)
    assert face(Timed(ItemState.RESUBMITTED), at("09-30 10:00")) == Face(Stage.SENT)
    assert face(Timed(ItemState.WAITING), at("09-30 10:00")) == Face(Stage.WAITING)
    assert face(Timed(ItemState.CORRECTION_ASKED), at("09-30 10:00")) == Face(Stage.CORRECTION)


def test_on_the_day_of_acceptance_nothing_is_used_yet() -> None:
    assert face(accepted("09-29 10:00", 5), at("09-29 16:00")) == Face(Stage.RUNNING, 0.0, None, Span(5, Measure.DAYS))


def test_the_holiday_uses_nothing() -> None:
    # Accepted Tuesday 29 September, five days: 30 September, 8, 9, 10 (Saturday, worked) and 12 October.
    running = accepted("09-29 10:00", 5)
    assert running.promised_due == at("10-12 17:00")
    for moment in ("09-30 17:00", "10-04 12:00", "10-08 09:00"):
        seen = face(running, at(moment))
        assert seen.stage is Stage.RUNNING
        assert seen.share == pytest.approx(0.2)
        assert (seen.used, seen.left) == (Span(1, Measure.DAYS), Span(4, Measure.DAYS))
    assert face(running, at("10-11 12:00")).stage is Stage.SOON


def test_used_and_left_add_up_to_the_promise() -> None:
    seen = face(accepted("10-12 10:00", 5), at("10-14 17:00"))
    assert (seen.stage, seen.used, seen.left) == (Stage.RUNNING, Span(2, Measure.DAYS), Span(3, Measure.DAYS))
    assert seen.share == pytest.approx(0.4)


def test_half_days_below_two_days_and_hours_below_one() -> None:
    running = accepted("10-12 10:00", 3)  # due Thursday 15 October 17:00
    assert face(running, at("10-14 10:00")).left == Span(1.5, Measure.DAYS)
    assert face(running, at("10-15 09:00")).left == Span(1, Measure.DAYS)
    assert face(running, at("10-15 14:00")).left == Span(3, Measure.HOURS)
    assert face(running, at("10-15 16:59")).left == Span(0, Measure.HOURS)


def test_due_soon_from_one_working_day_or_four_fifths() -> None:
    short, long = accepted("10-12 10:00", 3), accepted("10-12 10:00", 20)
    assert face(short, at("10-14 16:59")).stage is Stage.RUNNING
    assert face(short, at("10-15 09:00")).stage is Stage.SOON
    assert long.promised_due == at("11-09 17:00")
    assert face(long, at("10-30 17:00")).stage is Stage.RUNNING
    assert face(long, at("11-04 17:00")).stage is Stage.SOON


def test_over_the_promise_and_over_the_law() -> None:
    late = accepted("10-12 10:00", 1, legal=3)  # promised 13, legal 15 October
    seen = face(late, at("10-14 14:30"))
    assert (seen.stage, seen.left, seen.share) == (Stage.OVER, Span(0.5, Measure.DAYS), 1.0)
    assert face(late, at("10-13 17:01")).left == Span(0, Measure.HOURS)
    legal = face(late, at("10-16 14:30"))
    assert (legal.stage, legal.left) == (Stage.OVER_LEGAL, Span(0.5, Measure.DAYS))


def test_a_same_day_matter_counts_its_hours() -> None:
    seen = face(accepted("10-12 10:00", 0), at("10-12 14:00"))
    assert (seen.stage, seen.left, seen.used) == (Stage.SOON, Span(3, Measure.HOURS), None)
    assert seen.share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("10-12 10:40", Span(1, Measure.HOURS)),
        ("10-12 12:30", Span(2, Measure.HOURS)),
        ("10-12 14:30", Span(0.5, Measure.DAYS)),
        ("10-13 16:00", Span(1, Measure.DAYS)),
        ("10-14 12:00", Span(1.5, Measure.DAYS)),
        ("10-16 17:00", Span(4, Measure.DAYS)),
    ],
)
def test_time_used_is_counted_as_the_law_counts(end: str, said: Span) -> None:
    assert spent(at("10-12 10:00"), at(end)) == said


def test_a_finished_item_says_how_long_it_took_and_whether_late() -> None:
    running = accepted("10-12 10:00", 1)
    done = Timed(ItemState.FINISHED, 1, running.accepted_at, running.promised_due, None, at("10-13 16:00"))
    assert face(done, at("11-20 10:00")) == Face(Stage.DONE, 1.0, Span(1, Measure.DAYS), None, late=False)
    late = Timed(ItemState.DENIED, 1, running.accepted_at, running.promised_due, None, at("10-14 16:00"))
    assert face(late, at("11-20 10:00")) == Face(Stage.DENIED, 1.0, Span(2, Measure.DAYS), None, late=True)

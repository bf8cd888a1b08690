"""A changed calendar moves running dates: dates counted by hand over National Day 2026 (facts §9), and the hours of a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from app.cases import history, recounting
from app.cases.models import Case, CaseEvent, Correction
from app.cases.recounting import moved, recount
from app.cases.service import PlannedItem
from app.core import workdays
from app.core.clock import SHANGHAI, local
from app.messages.models import Message
from tests import factories as make
from tests.cases.hands import ask, decide, item_of

ITEM = "msb.maternity_benefit"
NATIONAL = workdays.Calendar()


def at(text: str) -> datetime:
    """A moment in town."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def town(**days: bool) -> workdays.Calendar:
    """A calendar with the town's own days: d1008=False closes 8 October 2026."""
    own = {date(2026, int(name[1:3]), int(name[3:])): is_open for name, is_open in days.items()}
    return workdays.Calendar(days=own)


def filed(session: Session, when: str, promised: int = 10, legal: int | None = 20) -> Case:
    """A case of one item that is with its department."""
    item = PlannedItem(ITEM, "msb", True, (), (), promised, legal)
    return make.make_case(session, make.make_person(session), items=(item,), now=at(when))


def accepted(session: Session, when: str, promised: int = 10, legal: int | None = 20) -> Case:
    """The same, accepted at once."""
    case = filed(session, when, promised, legal)
    decide(session, case, ITEM, at(when), "accept")
    return case


def day(moment: datetime | None) -> str:
    return f"{local(moment):%m-%d %H:%M}" if moment else ""


@pytest.mark.parametrize(("calendar", "promised"), [
    (NATIONAL, "10-09 17:00"),           # 20–24 Sep = 1–5, 28–30 = 6–8, 8 Oct = 9, 9 Oct = 10
    (town(d1008=False), "10-10 17:00"),  # 9 Oct = 9, Sat 10 Oct (make-up) = 10
    (town(d0927=True), "10-08 17:00"),   # Sun 27 Sep = 6, 28–30 = 7–9, 8 Oct = 10
    (town(d1010=False), "10-09 17:00"),  # after the due day nothing changes
    (town(d0920=False, d1008=False), "10-12 17:00"),  # 21 Sep = 1 … 30 Sep = 7, 9 Oct = 8, 10 Oct = 9, Mon 12 Oct = 10
])  # fmt: skip
def test_a_promise_of_ten_days_from_18_september(session: Session, calendar: workdays.Calendar, promised: str) -> None:
    case = accepted(session, "2026-09-18T10:00")
    recount(session, NATIONAL, calendar, at("2026-09-19T09:00"))
    item = item_of(session, case, ITEM)
    assert day(item.promised_due) == promised
    assert item.act_by == item.promised_due


def test_promise_and_law_move_together(session: Session) -> None:
    case = accepted(session, "2026-09-29T10:00", 20, 30)
    assert (day(item_of(session, case, ITEM).promised_due), day(item_of(session, case, ITEM).legal_due)) == (
        "11-02 17:00", "11-16 17:00",
    )  # fmt: skip
    assert recount(session, NATIONAL, town(d1008=False), at("2026-09-30T09:00")) == 1
    item = item_of(session, case, ITEM)
    assert (day(item.promised_due), day(item.legal_due)) == ("11-03 17:00", "11-17 17:00")


def test_the_department_has_as_many_days_to_accept_as_before(session: Session) -> None:
    case = filed(session, "2026-09-30T10:00")
    assert day(item_of(session, case, ITEM).act_by) == "10-13 17:00"
    recount(session, NATIONAL, town(d1008=False), at("2026-09-30T15:00"))
    assert day(item_of(session, case, ITEM).act_by) == "10-14 17:00"
    assert [m.kind for m in session.exec(select(Message))] == ["case_filed"], "nobody was promised the day of acceptance"


def test_an_applicant_gets_a_closed_day_back_but_never_loses_one(session: Session) -> None:
    case = filed(session, "2026-09-30T09:00")
    ask(session, case, ITEM, at("2026-09-30T10:00"))
    one = select(Correction)
    assert day(session.exec(one).one().reply_by) == "10-13 17:00"
    closed = town(d1008=False)
    recount(session, NATIONAL, closed, at("2026-09-30T15:00"))
    assert day(session.exec(one).one().reply_by) == "10-14 17:00"
    assert recount(session, closed, town(d1008=False, d1011=True), at("2026-09-30T16:00")) == 0
    assert day(session.exec(one).one().reply_by) == "10-14 17:00"
    assert day(item_of(session, case, ITEM).act_by) == "10-14 17:00"


def test_who_was_told_a_day_is_told_the_new_one_and_the_chain_says_so(session: Session) -> None:
    case = accepted(session, "2026-09-18T10:00")
    recount(session, NATIONAL, town(d1008=False), at("2026-09-19T09:00"))
    session.flush()
    told = session.exec(select(Message).where(Message.kind == "dates_moved")).one()
    assert (told.person_id, told.your_turn) == (case.applicant_id, False)
    assert datetime.fromisoformat(told.params["due"]) == at("2026-10-10T17:00")
    events = session.exec(select(CaseEvent).where(CaseEvent.kind == "dates_moved")).all()
    assert [(e.item_id, e.actor) for e in events] == [(ITEM, "system")]
    assert history.broken(session) == []


def test_a_correction_stays_the_applicants_turn(session: Session) -> None:
    case = filed(session, "2026-09-30T09:00")
    ask(session, case, ITEM, at("2026-09-30T10:00"))
    recount(session, NATIONAL, town(d1008=False), at("2026-09-30T15:00"))
    session.flush()
    turns = {m.kind: m.your_turn for m in session.exec(select(Message))}
    assert turns["correction_asked"]
    assert not turns["reply_moved"]


def test_what_was_decided_keeps_its_dates(session: Session) -> None:
    case = accepted(session, "2026-09-18T10:00")
    decide(session, case, ITEM, at("2026-09-21T10:00"), "approve")
    assert moved(session, NATIONAL, town(d1008=False)) == []
    assert day(item_of(session, case, ITEM).promised_due) == "10-09 17:00"


def test_a_look_ahead_changes_nothing(session: Session) -> None:
    case = accepted(session, "2026-09-18T10:00")
    found = moved(session, NATIONAL, town(d1008=False))
    assert [(each.told, each.later) for each in found] == [(True, True)]
    assert day(item_of(session, case, ITEM).promised_due) == "10-09 17:00"


def test_a_calendar_there_and_back_leaves_the_dates_as_they_were(session: Session) -> None:
    case = accepted(session, "2026-09-18T10:00")
    before = recounting._has(item_of(session, case, ITEM))
    recount(session, NATIONAL, town(d1008=False), at("2026-09-19T09:00"))
    recount(session, town(d1008=False), NATIONAL, at("2026-09-19T10:00"))
    assert recounting._has(item_of(session, case, ITEM)) == before


def test_other_office_hours_move_the_moment_and_tell_nobody_the_same_day_again(session: Session) -> None:
    case = accepted(session, "2026-09-18T10:00")
    shorter = replace(NATIONAL, hours=workdays.Hours(time(8, 30), time(11, 30), time(13), time(16, 30)))
    assert recount(session, NATIONAL, shorter, at("2026-09-19T09:00")) == 1
    assert day(item_of(session, case, ITEM).promised_due) == "10-09 16:30"
    session.flush()
    assert "dates_moved" not in {m.kind for m in session.exec(select(Message))}


def test_a_day_of_seven_and_a_half_hours_is_a_day() -> None:
    longer = replace(NATIONAL, hours=workdays.Hours(time(8, 30), time(12), time(13), time(17)))
    with workdays.using(longer):
        assert workdays.working_days(at("2026-09-21T08:30"), at("2026-09-22T17:00")) == 2
    assert workdays.working_days(at("2026-09-21T08:30"), at("2026-09-22T17:00")) == 2


def test_a_year_that_is_not_announced_stays_provisional_unless_the_town_said_the_day() -> None:
    with workdays.using(workdays.Calendar(days={date(2031, 1, 1): False})):
        assert workdays.workday(date(2031, 1, 2)).provisional
        assert workdays.workday(date(2031, 1, 1)) == workdays.Workday(open=False, provisional=False)


def test_the_worker_counts_again_what_an_older_calendar_dated(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "_swept", {})
    case = accepted(session, "2026-09-18T10:00")
    item = item_of(session, case, ITEM)
    item.promised_due = item.act_by = at("2026-10-08T17:00")  # as a process dated it that had not seen the change yet
    session.add(item)
    session.flush()
    now = at("2026-09-19T09:00")
    assert recounting.sweep(session, now, 100) == 1
    session.commit()
    assert day(item_of(session, case, ITEM).promised_due) == "10-09 17:00"
    assert recounting.sweep(session, now, 100) == 0

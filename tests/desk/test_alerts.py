"""What staff are told by the clock and by whose turn it is: whom, when, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import Role, Staff
from app.accounts.parties import Party
from app.cases import applicant, office
from app.cases.applicant import Asked
from app.cases.models import Case, CaseItem
from app.cases.office import Target
from app.core.clock import SHANGHAI
from app.core.workdays import Calendar, using
from app.desk import alert_rules, alerts
from app.messages.models import Message, StaffTold
from app.messages.told import sweep
from tests import factories
from tests.desk.conftest import BIRTH, item_of

#: A Wednesday morning at work; its Friday is an ordinary working day too.
MORNING = datetime(2026, 3, 18, 9, 5, tzinfo=SHANGHAI)
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=SHANGHAI)
MOST = 100


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def told(session: Session, who: Staff | None = None, kind: str | None = None) -> list[Message]:
    found = select(Message).where(col(Message.staff_id).is_not(None)).order_by(col(Message.id))
    if who:
        found = found.where(Message.staff_id == who.id)
    return [row for row in session.exec(found) if kind in (None, row.kind)]


def kinds(session: Session, who: Staff) -> list[str]:
    return [message.kind for message in told(session, who)]


def file(session: Session, now: datetime, many: int = 1, **more: Any) -> list[Case]:
    return [factories.make_case(session, factories.make_person(session), now=now, **more) for _ in range(many)]


def reviewer(staff: Staff) -> office.Reviewer:
    return office.Reviewer(staff.id, staff.department_id, staff.jurisdiction)


def claim(session: Session, staff: Staff, case: Case, item: str = BIRTH) -> CaseItem:
    office.claim(session, reviewer(staff), case.id, item, NOW)
    session.flush()
    return item_of(session, case, item)


def ask(session: Session, staff: Staff, case: Case, reply_by: datetime = at(25, 17)) -> None:
    """What a reviewer asks of an applicant."""
    version = item_of(session, case, BIRTH).version
    wanted = (Target(question="bank.holder"),)
    office.request_correction(session, reviewer(staff), case.id, BIRTH, version, wanted, "请改户名。", reply_by, NOW)


def reply(session: Session, case: Case) -> None:
    """The applicant answers what was asked."""
    party = Party(case.applicant_id)
    applicant.reply(session, party, case.number, BIRTH, "{}", Asked("some-key", "x", None), NOW)


@pytest.fixture
def team(session: Session) -> dict[str, Staff]:
    """卫健: two reviewers and a head; colleagues of another town; a reviewer of 公安; supervisors; who decides nothing."""

    def make(name: str, role: Role = Role.REVIEWER, jurisdiction: str = factories.DIVISION) -> Staff:
        return factories.make_staff(session, name, role=role, jurisdiction=jurisdiction)

    return {
        "one": make("health1"), "two": make("health2"), "head": make("health3", Role.HEAD),
        "town": make("health4", jurisdiction="320507104"), "elsewhere": make("health5", jurisdiction="330106"),
        "head elsewhere": make("health6", Role.HEAD, "330106"), "police": make("psb1"),
        "supervisor": make("das1", Role.SUPERVISOR), "supervisor elsewhere": make("das2", Role.SUPERVISOR, "330106"),
        "administrator": make("das3", Role.ADMINISTRATOR), "auditor": make("das4", Role.AUDITOR),
    }  # fmt: skip


def heard(session: Session, team: dict[str, Staff], kind: str) -> set[str]:
    """Who of the team was told something of a kind."""
    ids = {message.staff_id for message in told(session, kind=kind)}
    return {name for name, staff in team.items() if staff.id in ids}


def test_new_items_are_told_to_their_reviewers_as_one_number(session: Session, team: dict[str, Staff]) -> None:
    file(session, NOW - timedelta(minutes=5), 3)
    alerts.tell_new(session, NOW, MOST)
    assert heard(session, team, "staff_item_new") == {"one", "two"}
    (message,) = told(session, team["one"])
    assert (message.params["n"], message.params["item"], message.case_number) == (3, BIRTH, "")


def test_a_towns_reviewer_hears_of_that_towns_items_only(session: Session, team: dict[str, Staff]) -> None:
    file(session, NOW - timedelta(minutes=5), division="320507104001")
    alerts.tell_new(session, NOW, MOST)
    assert heard(session, team, "staff_item_new") == {"one", "two", "town"}


def test_new_items_are_told_at_most_every_half_hour(session: Session, team: dict[str, Staff]) -> None:
    for minute in range(60):
        file(session, NOW + timedelta(minutes=minute, seconds=1))
        alerts.tell_new(session, NOW + timedelta(minutes=minute), MOST)
    numbers = [message.params["n"] for message in told(session, team["one"])]
    assert len(numbers) == 2
    assert numbers[0] == 1
    assert 28 <= numbers[1] <= 31


def test_what_came_in_the_last_minute_waits_for_the_next_look(session: Session, team: dict[str, Staff]) -> None:
    file(session, NOW - timedelta(seconds=20))
    alerts.tell_new(session, NOW, MOST)
    assert told(session) == []
    alerts.tell_new(session, NOW + timedelta(minutes=1), MOST)
    assert len(told(session, team["one"])) == 1


def test_what_came_before_the_office_opened_is_in_the_digest(session: Session, team: dict[str, Staff]) -> None:
    file(session, at(17, 20), 2)
    alerts.tell_new(session, MORNING, MOST)
    assert told(session) == []
    alerts.tell_digests(session, MORNING, MOST)
    (message,) = told(session, team["one"])
    assert (message.kind, message.params["review"], message.params["fresh"]) == ("staff_digest", 2, 2)


def test_a_department_without_reviewers_tells_its_head(session: Session) -> None:
    head = factories.make_staff(session, "health3", role=Role.HEAD)
    file(session, NOW - timedelta(minutes=5))
    alerts.tell_new(session, NOW, MOST)
    assert kinds(session, head) == ["staff_item_new"]


@pytest.mark.parametrize("now", [at(18, 8, 59), at(18, 12, 30), at(18, 17), at(21, 10), at(6, 10, month=4)])
def test_nobody_is_told_outside_office_hours(session: Session, team: dict[str, Staff], now: datetime) -> None:
    """Early, at lunch, at closing time, on a Saturday, on 清明节 (Monday 6 April 2026)."""
    file(session, now - timedelta(days=40))
    file(session, now - timedelta(minutes=5))
    for chore in (alerts.tell_new, alerts.tell_lights, alerts.tell_digests):
        assert chore(session, now, MOST) == 0
    assert told(session) == []


def test_a_saturday_that_the_town_works_on_is_a_working_day(session: Session, team: dict[str, Staff]) -> None:
    with using(Calendar(days={at(21, 0).date(): True})):
        file(session, at(21, 9, 30))
        alerts.tell_new(session, at(21, 10), MOST)
    assert heard(session, team, "staff_item_new") == {"one", "two"}


def due_soon(session: Session, many: int = 1, **more: Any) -> list[Case]:
    """Cases whose acceptance is due this afternoon, at the close of the fifth working day."""
    return file(session, at(11, 10), many, **more)


def test_an_item_due_soon_is_told_to_the_reviewers_if_nobody_took_it(session: Session, team: dict[str, Staff]) -> None:
    (case,) = due_soon(session)
    alerts.tell_lights(session, NOW, MOST)
    assert heard(session, team, "staff_due_soon") == {"one", "two"}
    message = told(session, team["one"])[0]
    assert (message.case_number, message.params["n"]) == (case.number, 1)
    assert datetime.fromisoformat(message.params["due"]) == at(18, 17)


def test_an_item_due_soon_is_told_to_who_took_it_alone(session: Session, team: dict[str, Staff]) -> None:
    (case,) = due_soon(session)
    claim(session, team["two"], case)
    alerts.tell_lights(session, NOW, MOST)
    assert heard(session, team, "staff_due_soon") == {"two"}


@pytest.mark.parametrize("change", [{"active": False}, {"jurisdiction": "330106"}, {"department_id": "psb"}])
def test_who_may_not_work_on_it_any_more_is_not_told_but_the_reviewers_are(
    session: Session, team: dict[str, Staff], change: dict[str, Any]
) -> None:
    (case,) = due_soon(session)
    claim(session, team["two"], case)
    for name, value in change.items():
        setattr(team["two"], name, value)
    session.add(team["two"])
    session.flush()
    alerts.tell_lights(session, NOW, MOST)
    assert heard(session, team, "staff_due_soon") == {"one"}


def test_several_that_cross_at_once_are_one_message_to_a_person(session: Session, team: dict[str, Staff]) -> None:
    cases = due_soon(session, 5)
    claim(session, team["two"], cases[4])
    alerts.tell_lights(session, NOW, MOST)
    (free,), (with_own,) = told(session, team["one"]), told(session, team["two"])
    assert (free.params["n"], free.case_number, free.case_id) == (4, "", None)
    assert with_own.params["n"] == 5


def test_an_overdue_item_is_told_to_who_took_it_and_the_head(session: Session, team: dict[str, Staff]) -> None:
    (case,) = due_soon(session)
    claim(session, team["two"], case)
    alerts.tell_lights(session, at(19, 9, 1), MOST)
    assert heard(session, team, "staff_overdue") == {"two", "head"}
    assert heard(session, team, "staff_escalated") == heard(session, team, "staff_due_soon") == set()


def test_a_working_day_later_it_goes_to_the_head_and_the_supervisor_of_the_place(
    session: Session, team: dict[str, Staff]
) -> None:
    (case,) = due_soon(session)
    claim(session, team["two"], case)
    alerts.tell_lights(session, at(19, 16, 59), MOST)
    assert heard(session, team, "staff_escalated") == set()
    alerts.tell_lights(session, at(20, 9, 1), MOST)
    assert heard(session, team, "staff_escalated") == {"head", "supervisor"}


def test_a_weekend_is_no_working_day_to_be_overdue_in(session: Session, team: dict[str, Staff]) -> None:
    file(session, at(13, 10))  # due on Friday the 20th
    alerts.tell_lights(session, at(23, 9, 1), MOST)
    assert heard(session, team, "staff_escalated") == set()
    alerts.tell_lights(session, at(24, 9, 1), MOST)
    assert heard(session, team, "staff_escalated") == {"head", "supervisor"}


def test_each_light_is_told_once(session: Session, team: dict[str, Staff]) -> None:
    due_soon(session)
    for now in (NOW, NOW + timedelta(minutes=1), at(19, 9), at(19, 15), at(20, 9), at(20, 15), at(23, 9), at(27, 9)):
        alerts.tell_lights(session, now, MOST)
    assert kinds(session, team["one"]) == ["staff_due_soon", "staff_overdue"]
    assert kinds(session, team["head"]) == ["staff_overdue", "staff_escalated"]
    assert kinds(session, team["supervisor"]) == ["staff_escalated"]


def test_a_date_that_moves_away_and_comes_again_is_told_again(session: Session, team: dict[str, Staff]) -> None:
    (case,) = due_soon(session)
    alerts.tell_lights(session, NOW, MOST)
    item = item_of(session, case, BIRTH)
    item.act_by, item.warn_at = at(25, 17), at(24, 17)
    session.add(item)
    session.flush()
    alerts.tell_lights(session, at(19, 10), MOST)
    assert kinds(session, team["one"]) == ["staff_due_soon"]
    alerts.tell_lights(session, at(25, 9), MOST)
    assert kinds(session, team["one"]) == ["staff_due_soon", "staff_due_soon"]


def test_while_the_applicant_replies_no_light_is_the_departments(session: Session, team: dict[str, Staff]) -> None:
    (case,) = due_soon(session)
    ask(session, team["two"], case, reply_by=at(19, 17))
    alerts.tell_lights(session, at(24, 9, 1), MOST)
    assert told(session) == []


def test_a_correction_that_is_answered_tells_who_took_it_at_once(session: Session, team: dict[str, Staff]) -> None:
    (case,) = file(session, NOW)
    claim(session, team["two"], case)
    ask(session, team["two"], case)
    reply(session, case)
    (message,) = told(session)
    assert (message.staff_id, message.kind, message.case_number) == (team["two"].id, "staff_item_back", case.number)
    assert message.your_turn


def test_who_left_is_not_told_that_it_came_back_but_the_queue_hears_of_it(session: Session, team: dict[str, Staff]) -> None:
    (case,) = file(session, at(17, 10))
    claim(session, team["two"], case)
    ask(session, team["two"], case)
    team["two"].active = False
    session.add(team["two"])
    session.flush()
    reply(session, case)
    assert told(session) == []
    alerts.tell_new(session, NOW + timedelta(minutes=2), MOST)
    assert heard(session, team, "staff_item_new") == {"one"}


def numbers(message: Message) -> tuple[int, ...]:
    return tuple(message.params[name] for name in alert_rules.NUMBERS)


def test_the_digest_counts_what_is_ones_own(session: Session, team: dict[str, Staff]) -> None:
    """Six of the district: two new, one taken by each reviewer, one asked about by 1, one ended yesterday by 2."""
    file(session, at(17, 20), 2)
    mine, theirs, asked, ended = due_soon(session, 4)
    claim(session, team["one"], mine)
    claim(session, team["two"], theirs)
    ask(session, team["one"], asked)
    office.deny(session, reviewer(team["two"]), ended.id, BIRTH, 1, "第五条", "不归本部门办", at(17, 15))
    session.flush()
    assert alerts.tell_digests(session, at(18, 9), MOST) > 0
    found = {name: [numbers(message) for message in told(session, staff)] for name, staff in team.items()}
    # review, fresh, waiting, soon, over, finished
    assert found["one"] == [(3, 2, 1, 1, 0, 0)]
    assert found["two"] == [(3, 2, 0, 1, 0, 1)]
    assert found["head"] == found["supervisor"] == [(4, 2, 1, 2, 0, 1)]
    nothing = {"town", "elsewhere", "head elsewhere", "police", "supervisor elsewhere", "administrator", "auditor"}
    assert {name for name, messages in found.items() if not messages} == nothing


def test_the_digest_comes_once_a_day_and_on_working_days_only(session: Session, team: dict[str, Staff]) -> None:
    file(session, at(12, 10))
    for day in range(16, 24):
        for hour in (8, 9, 10, 14):
            alerts.tell_digests(session, at(day, hour, 1), MOST)
    days = [message.created_at.astimezone(SHANGHAI).day for message in told(session, team["one"])]
    assert days == [16, 17, 18, 19, 20, 23]


def test_without_anything_to_say_there_is_no_digest(session: Session, team: dict[str, Staff]) -> None:
    assert alerts.tell_digests(session, MORNING, MOST) == 9
    assert alerts.tell_digests(session, MORNING, MOST) == 0
    assert told(session) == []


def test_a_worker_that_starts_in_the_afternoon_sends_no_digest(session: Session, team: dict[str, Staff]) -> None:
    file(session, at(12, 10))
    assert alerts.tell_digests(session, at(18, 14), MOST) == 0


def test_a_closed_account_is_told_nothing(session: Session, team: dict[str, Staff]) -> None:
    for staff in team.values():
        staff.active = False
        session.add(staff)
    due_soon(session, 2)
    file(session, NOW - timedelta(minutes=5))
    for chore in (alerts.tell_digests, alerts.tell_new, alerts.tell_lights):
        chore(session, NOW, MOST)
    assert told(session) == []


def test_what_was_told_is_forgotten_after_a_long_time(session: Session) -> None:
    for number, age in enumerate((401, 402, 10)):
        session.add(StaffTold(subject=f"s{number}", what="soon", at=NOW - timedelta(days=age)))
    session.flush()
    assert sweep(session, NOW, MOST) == 2
    assert session.exec(select(StaffTold.subject)).all() == ["s2"]

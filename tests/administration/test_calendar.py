"""The calendar: a year in words, a day of the town's own, what it does shown before it is done."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.administration.calendar_routes import _view
from app.cases.models import Case
from app.cases.service import PlannedItem
from app.core import shared, workdays
from app.core.clock import local, utcnow
from app.core.models import CalendarDay
from app.messages.models import Message
from tests import factories as make
from tests.cases.hands import decide, item_of

from .conftest import Seat, form_of, send

ITEM = "msb.maternity_benefit"
#: Facts §9: working days by month in 2026, 248 in all.
DAYS_2026 = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
OFF_2026 = "1-1 1-2 1-3 2-15 2-16 2-17 2-18 2-19 2-20 2-21 2-22 2-23 4-4 4-5 4-6 5-1 5-2 5-3 5-4 5-5 6-19 6-20 6-21 9-25 9-26 9-27 10-1 10-2 10-3 10-4 10-5 10-6 10-7"  # noqa: E501
WORK_2026 = "1-4 2-14 2-28 5-9 9-20 10-10"


def days(text: str) -> set[date]:
    return {date(2026, *(int(part) for part in day.split("-"))) for day in text.split()}  # type: ignore[arg-type]


def next_working_day(after: date) -> date:
    day = after + timedelta(days=1)
    while not workdays.workday(day).open:
        day += timedelta(days=1)
    return day


def today() -> date:
    return local(utcnow()).date()


@pytest.fixture
def case(session: Session) -> Case:
    """An item accepted just now, promised in ten working days."""
    item = PlannedItem(ITEM, "msb", True, (), (), 10, 20)
    made = make.make_case(session, make.make_person(session), items=(item,))
    decide(session, made, ITEM, utcnow(), "accept")
    session.commit()
    return made


def due(session: Session, case: Case) -> date:
    found = item_of(session, case, ITEM).promised_due
    session.rollback()
    assert found is not None
    return local(found).date()


def closing(day: date) -> dict[str, str]:
    return {"day": day.isoformat(), "open": "closed", "reason_zh": "台风停办", "reason_en": "Typhoon", "source": "镇政府通知"}


def test_2026_is_as_the_state_council_announced_it() -> None:
    months, provisional = _view(2026, {})
    assert not provisional
    assert [month.working for month in months] == DAYS_2026
    assert sum(month.working for month in months) == 248
    every = [day for month in months for week in month.weeks for day in week if day]
    assert {day.day for day in every if not day.open and day.day.weekday() < 5} == {
        day for day in days(OFF_2026) if day.weekday() < 5
    }  # fmt: skip
    assert {day.day for day in every if day.open and day.day.weekday() >= 5} == days(WORK_2026)


def test_the_year_is_said_in_words_and_as_plain_tables(seat: Seat) -> None:
    page = seat().client.get("/desk/calendar?year=2026").text
    assert "248 个工作日" in page
    assert "20 日，周日 调休上班" in page
    assert page.count("<caption>") == 12
    assert "放假通知还没出" in seat("das2").client.get("/desk/calendar?year=2031").text
    for odd in ("", "abc", "1", "99999", "٢٠٢٦"):
        assert (
            seat("das3" if not odd else f"das{len(odd)}{ord(odd[0])}").client.get(f"/desk/calendar?year={odd}").status_code
            == 200
        )


def test_a_closed_day_is_shown_with_its_effect_and_saved_with_it(session: Session, seat: Seat, case: Case) -> None:
    admin, before = seat(), due(session, case)
    day = next_working_day(today())
    page = send(admin.client, "/desk/calendar", **closing(day))
    assert page.status_code == 200
    assert "会影响 1 个办件" in page.text
    assert "1 项变晚" in page.text
    assert "会告诉 1 项的申请人" in page.text
    assert due(session, case) == before, "a look changes nothing"
    answer = admin.client.post("/desk/calendar", data=form_of(page.text))
    assert answer.headers["location"] == f"/desk/calendar?year={day.year}&done=saved"
    assert due(session, case) == next_working_day(before)
    told = session.exec(select(Message).where(Message.kind == "dates_moved")).all()
    assert [message.person_id for message in told] == [case.applicant_id]
    page = admin.client.get(answer.headers["location"]).text
    assert "台风停办" in page
    assert "镇政府通知" in page


def test_pressing_twice_moves_the_dates_once(session: Session, seat: Seat, case: Case) -> None:
    admin, before = seat(), due(session, case)
    page = send(admin.client, "/desk/calendar", **closing(next_working_day(today())))
    form = form_of(page.text)
    assert admin.client.post("/desk/calendar", data=form).status_code == 303
    assert admin.client.post("/desk/calendar", data=form).headers["location"].endswith("done=same")
    assert due(session, case) == next_working_day(before)


def test_an_effect_that_grew_meanwhile_is_shown_again(session: Session, seat: Seat, case: Case) -> None:
    admin = seat()
    page = send(admin.client, "/desk/calendar", **closing(next_working_day(today())))
    item = PlannedItem(ITEM, "msb", True, (), (), 10, 20)
    other = make.make_case(session, make.make_person(session), items=(item,))
    decide(session, other, ITEM, utcnow(), "accept")
    session.commit()
    again = admin.client.post("/desk/calendar", data=form_of(page.text))
    assert again.status_code == 200
    assert "会影响 2 个办件" in again.text
    assert session.exec(select(CalendarDay)).first() is None


def test_taking_a_day_back_takes_the_dates_back(session: Session, seat: Seat, case: Case) -> None:
    admin, before, day = seat(), due(session, case), next_working_day(today())
    page = send(admin.client, "/desk/calendar", **closing(day))
    admin.client.post("/desk/calendar", data=form_of(page.text))
    removal = f"/desk/calendar/{day.isoformat()}/removal"
    page = admin.client.post(removal)
    assert "1 项变早" in page.text
    mark = form_of(page.text.split("removal")[1])["seen"]
    assert admin.client.post(removal, data={"seen": mark}).headers["location"].endswith("done=removed")
    assert due(session, case) == before
    assert admin.client.post(removal, data={"seen": mark}).headers["location"].endswith("done=same")


def test_a_day_that_is_over_stays_as_it_was(session: Session, seat: Seat, case: Case) -> None:
    before, day = due(session, case), today() - timedelta(days=2)
    session.add(CalendarDay(day=day, open=False, reason_zh="台风停办", source="镇政府通知", changed_at=utcnow()))
    session.commit()
    answer = seat().client.post(f"/desk/calendar/{day}/removal", data={})
    assert answer.status_code == 422
    assert "过去的日子不能改" in answer.text
    assert session.get(CalendarDay, day) is not None
    assert due(session, case) == before


def test_an_open_rest_day_brings_the_promise_forward(session: Session, seat: Seat, case: Case) -> None:
    admin, before = seat(), due(session, case)
    saturday = today() + timedelta(days=(5 - today().weekday()) % 7 or 7)
    while workdays.workday(saturday).open:
        saturday += timedelta(days=7)
    page = send(admin.client, "/desk/calendar", **{**closing(saturday), "open": "open"})
    admin.client.post("/desk/calendar", data=form_of(page.text))
    shared.refresh()
    assert workdays.workday(saturday).open
    assert due(session, case) < before


@pytest.mark.parametrize(("changed", "said"), [
    ({"day": "2026-02-30"}, "请选一天"), ({"day": ""}, "这一格要填"), ({"day": "2020-01-02"}, "过去的日子不能改"),
    ({"open": "maybe"}, "从里面选一个"), ({"reason_zh": ""}, "这一格要填"), ({"reason_zh": "typhoon"}, "要写汉字"),
    ({"source": ""}, "这一格要填"), ({"reason_en": "台风"}, "拉丁字母"),
])  # fmt: skip
def test_each_field_says_how_to_mend_it(session: Session, seat: Seat, changed: dict[str, str], said: str) -> None:
    page = send(seat().client, "/desk/calendar", **{**closing(next_working_day(today())), **changed})
    assert page.status_code == 422
    assert said in page.text
    assert session.exec(select(CalendarDay)).first() is None


def test_a_day_that_is_so_anyway_needs_no_exception(seat: Seat) -> None:
    day = next_working_day(today())
    page = send(seat().client, "/desk/calendar", **{**closing(day), "open": "open"})
    if workdays.national(day).provisional:
        assert page.status_code == 200
    else:
        assert page.status_code == 422
        assert "本来就是这样" in page.text


def test_an_administrator_of_a_town_only_looks(session: Session, seat: Seat) -> None:
    admin = seat(jurisdiction="320507104")
    assert "加一天" not in admin.client.get("/desk/calendar").text
    assert admin.client.post("/desk/calendar", data=closing(next_working_day(today()))).status_code == 403
    assert admin.client.post("/desk/calendar/2026-12-31/removal").status_code == 403
    assert session.exec(select(CalendarDay)).first() is None


def test_an_odd_day_leads_nowhere(seat: Seat) -> None:
    admin = seat()
    for odd in ("yesterday", "2026-13-01", "0000-00-00"):
        assert admin.client.post(f"/desk/calendar/{odd}/removal").status_code == 404


def test_the_home_page_says_that_offices_rest_on_a_day_of_the_towns_own(session: Session, seat: Seat) -> None:
    from app.home import greeting

    day = next_working_day(today())
    admin = seat()
    page = send(admin.client, "/desk/calendar", **closing(day))
    admin.client.post("/desk/calendar", data=form_of(page.text))
    shared.refresh()
    noon = utcnow() + timedelta(days=(day - today()).days)
    assert greeting.hours(noon).text == "部门今天休息"

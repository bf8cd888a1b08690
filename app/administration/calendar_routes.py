"""日历: the national calendar of a year, and the town's own days against it; a change shows first what it does."""

import calendar as months
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import Query
from starlette.responses import Response

from app.accounts.officers import CurrentAdministrator, Officer
from app.accounts.records import record
from app.core import workdays
from app.core.errors import N_, AppError, NotFound
from app.core.unit import Opened, Unit, router
from app.core.web import redirect

from . import checks, installation
from .errors import SomethingToMend
from .frame import need_whole, show
from .installation import Effect
from .sheets import Line, Posted, Sheet, read

routes = router()
Choice = Annotated[str, Query(max_length=60)]
FIRST, LAST = 2004, 2099
MONTHS = (
    N_("1 月"), N_("2 月"), N_("3 月"), N_("4 月"), N_("5 月"), N_("6 月"), N_("7 月"), N_("8 月"), N_("9 月"), N_("10 月"),
    N_("11 月"), N_("12 月"),
)  # fmt: skip

OVER = N_("过去的日子不能改；昨天的还可以补。")


def _day(text: str) -> str | None:
    try:
        year = date.fromisoformat(text).year
    except ValueError:
        return N_("请选一天。")
    return None if FIRST <= year <= LAST else N_("请选一天。")


LINES = (
    Line("day", N_("哪一天"), most=10, kind="date", check=_day),
    Line("open", N_("改成"), options=[("closed", N_("放假，不办公")), ("open", N_("上班"))]),
    Line("reason_zh", N_("为什么"), most=100, check=checks.chinese, hint=N_("像：台风停办、镇运动会调休。")),
    Line("reason_en", N_("为什么（英文）"), most=200, optional=True, check=checks.english),
    Line("source", N_("按哪份通知"), most=200, hint=N_("写文号或日期。")),
)


class Day(NamedTuple):
    """A day of the year view. `mark`: what it is beyond an ordinary day, in words."""

    day: date
    open: bool
    own: bool
    mark: str


class Month(NamedTuple):
    """A month: its weeks from Monday on (None: of another month), and what is special about it, in words."""

    name: str
    weeks: list[list[Day | None]]
    working: int
    special: list[Day]


def _view(year: int, own: dict[date, bool]) -> tuple[list[Month], bool]:
    """The twelve months, and whether the year's official notice is still missing."""
    provisional = workdays.national(date(year, 1, 1)).provisional
    return [_month(year, number, own, provisional) for number in range(1, 13)], provisional


def _month(year: int, number: int, own: dict[date, bool], provisional: bool) -> Month:
    weeks = [
        [_one_day(date(year, number, day), own, provisional) if day else None for day in week]
        for week in months.Calendar().monthdayscalendar(year, number)
    ]
    days = [day for week in weeks for day in week if day]
    return Month(MONTHS[number - 1], weeks, sum(day.open for day in days), [day for day in days if day.mark])


def _one_day(day: date, own: dict[date, bool], provisional: bool) -> Day:
    if day in own:
        return Day(day, own[day], True, N_("本镇上班") if own[day] else N_("本镇放假"))
    is_open = workdays.national(day).open
    usual = day.weekday() < 5
    mark = "" if provisional or is_open == usual else N_("调休上班") if is_open else N_("放假")
    return Day(day, is_open, False, mark)


def _page(
    unit: Unit, officer: Officer, year: int, sheet: Sheet, *, effect: Effect | None = None, removing: date | None = None,
    error: AppError | None = None, done: str = "",
) -> Response:  # fmt: skip
    rows = installation.overrides(unit.session, year)
    view, provisional = _view(year, {row.day: row.open for row in rows})
    context = {
        "year": year, "view": view, "provisional": provisional, "rows": rows, "sheet": sheet, "effect": effect,
        "removing": removing, "names": installation.department_names(), "first": FIRST, "last": LAST,
        "working": sum(month.working for month in view), "today": installation.today(unit.now),
    }  # fmt: skip
    return show(unit, officer, "administration/calendar.html", context, error=error, done=done)


@routes.get("/desk/calendar")
def year_view(unit: Opened, officer: CurrentAdministrator, year: Choice = "", done: Choice = "") -> Response:
    """The year, month by month, and the town's own days."""
    chosen = int(year) if year.isascii() and year.isdecimal() and FIRST <= int(year) <= LAST else 0
    this_year = installation.today(unit.now).year
    return _page(unit, officer, chosen or this_year, Sheet(LINES, {}), done=done)


@routes.post("/desk/calendar")
def save(unit: Opened, officer: CurrentAdministrator, posted: Posted) -> Response:
    """Set a day open or closed; first shown with its effect, then saved with it."""
    sheet = read(LINES, posted)
    year = installation.today(unit.now).year if "day" in sheet.mistakes else int(sheet.values["day"][:4])
    try:
        need_whole(officer)
    except AppError as error:
        return _page(unit, officer, year, sheet, error=error)
    if not sheet.mistakes:
        _across(sheet, unit.now)
    if sheet.mistakes:
        return _page(unit, officer, year, sheet, error=SomethingToMend())
    day, is_open = date.fromisoformat(sheet.values["day"]), sheet.values["open"] == "open"
    if installation.is_so(unit.session, day, is_open, sheet.values):
        return redirect(f"/desk/calendar?year={year}&done=same")
    effect = installation.effect_of_day(unit.session, day, is_open)
    if posted.get("seen") != effect.mark:
        record(unit.session, officer, "calendar.preview", ("day", day.isoformat()), unit.now)
        return _page(unit, officer, year, sheet, effect=effect)
    moved = installation.save_day(unit.session, day, is_open, sheet.values, unit.now)
    part = f"{sheet.values['open']}; moved {moved}"
    record(unit.session, officer, "calendar.set", ("day", day.isoformat()), unit.now, part=part)
    return redirect(f"/desk/calendar?year={year}&done=saved")


def _over(day: date, now: datetime) -> bool:
    return day < installation.today(now) - timedelta(days=1)


def _across(sheet: Sheet, now: datetime) -> None:
    """A day that is over cannot become another: what was due then was due. One that is so anyway needs no exception."""
    day, is_open = date.fromisoformat(sheet.values["day"]), sheet.values["open"] == "open"
    if _over(day, now):
        sheet.mistake("day", OVER)
    national = workdays.national(day)
    if national.open == is_open and not national.provisional and workdays.workday(day).open == is_open:
        sheet.mistake("open", N_("全国日历上这一天本来就是这样。"))


@routes.post("/desk/calendar/{day}/removal")
def remove(unit: Opened, officer: CurrentAdministrator, day: str, posted: Posted) -> Response:
    """Let the national calendar hold again for a day; first shown with its effect."""
    if _day(day):
        raise NotFound
    chosen = date.fromisoformat(day)
    try:
        need_whole(officer)
    except AppError as error:
        return _page(unit, officer, chosen.year, Sheet(LINES, {}), error=error)
    effect = installation.effect_of_day(unit.session, chosen, None) if _is_set(unit, chosen) else None
    if effect is None:
        return redirect(f"/desk/calendar?year={chosen.year}&done=same")
    if _over(chosen, unit.now):
        sheet = Sheet(LINES, {})
        sheet.mistake("day", OVER)
        return _page(unit, officer, chosen.year, sheet, error=SomethingToMend())
    if posted.get("seen") != effect.mark:
        record(unit.session, officer, "calendar.preview", ("day", day), unit.now)
        return _page(unit, officer, chosen.year, Sheet(LINES, {}), effect=effect, removing=chosen)
    moved = installation.remove_day(unit.session, chosen, unit.now)
    record(unit.session, officer, "calendar.remove", ("day", day), unit.now, part=f"moved {moved}")
    return redirect(f"/desk/calendar?year={chosen.year}&done=removed")


def _is_set(unit: Unit, day: date) -> bool:
    return any(row.day == day for row in installation.overrides(unit.session, day.year))

"""本镇设置: name, seal, hotline, office hours, a notice. They hold for the whole installation, within seconds, everywhere."""

from datetime import time
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.accounts.officers import CurrentAdministrator, Officer
from app.accounts.records import record
from app.core.errors import N_, AppError
from app.core.unit import Opened, Unit, router
from app.core.web import redirect

from . import checks, installation
from .errors import ChangedMeanwhile, SomethingToMend
from .frame import need_whole, show
from .installation import Effect
from .sheets import Line, Posted, Sheet, read

routes = router()
Choice = Annotated[str, Query(max_length=60)]
HOURS = ("opens", "lunch", "back", "closes")
LINES = (
    Line("name_zh", N_("镇名"), most=30, check=checks.chinese, hint=N_("每一页的上面都写着。")),
    Line("name_en", N_("镇名（英文）"), check=checks.english),
    Line("seal", N_("落款"), most=40, check=checks.chinese, hint=N_("印在回执和结果下面的单位名，不是公章。")),
    Line(
        "hotline", N_("服务电话"), most=20, kind="phone", check=checks.phone, hint=N_("办不了的时候，每一页都请人打这个电话。")
    ),
    Line("opens", N_("上午上班"), most=5, check=checks.clock, hint=N_("时限到当天下班为止；改了，在办的件要重算。")),
    Line("lunch", N_("上午下班"), most=5, check=checks.clock),
    Line("back", N_("下午上班"), most=5, check=checks.clock),
    Line("closes", N_("下午下班"), most=5, check=checks.clock),
    Line("notice_zh", N_("首页通知"), most=200, optional=True, kind="long", hint=N_("一两句要大家知道的事；空着就不显示。")),
    Line(
        "notice_en",
        N_("首页通知（英文）"),
        most=400,
        optional=True,
        kind="long",
        check=checks.english,
        hint=N_("写了中文的，英文也要写一句。"),
    ),
)


def _across(sheet: Sheet) -> None:
    """Rules across fields."""
    if not any(name in sheet.mistakes for name in HOURS):
        clocks = [time.fromisoformat(sheet.values[name]) for name in HOURS]
        if clocks != sorted(clocks) or clocks[0] == clocks[1] or clocks[2] == clocks[3]:
            sheet.mistake("opens", N_("四个时间要从早到晚，上午和下午都要有上班的时间。"))
    if sheet.values["notice_en"] and not sheet.values["notice_zh"]:
        sheet.mistake("notice_zh", N_("写了英文通知，也要写中文的。"))
    if sheet.values["notice_zh"] and not sheet.values["notice_en"]:
        sheet.mistake("notice_en", N_("英文页面也要有这条通知。"))


def _page(
    unit: Unit, officer: Officer, sheet: Sheet, *, effect: Effect | None = None, error: AppError | None = None, done: str = ""
) -> Response:  # fmt: skip
    context = {"sheet": sheet, "effect": effect, "names": installation.department_names()}
    return show(unit, officer, "administration/town.html", context, error=error, done=done)


@routes.get("/desk/town")
def settings_page(unit: Opened, officer: CurrentAdministrator, done: Choice = "") -> Response:
    """The settings as they are now."""
    values, version = installation.town_values(unit.session)
    return _page(unit, officer, Sheet(LINES, values, version), done=done)


@routes.post("/desk/town")
def save(unit: Opened, officer: CurrentAdministrator, posted: Posted) -> Response:
    """Save the settings; other office hours first show what they do to running cases."""
    sheet = read(LINES, posted)
    _across(sheet)
    values, version = installation.town_values(unit.session, lock=True)
    try:
        need_whole(officer)
    except AppError as error:
        return _page(unit, officer, sheet, error=error)
    if sheet.mistakes:
        return _page(unit, officer, sheet, error=SomethingToMend())
    if sheet.values == values:
        return redirect("/desk/town?done=same")
    if sheet.version != version:
        return _page(unit, officer, sheet.after(values, version), error=ChangedMeanwhile())
    if any(sheet.values[name] != values[name] for name in HOURS):
        effect = installation.effect_of_hours(unit.session, sheet.values)
        if effect.items and posted.get("seen") != effect.mark:
            record(unit.session, officer, "town.preview", ("town", "1"), unit.now)
            return _page(unit, officer, sheet, effect=effect)
    moved = installation.save_town(unit.session, sheet.values, unit.now)
    changed = ",".join(name for name, value in sheet.values.items() if values[name] != value)
    record(unit.session, officer, "town.change", ("town", "1"), unit.now, part=f"{changed}; moved {moved}"[:80])
    return redirect("/desk/town?done=saved")

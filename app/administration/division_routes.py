"""Towns and villages: added, renamed, closed. A used code is never deleted and never names another place."""

import re
from typing import Annotated, NamedTuple

from fastapi import Query
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.accounts.officers import CurrentAdministrator, Officer
from app.accounts.records import record
from app.core.errors import N_, AppError, NotFound
from app.core.settings import settings
from app.core.unit import Opened, Unit, router
from app.core.web import redirect
from app.territory import divisions, service
from app.territory.models import Division

from . import checks
from .errors import ChangedMeanwhile, SomethingToMend
from .frame import show
from .sheets import Line, Posted, Sheet, read

routes = router()
ONE = "/desk/divisions/{code}"
CODE = re.compile(r"[0-9]{9}([0-9]{3})?")
Choice = Annotated[str, Query(max_length=60)]
NAMES = (
    Line("name_zh", N_("名称"), check=checks.chinese, hint=N_("带上镇、街道、村、社区。")),
    Line("name_en", N_("英文名称"), most=120, check=checks.english),
)


def _code(text: str) -> str | None:
    return None if CODE.fullmatch(text) else N_("镇街写 9 位数字，村社区写 12 位。")


NEW = (
    Line("code", N_("编码"), most=12, check=_code, hint=N_("国家统计用区划代码：镇街 9 位，村社区 12 位。定了就不改。")),
    *NAMES,
)


class Row(NamedTuple):
    """A place in the list."""

    code: str
    name_zh: str
    name_en: str
    active: bool

    @property
    def village(self) -> bool:
        """Whether it lies in a town."""
        return len(self.code) == 12


def _within(officer: Officer) -> str:
    return max(settings().division, officer.jurisdiction, key=len)


def _rows(session: Session, officer: Officer, town: str) -> list[Row]:
    within = town if town.startswith(_within(officer)) else _within(officer)
    found = select(Division.code, Division.name_zh, Division.name_en, Division.active).order_by(col(Division.code))
    return [Row(*row) for row in session.exec(found.where(col(Division.code).startswith(within, autoescape=True)))]


def _find(session: Session, officer: Officer, code: str, *, lock: bool = False) -> Division:
    if not CODE.fullmatch(code) or not code.startswith(_within(officer)):
        raise NotFound
    found = select(Division).where(Division.code == code)
    row = session.exec(found.with_for_update() if lock else found).first()
    if row is None:
        raise NotFound
    return row


def _list(unit: Unit, officer: Officer, town: str, sheet: Sheet, *, error: AppError | None = None, done: str = "") -> Response:
    everything = _rows(unit.session, officer, "")
    shown = _rows(unit.session, officer, town) if town else everything
    context = {"rows": shown, "towns": [row for row in everything if not row.village], "town_code": town, "sheet": sheet}
    return show(unit, officer, "administration/divisions.html", context, error=error, done=done)


@routes.get("/desk/divisions")
def division_list(unit: Opened, officer: CurrentAdministrator, town: Choice = "", done: Choice = "") -> Response:
    """The towns and villages of my jurisdiction, and a form for another one."""
    return _list(unit, officer, town if town.isdecimal() else "", Sheet(NEW, {"code": town}), done=done)


@routes.post("/desk/divisions")
def add(unit: Opened, officer: CurrentAdministrator, posted: Posted) -> Response:
    """Add a town or a village."""
    sheet = read(NEW, posted)
    code = sheet.values["code"]
    town = code[:9] if len(code) == 12 else ""
    if sheet.mistakes:
        return _list(unit, officer, town, sheet, error=SomethingToMend())
    try:
        if not code.startswith(_within(officer)) or code == _within(officer):
            raise service.NotWithin
        added = service.add_division(unit.session, code, sheet.values["name_zh"], sheet.values["name_en"], unit.now)
    except AppError as error:
        sheet.mistake("code", error.what)
        return _list(unit, officer, town, sheet, error=error)
    if added:
        record(unit.session, officer, "division.add", ("division", code), unit.now)
    return redirect(f"/desk/divisions?done={'added' if added else 'same'}" + (f"&town={town}" if town else ""))


def _one(
    unit: Unit, officer: Officer, row: Division, sheet: Sheet | None = None, *, error: AppError | None = None, done: str = ""
) -> Response:  # fmt: skip
    sheet = sheet or Sheet(NAMES, _values(row), str(row.version))
    context = {"row": row, "sheet": sheet, "path": {lang: divisions.name(row.code, lang) for lang in ("zh", "en")}}
    return show(unit, officer, "administration/division.html", context, error=error, done=done)


def _values(row: Division) -> dict[str, str]:
    return {"name_zh": row.name_zh, "name_en": row.name_en}


@routes.get(ONE)
def one(unit: Opened, officer: CurrentAdministrator, code: str, done: Choice = "") -> Response:
    """One place."""
    return _one(unit, officer, _find(unit.session, officer, code), done=done)


@routes.post(ONE)
def rename(unit: Opened, officer: CurrentAdministrator, code: str, posted: Posted) -> Response:
    """Save another name, unless somebody else did meanwhile."""
    row = _find(unit.session, officer, code, lock=True)
    sheet = read(NAMES, posted)
    if sheet.mistakes:
        return _one(unit, officer, row, sheet, error=SomethingToMend())
    if sheet.values == _values(row):
        return redirect(f"/desk/divisions/{code}?done=same")
    if sheet.version != str(row.version):
        return _one(unit, officer, row, sheet.after(_values(row), str(row.version)), error=ChangedMeanwhile())
    service.change_division(unit.session, row, sheet.values, unit.now)
    record(unit.session, officer, "division.rename", ("division", code), unit.now)
    return redirect(f"/desk/divisions/{code}?done=saved")


def _set_open(unit: Unit, officer: Officer, code: str, is_open: bool) -> Response:
    row, done = _find(unit.session, officer, code, lock=True), "same"
    if service.set_division_open(unit.session, row, is_open, unit.now):
        done = "opened" if is_open else "closed"
        record(unit.session, officer, f"division.{'open' if is_open else 'close'}", ("division", code), unit.now)
    return redirect(f"/desk/divisions/{code}?done={done}")


@routes.post(ONE + "/closing")
def close(unit: Opened, officer: CurrentAdministrator, code: str) -> Response:
    """It can no longer be chosen; wherever its code stands, its name stays."""
    return _set_open(unit, officer, code, False)


@routes.post(ONE + "/opening")
def open_again(unit: Opened, officer: CurrentAdministrator, code: str) -> Response:
    """It can be chosen again."""
    return _set_open(unit, officer, code, True)

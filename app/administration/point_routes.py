"""Service points: hall, village stations, bank counters, park stations; what residents see under /points."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.accounts.officers import CurrentAdministrator, Officer
from app.accounts.records import record
from app.core.errors import N_, AppError, NotFound
from app.core.i18n import Pair
from app.core.ids import new_id
from app.core.unit import Opened, Unit, router
from app.core.web import redirect
from app.territory import divisions, service
from app.territory.models import PointKind, ServicePoint
from app.territory.words import KINDS

from . import checks
from .errors import ChangedMeanwhile, SomethingToMend
from .frame import show
from .places import options as places
from .sheets import Line, Posted, Sheet, read

routes = router()
ONE = "/desk/points/{point_id}"
Choice = Annotated[str, Query(max_length=60)]


def lines(officer: Officer, row: ServicePoint | None = None) -> list[Line]:
    """The fields of a point; a closed place that it lies in can be kept."""
    where: list[tuple[str, Pair]] = list(places(officer))
    if row is not None and row.division not in dict(where) and (line := divisions.line(row.division)):
        where.append((row.division, line.name))
    return [
        Line("kind", N_("哪一种"), options=[(kind.value, KINDS[kind].name) for kind in PointKind]),
        Line("name_zh", N_("名称"), check=checks.chinese),
        Line("name_en", N_("英文名称"), most=120, check=checks.english),
        Line("division", N_("在哪个镇村"), options=where),
        Line("address_zh", N_("地址"), most=120, hint=N_("写到门牌和楼层。")),
        Line("address_en", N_("英文地址"), most=240, check=checks.english),
        Line("phone", N_("电话"), most=20, kind="phone", check=checks.phone),
        Line("hours_zh", N_("开放时间"), most=120, hint=N_("像：周一至周五 9:00–17:00，周六上午。")),
        Line("hours_en", N_("开放时间（英文）"), most=240, check=checks.english),
    ]


def _within(session: Session, officer: Officer) -> list[ServicePoint]:
    found = select(ServicePoint).where(col(ServicePoint.division).startswith(officer.jurisdiction, autoescape=True))
    rows, order = session.exec(found).all(), list(PointKind)
    return sorted(rows, key=lambda row: (not row.active, order.index(row.kind), row.division, row.name_zh))


def _find(session: Session, officer: Officer, point_id: UUID, *, lock: bool = False) -> ServicePoint:
    within = col(ServicePoint.division).startswith(officer.jurisdiction, autoescape=True)
    found = select(ServicePoint).where(ServicePoint.id == point_id, within)
    row = session.exec(found.with_for_update() if lock else found).first()
    if row is None:
        raise NotFound
    return row


@routes.get("/desk/points")
def point_list(unit: Opened, officer: CurrentAdministrator, done: Choice = "") -> Response:
    """The points of my jurisdiction, closed ones last."""
    context = {"rows": _within(unit.session, officer), "kinds": KINDS, "place": divisions.own_name}
    return show(unit, officer, "administration/points.html", context, done=done)


def _page(
    unit: Unit, officer: Officer, sheet: Sheet, point_id: UUID, row: ServicePoint | None = None, *,
    error: AppError | None = None, done: str = "",
) -> Response:  # fmt: skip
    context = {"sheet": sheet, "point_id": point_id, "row": row}
    return show(unit, officer, "administration/point.html", context, error=error, done=done)


@routes.get("/desk/points/new")
def new(unit: Opened, officer: CurrentAdministrator) -> Response:
    """Ask for a new point; the form bears its id, so that it is added once however often it is sent."""
    return _page(unit, officer, Sheet(lines(officer), {}), new_id())


@routes.post("/desk/points/new")
def add(unit: Opened, officer: CurrentAdministrator, posted: Posted) -> Response:
    """Add a point."""
    sheet, point_id = read(lines(officer), posted), _id(posted.get("id", ""))
    if sheet.mistakes:
        return _page(unit, officer, sheet, point_id, error=SomethingToMend())
    if service.add_point(unit.session, point_id, sheet.values, unit.now):
        record(unit.session, officer, "point.add", ("point", str(point_id)), unit.now)
    return redirect("/desk/points?done=added")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _values(row: ServicePoint) -> dict[str, str]:
    return {
        "kind": row.kind.value, "name_zh": row.name_zh, "name_en": row.name_en, "division": row.division,
        "address_zh": row.address_zh, "address_en": row.address_en, "phone": row.phone, "hours_zh": row.hours_zh,
        "hours_en": row.hours_en,
    }  # fmt: skip


@routes.get(ONE)
def one(unit: Opened, officer: CurrentAdministrator, point_id: UUID, done: Choice = "") -> Response:
    """One point."""
    row = _find(unit.session, officer, point_id)
    return _page(unit, officer, Sheet(lines(officer, row), _values(row), str(row.version)), row.id, row, done=done)


@routes.post(ONE)
def change(unit: Opened, officer: CurrentAdministrator, point_id: UUID, posted: Posted) -> Response:
    """Save a point, unless somebody else did meanwhile."""
    row = _find(unit.session, officer, point_id, lock=True)
    sheet = read(lines(officer, row), posted)
    if sheet.mistakes:
        return _page(unit, officer, sheet, row.id, row, error=SomethingToMend())
    if sheet.values == _values(row):
        return redirect(f"/desk/points/{row.id}?done=same")
    if sheet.version != str(row.version):
        again = sheet.after(_values(row), str(row.version))
        return _page(unit, officer, again, row.id, row, error=ChangedMeanwhile())
    service.save_point(unit.session, row, sheet.values, unit.now)
    record(unit.session, officer, "point.change", ("point", str(row.id)), unit.now)
    return redirect(f"/desk/points/{row.id}?done=saved")


def _set_open(unit: Unit, officer: Officer, point_id: UUID, is_open: bool) -> Response:
    row, done = _find(unit.session, officer, point_id, lock=True), "same"
    if service.set_point_open(unit.session, row, is_open, unit.now):
        done = "opened" if is_open else "closed"
        record(unit.session, officer, f"point.{'open' if is_open else 'close'}", ("point", str(row.id)), unit.now)
    return redirect(f"/desk/points/{point_id}?done={done}")


@routes.post(ONE + "/closing")
def close(unit: Opened, officer: CurrentAdministrator, point_id: UUID) -> Response:
    """Residents no longer see it."""
    return _set_open(unit, officer, point_id, False)


@routes.post(ONE + "/opening")
def open_again(unit: Opened, officer: CurrentAdministrator, point_id: UUID) -> Response:
    """Residents see it again."""
    return _set_open(unit, officer, point_id, True)

"""Departments: names from the catalogue, read only; telephone, hours and leader are kept here."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.accounts.models import Department
from app.accounts.officers import CurrentAdministrator, Officer
from app.accounts.records import record
from app.core.errors import N_, AppError, NotFound
from app.core.unit import Opened, Unit, router
from app.core.web import redirect
from app.territory import service
from app.territory.models import DepartmentContact

from . import checks, staff_queries
from .errors import ChangedMeanwhile, SomethingToMend
from .frame import need_whole, show
from .sheets import Line, Posted, Sheet, read

routes = router()
ONE = "/desk/departments/{department_id}"
Choice = Annotated[str, Query(max_length=60)]
LINES = (
    Line("phone", N_("电话"), most=20, optional=True, kind="phone", check=checks.phone, hint=N_("写了，办事点那一页就有。")),
    Line("hours_zh", N_("接听时间"), most=120, optional=True, hint=N_("像：周一至周五 9:00–17:00。")),
    Line("hours_en", N_("接听时间（英文）"), most=240, optional=True, check=checks.english),
    Line("leader", N_("负责人姓名"), most=50, optional=True, hint=N_("只在这里看得到。")),
)


@routes.get("/desk/departments")
def department_list(unit: Opened, officer: CurrentAdministrator, done: Choice = "") -> Response:
    """Every department of the catalogue, how it is reached, and how many people it has within my jurisdiction."""
    context = {
        "rows": staff_queries.departments(unit.session), "contacts": service.contacts(unit.session),
        "people": staff_queries.people(unit.session, officer),
    }  # fmt: skip
    return show(unit, officer, "administration/departments.html", context, done=done)


def _values(contact: DepartmentContact | None) -> dict[str, str]:
    return {line.name: getattr(contact, line.name) if contact else "" for line in LINES}


def _version(contact: DepartmentContact | None) -> str:
    return str(contact.version if contact else 0)


def _find(unit: Unit, department_id: str) -> Department:
    department = unit.session.get(Department, department_id)
    if department is None:
        raise NotFound
    return department


def _one(
    unit: Unit, officer: Officer, department: Department, sheet: Sheet, *, error: AppError | None = None, done: str = ""
) -> Response:  # fmt: skip
    context = {"row": department, "sheet": sheet, "people": staff_queries.people(unit.session, officer).get(department.id, 0)}
    return show(unit, officer, "administration/department.html", context, error=error, done=done)


@routes.get(ONE)
def one(unit: Opened, officer: CurrentAdministrator, department_id: str, done: Choice = "") -> Response:
    """One department."""
    department, contact = _find(unit, department_id), service.contact(unit.session, department_id)
    return _one(unit, officer, department, Sheet(LINES, _values(contact), _version(contact)), done=done)


@routes.post(ONE)
def change(unit: Opened, officer: CurrentAdministrator, department_id: str, posted: Posted) -> Response:
    """Save how a department is reached, unless somebody else did meanwhile."""
    department = _find(unit, department_id)
    contact = service.contact(unit.session, department_id, lock=True)
    sheet = read(LINES, posted)
    try:
        need_whole(officer)
    except AppError as error:
        return _one(unit, officer, department, sheet, error=error)
    if sheet.mistakes:
        return _one(unit, officer, department, sheet, error=SomethingToMend())
    if sheet.values == _values(contact):
        return redirect(f"/desk/departments/{department_id}?done=same")
    if sheet.version != _version(contact):
        return _one(unit, officer, department, sheet.after(_values(contact), _version(contact)), error=ChangedMeanwhile())
    service.save_contact(unit.session, department_id, sheet.values, unit.now)
    record(unit.session, officer, "department.change", ("department", department_id), unit.now)
    return redirect(f"/desk/departments/{department_id}?done=saved")

"""Staff: the list, a new account, one account with its role, department and jurisdiction, and its way to sign in."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from sqlmodel import Session, select
from starlette.responses import Response

from app.accounts import staff as accounts
from app.accounts.errors import UsernameTaken
from app.accounts.models import Role, Staff
from app.accounts.officers import CurrentAdministrator, Officer
from app.core.errors import AppError
from app.core.unit import Opened, Unit, router
from app.core.web import redirect
from app.desk.landing import ROLES
from app.forms.definition import Text
from app.territory import divisions

from . import roles, staff_queries
from .errors import ChangedMeanwhile, SomethingToMend
from .frame import show
from .sheets import Posted, Sheet, read
from .staff_lines import lines
from .staff_queries import PAGE, Filters

routes = router()
ONE = "/desk/staff/{staff_id}"
#: So long a second press of 加这个人 is the same press: nobody signs in that quickly.
SAME_PRESS = timedelta(minutes=5)
Choice = Annotated[str, Query(max_length=60)]
Verb = Callable[[Session, Officer, UUID, datetime], object]


class Given(NamedTuple):
    """A one-time password, shown once."""

    username: str
    password: str


def _url(filters: Filters, **changes: str) -> str:
    chosen = {k: v for k, v in filters._replace(**{"after": "", **changes})._asdict().items() if v}
    return "/desk/staff" + (f"?{urlencode(chosen)}" if chosen else "")


@routes.get("/desk/staff")
def staff_list(
    unit: Opened, officer: CurrentAdministrator, q: Choice = "", department: Choice = "", role: Choice = "", state: Choice = "",
    after: Choice = "", done: Choice = "",
) -> Response:  # fmt: skip
    """Everybody within my jurisdiction, by user name."""
    filters = Filters.parse(q, department, role, state, after)
    rows = staff_queries.lines(unit.session, officer, filters)
    shown = rows[:PAGE]
    departments = staff_queries.departments(unit.session)
    context = {
        "filters": filters, "rows": shown, "roles": ROLES, "departments": departments,
        "by_id": {d.id: Text(zh=d.short_zh, en=d.short_en) for d in departments}, "place": divisions.own_name,
        "locked": staff_queries.locked(unit.session, [row.username for row in shown], unit.now),
        "next_page": _url(filters, after=shown[-1].username) if len(rows) > PAGE else None, "first_page": _url(filters),
    }  # fmt: skip
    return show(unit, officer, "administration/staff_list.html", context, done=done)


@routes.get("/desk/staff/roles")
def role_table(unit: Opened, officer: CurrentAdministrator) -> Response:
    """What each role may see and do, in words."""
    return show(unit, officer, "administration/roles.html", {"roles": roles.ROLES})


def _new(unit: Unit, officer: Officer, sheet: Sheet, error: AppError | None = None) -> Response:
    return show(unit, officer, "administration/staff_new.html", {"sheet": sheet, "roles": roles.ROLES}, error=error)


@routes.get("/desk/staff/new")
def new(unit: Opened, officer: CurrentAdministrator) -> Response:
    """Ask for a new account."""
    blank = {"jurisdiction": officer.jurisdiction, "role": Role.REVIEWER.value}
    return _new(unit, officer, Sheet(lines(unit.session, officer, new=True), blank))


@routes.post("/desk/staff/new")
def make(unit: Opened, officer: CurrentAdministrator, posted: Posted) -> Response:
    """Make an account and show its one-time password, once."""
    sheet = read(lines(unit.session, officer, new=True), posted)
    if sheet.mistakes:
        return _new(unit, officer, sheet, SomethingToMend())
    try:
        made, password = accounts.make_staff(unit.session, officer, sheet.values["username"], _details(sheet), unit.now)
    except UsernameTaken as error:
        again = _pressed_twice(unit, officer, sheet)
        if again is None:
            sheet.mistake("username", error.what)
            return _new(unit, officer, sheet, error)
        made, password = again
    except AppError as error:
        return _new(unit, officer, sheet, error)
    return _given(unit, officer, made, password)


def _pressed_twice(unit: Unit, officer: Officer, sheet: Sheet) -> tuple[Staff, str] | None:
    """The account that the same form made a moment ago and nobody has used yet: its answer was lost with the first press."""
    made = unit.session.exec(select(Staff).where(Staff.username == sheet.values["username"].lower())).first()
    if made is None or made.password_changed_at is not None or unit.now - made.created_at > SAME_PRESS:
        return None
    if _values(made) != {**sheet.values, "username": made.username}:
        return None
    return made, accounts.reset_password(unit.session, officer, made.id, unit.now)


def _given(unit: Unit, officer: Officer, who: Staff, password: str) -> Response:
    """The one page that ever shows the password; it is no-store, and no address leads back to it."""
    given = Given(who.username, password)
    return show(unit, officer, "administration/staff_password.html", {"who": who, "given": given})


def _details(sheet: Sheet) -> accounts.StaffDetails:
    values = sheet.values
    return accounts.StaffDetails(
        values["name"], values["badge"], values["department_id"], values["jurisdiction"], Role(values["role"])
    )


def _values(who: Staff) -> dict[str, str]:
    return {
        "username": who.username, "name": who.name, "badge": who.badge, "role": who.role.value,
        "department_id": who.department_id, "jurisdiction": who.jurisdiction,
    }  # fmt: skip


def _version(who: Staff) -> str:
    """A fingerprint of what the page showed."""
    return hashlib.sha256(repr(sorted(_values(who).items())).encode()).hexdigest()[:16]


def _one(
    unit: Unit, officer: Officer, who: Staff, sheet: Sheet | None = None, *, error: AppError | None = None, done: str = ""
) -> Response:  # fmt: skip
    sheet = sheet or Sheet(lines(unit.session, officer, who), _values(who), _version(who))
    context: dict[str, Any] = {
        "who": who, "sheet": sheet, "roles": roles.ROLES, "own": who.id == officer.staff_id,
        "seen": staff_queries.seen(unit.session, who.id, unit.now),
        "locked_until": accounts.locked_until(unit.session, who.username, unit.now),
    }  # fmt: skip
    return show(unit, officer, "administration/staff_one.html", context, error=error, done=done)


@routes.get(ONE)
def one(unit: Opened, officer: CurrentAdministrator, staff_id: UUID, done: Choice = "") -> Response:
    """One account; another jurisdiction's is NotFound."""
    return _one(unit, officer, staff_queries.find(unit.session, officer, staff_id), done=done)


@routes.post(ONE)
def change(unit: Opened, officer: CurrentAdministrator, staff_id: UUID, posted: Posted) -> Response:
    """Save name, badge, role, department, jurisdiction, unless somebody else did meanwhile."""
    who = staff_queries.find(unit.session, officer, staff_id, lock=True)
    sheet = read(lines(unit.session, officer, who), {**posted, "username": who.username})
    if sheet.mistakes:
        return _one(unit, officer, who, sheet, error=SomethingToMend())
    if sheet.values == _values(who):
        return redirect(f"/desk/staff/{who.id}?done=same")
    if sheet.version != _version(who):
        return _one(unit, officer, who, sheet.after(_values(who), _version(who)), error=ChangedMeanwhile())
    try:
        with unit.session.begin_nested():
            accounts.change(unit.session, officer, who.id, _details(sheet), unit.now)
    except AppError as error:
        unit.session.refresh(who)
        return _one(unit, officer, who, sheet, error=error)
    return redirect(f"/desk/staff/{who.id}?done=saved")


def _refused(unit: Unit, officer: Officer, staff_id: UUID, error: AppError) -> Response:
    unit.session.expire_all()
    return _one(unit, officer, staff_queries.find(unit.session, officer, staff_id), error=error)


def _do(unit: Unit, officer: Officer, staff_id: UUID, verb: Verb, done: str) -> Response:
    """One thing done to an account, or the account with the refusal."""
    try:
        verb(unit.session, officer, staff_id, unit.now)
    except AppError as error:
        return _refused(unit, officer, staff_id, error)
    return redirect(f"/desk/staff/{staff_id}?done={done}")


@routes.post(ONE + "/password")
def new_password(unit: Opened, officer: CurrentAdministrator, staff_id: UUID) -> Response:
    """A new one-time password, shown once; the old password and open sessions end."""
    try:
        password = accounts.reset_password(unit.session, officer, staff_id, unit.now)
    except AppError as error:
        return _refused(unit, officer, staff_id, error)
    return _given(unit, officer, staff_queries.find(unit.session, officer, staff_id), password)


@routes.post(ONE + "/second-factor")
def new_second_factor(unit: Opened, officer: CurrentAdministrator, staff_id: UUID) -> Response:
    """Forget the second factor: a phone was lost or changed."""
    return _do(unit, officer, staff_id, accounts.reset_second_factor, "factor")


@routes.post(ONE + "/unlock")
def unlock(unit: Opened, officer: CurrentAdministrator, staff_id: UUID) -> Response:
    """End a lock after wrong passwords before its time."""
    return _do(unit, officer, staff_id, accounts.unlock, "unlocked")


@routes.post(ONE + "/closing")
def close(unit: Opened, officer: CurrentAdministrator, staff_id: UUID) -> Response:
    """Close an account: nobody signs in with it, its sessions end at once; what it did stays."""
    return _do(unit, officer, staff_id, accounts.deactivate, "staff-closed")


@routes.post(ONE + "/opening")
def open_again(unit: Opened, officer: CurrentAdministrator, staff_id: UUID) -> Response:
    """Open a closed account with a new one-time password; pressing it for an open one changes nothing."""
    who = staff_queries.find(unit.session, officer, staff_id, lock=True)
    if who.active:
        return redirect(f"/desk/staff/{staff_id}?done=same")
    return _given(unit, officer, who, accounts.activate(unit.session, officer, staff_id, unit.now))

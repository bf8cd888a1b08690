"""The fields of an account."""

from sqlmodel import Session

from app.accounts.models import Role, Staff
from app.accounts.officers import Officer
from app.core.errors import N_
from app.desk.landing import ROLES
from app.forms.definition import Text

from . import staff_queries
from .places import options as places
from .sheets import Line


def lines(session: Session, officer: Officer, who: Staff | None = None, *, new: bool = False) -> list[Line]:
    """For a new account, or for this one; what it has now can be kept though it could not be chosen any more."""
    departments = [(d.id, Text(zh=d.short_zh, en=d.short_en)) for d in staff_queries.departments(session)]
    where: list[tuple[str, Text | str]] = list(places(officer))
    if who is not None and who.jurisdiction not in dict(where):
        where.append((who.jurisdiction, who.jurisdiction))
    return [
        Line("username", N_("用户名"), most=60, hint=N_("登录用，小写字母和数字；定了就不改。"), fixed=not new),
        Line("name", N_("姓名"), most=50),
        Line("badge", N_("工号"), most=20, hint=N_("写在决定上。")),
        Line("role", N_("角色"), options=[(role.value, ROLES[role]) for role in Role]),
        Line("department_id", N_("所在部门"), options=departments),
        Line("jurisdiction", N_("辖区"), options=where, hint=N_("只看得到这里面的办件。")),
    ]

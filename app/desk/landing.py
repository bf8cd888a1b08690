"""Where each role begins, and what its menu holds. An administrator manages, an auditor reads, neither decides (三权分立)."""

from typing import NamedTuple

from app.accounts.cookies import safe_next
from app.accounts.models import Role
from app.core.errors import N_
from app.core.settings import settings

ROLES = {
    Role.REVIEWER: N_("经办"),
    Role.HEAD: N_("负责人"),
    Role.SUPERVISOR: N_("督办"),
    Role.ADMINISTRATOR: N_("管理员"),
    Role.AUDITOR: N_("审计员"),
}


class Section(NamedTuple):
    """A root of the rail."""

    path: str
    icon: str
    name: str
    whole: bool = False  # only for who is there for the whole installation, not for a town of it


TEXTS = Section("/desk/texts", "quote", N_("消息文字"))
#: What each role finds in its rail; reviewers have the tabs of the queue before it.
MENUS: dict[Role, tuple[Section, ...]] = {
    Role.REVIEWER: (),
    Role.HEAD: (),
    Role.SUPERVISOR: (Section("/desk/overview", "chart", N_("总览")),),
    Role.ADMINISTRATOR: (
        Section("/desk/staff", "users", N_("人员")),
        Section("/desk/departments", "building", N_("部门")),
        Section("/desk/divisions", "map", N_("镇村")),
        Section("/desk/points", "pin", N_("办事点")),
        Section("/desk/calendar", "cal", N_("日历")),
        Section("/desk/town", "sliders", N_("本镇设置")),
        Section("/desk/deliveries", "mail", N_("送达"), whole=True),
        TEXTS,
    ),
    Role.AUDITOR: (Section("/desk/records", "shield", N_("操作记录")), Section("/desk/looks", "eye", N_("查看记录")), TEXTS),
}
QUEUE = "/desk"
HOMES = {
    Role.REVIEWER: QUEUE,
    Role.HEAD: QUEUE,
    Role.SUPERVISOR: "/desk/overview",
    Role.ADMINISTRATOR: "/desk/staff",
    Role.AUDITOR: "/desk/records",
}


def home(role: str) -> str:
    """The first page of a role."""
    return HOMES[Role(role)]


def is_whole(jurisdiction: str) -> bool:
    """Whether a jurisdiction holds the whole installation, not a town of it."""
    return settings().division.startswith(jurisdiction)


def menu(role: str, jurisdiction: str) -> tuple[Section, ...]:
    """The rail of a role in a jurisdiction; everybody's ends with their own account."""
    mine = (one for one in MENUS[Role(role)] if not one.whole or is_whole(jurisdiction))
    return (*mine, Section("/desk/account", "me", N_("我的账号")))


def way_back(path: str) -> str:
    """A way back within the desk; anything else, the sign-in itself too, is none."""
    inside = path.startswith("/desk") and safe_next(path) == path and not path.startswith("/desk/sign-")
    return path if inside else ""


def onward(path: str, role: str) -> str:
    """Where a sign-in leads: the page that was asked for, else the role's first one (the queue is only some roles')."""
    asked = way_back(path)
    return home(role) if asked in ("", QUEUE) else asked

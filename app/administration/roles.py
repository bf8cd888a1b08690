"""What each role may see and do, in words that an administrator can read aloud to the person who gets it."""

from typing import NamedTuple

from app.accounts.models import Role
from app.core.errors import N_
from app.desk.landing import ROLES as NAMES


class RoleWords(NamedTuple):
    """A role: what it sees, what it does, what it never sees."""

    role: Role
    name: str
    sees: str
    does: str
    never: str


ROLES = (
    RoleWords(
        Role.REVIEWER, NAMES[Role.REVIEWER], N_("本部门、本辖区的办件：只有自己这一项要用的题和材料"),
        N_("领办、受理、请补正、同意或不予、办结"), N_("别的部门的决定内容；别的辖区的办件"),
    ),
    RoleWords(
        Role.HEAD, NAMES[Role.HEAD], N_("和经办一样，加上同事领办的"), N_("和经办一样"),
        N_("别的部门的决定内容；别的辖区的办件"),
    ),
    RoleWords(
        Role.SUPERVISOR, NAMES[Role.SUPERVISOR], N_("各部门办得快不快：数字和期限"), N_("催办、请部门说原因"),
        N_("申请人填的内容和材料"),
    ),
    RoleWords(
        Role.ADMINISTRATOR, NAMES[Role.ADMINISTRATOR], N_("人员、镇村、办事点、日历、本镇设置"),
        N_("加人、停用、改权限，改这些设置"), N_("任何办件；自己的权限要别的管理员改"),
    ),
    RoleWords(
        Role.AUDITOR, NAMES[Role.AUDITOR], N_("每个工作人员做过什么、什么时候"), N_("只看，不改"),
        N_("办件内容、人员的密码和动态码"),
    ),
)  # fmt: skip

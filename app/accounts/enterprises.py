"""Enterprises and who may act for them, as their register last said; the identity in which a session stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.core import db
from app.core.errors import N_, AppError, NotFound, Outage
from app.outside.enterprises import Represented

from .models import AgentRole, Binding, Enterprise, EnterpriseKind, SessionRow

#: After this long the register is asked again before somebody acts or files for an enterprise.
FRESH = timedelta(hours=24)
KINDS = {
    EnterpriseKind.LIMITED: N_("有限责任公司"), EnterpriseKind.JOINT_STOCK: N_("股份有限公司"),
    EnterpriseKind.SOLE: N_("个人独资企业"), EnterpriseKind.PARTNERSHIP: N_("合伙企业"),
    EnterpriseKind.INDIVIDUAL: N_("个体工商户"), EnterpriseKind.BRANCH: N_("分支机构"),
    EnterpriseKind.COOPERATIVE: N_("农民专业合作社"),
}  # fmt: skip
ROLES = {
    AgentRole.REPRESENTATIVE: N_("法定代表人"), AgentRole.AGENT: N_("经办人"), AgentRole.FINANCE: N_("财务人员"),
}  # fmt: skip


class NotAgent(AppError):
    """The register says that this person may not act for the enterprise any more."""

    status = 403
    type = "not-agent"
    what = N_("登记机关说，您现在不能代表“%(enterprise)s”办事了。")
    kept = N_("您填的表和交过的办件都留在企业那边，不会丢。")
    todo = N_("还要代表它办，请让法定代表人到市场监管登记机关加上您，再来“我代表的企业”查一查。")


class AgencyUnchecked(AppError):
    """The register is silent, and what it said last is too old to be relied on."""

    status = 503
    type = "agency-unchecked"
    what = N_("登记机关现在问不到，没法核对您能不能代表“%(enterprise)s”。")
    kept = N_("您填的都还在，没有交。")
    todo = N_("请过一会儿再试；着急的话，请打 %(hotline)s。")


class Bound(NamedTuple):
    """An enterprise for which a person may act, or might until `ended_at`."""

    id: UUID
    name: str
    credit_code: str
    kind: EnterpriseKind
    role: AgentRole
    checked_at: datetime
    ended_at: datetime | None


e, b, s = Enterprise, Binding, SessionRow
_BOUND = (
    select(col(e.id), col(e.name), col(e.credit_code), col(e.kind), col(b.role), col(b.checked_at), col(b.ended_at))
    .join(b, col(b.enterprise_id) == col(e.id))
    .order_by(col(b.ended_at).is_not(None), col(e.name))
)  # fmt: skip


def bound(session: Session, person_id: UUID, *, ended: bool = False) -> list[Bound]:
    """The enterprises for which a person may act; with `ended`, also those for which they might before."""
    found = _BOUND.where(col(b.person_id) == person_id)
    if not ended:
        found = found.where(col(b.ended_at).is_(None))
    return [Bound(*row) for row in session.execute(found)]


def one_bound(session: Session, person_id: UUID, enterprise_id: UUID) -> Bound:
    """One enterprise for which a person may act; raises NotFound for any other."""
    mine = (col(b.person_id) == person_id, col(b.ended_at).is_(None), col(e.id) == enterprise_id)
    row = session.execute(_BOUND.where(*mine)).first()
    if row is None:
        raise NotFound
    return Bound(*row)


def agents(session: Session, enterprise_id: UUID) -> set[UUID]:
    """Everybody who may act for an enterprise now."""
    live = (col(b.enterprise_id) == enterprise_id, col(b.ended_at).is_(None))
    return set(session.execute(select(col(b.person_id)).where(*live)).scalars())


def registered(session: Session, enterprise_id: UUID) -> dict[str, str]:
    """What the register said of an enterprise: {name of the proposal: value}."""
    row = session.get_one(Enterprise, enterprise_id)
    return {
        "enterprise.name": row.name, "enterprise.credit_code": row.credit_code, "enterprise.representative": row.representative
    }  # fmt: skip


def note(session: Session, person_id: UUID, told: Sequence[Represented], now: datetime) -> None:
    """Write down what the register said of a person: new bindings begin, those that it does not name end.

    Whoever acted for an enterprise that is not named acts for themself from their next request on, on every device.
    Raises Outage for codes that we do not know: half an answer would end bindings that still hold.
    """
    if {r.kind for r in told} - set(EnterpriseKind) or {r.role for r in told} - set(AgentRole):
        raise Outage
    known = {row.enterprise_id: row for row in session.execute(select(b).where(col(b.person_id) == person_id)).scalars()}
    named = {_enterprise(session, one, now).id: one for one in told}
    for enterprise_id, one in named.items():
        _bind(session, known.get(enterprise_id), person_id, enterprise_id, AgentRole(one.role), now)
    gone = [row for row in known.values() if row.enterprise_id not in named and row.ended_at is None]
    for row in gone:
        row.ended_at = row.checked_at = now
    ended = [row.enterprise_id for row in gone]
    session.execute(update(s).where(col(s.person_id) == person_id, col(s.acting_for).in_(ended)).values(acting_for=None))
    session.flush()


def _enterprise(session: Session, told: Represented, now: datetime) -> Enterprise:
    same = select(e).where(col(e.credit_code) == told.credit_code)
    row = session.execute(same).scalar_one_or_none()
    if row is None:
        row = Enterprise(
            credit_code=told.credit_code, name=told.name, kind=EnterpriseKind(told.kind),
            representative=told.representative, updated_at=now,
        )  # fmt: skip
        if not db.added(session, row):  # a colleague asked at the same moment
            row = session.execute(same).scalar_one()
    row.name, row.kind, row.representative, row.updated_at = told.name, EnterpriseKind(told.kind), told.representative, now
    return row


def _bind(
    session: Session, row: Binding | None, person_id: UUID, enterprise_id: UUID, role: AgentRole, now: datetime
) -> None:  # fmt: skip
    if row is None:
        row = Binding(person_id=person_id, enterprise_id=enterprise_id, role=role, bound_at=now, checked_at=now)
        if db.added(session, row):
            return
        mine = (col(b.person_id) == person_id, col(b.enterprise_id) == enterprise_id)
        row = session.execute(select(b).where(*mine)).scalar_one()
    if row.ended_at is not None:
        row.bound_at, row.ended_at = now, None
    row.role, row.checked_at = role, now


def act(session: Session, session_id: UUID, person_id: UUID, enterprise_id: UUID | None) -> None:
    """Let a session act for an enterprise from its next request on, or for the person again. Raises NotFound if not bound."""
    if enterprise_id is not None:
        one_bound(session, person_id, enterprise_id)
    session.execute(update(s).where(col(s.id) == session_id, col(s.person_id) == person_id).values(acting_for=enterprise_id))

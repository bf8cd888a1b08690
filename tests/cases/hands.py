"""What tests do with a case: find an item, act as its department."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.accounts.models import Staff
from app.cases import office
from app.cases.models import Case, CaseItem
from app.cases.office import Reviewer, Target
from app.core import workdays
from tests import factories as make


def item_of(session: Session, case: Case, item_id: str) -> CaseItem:
    """An item as it stands now."""
    found = select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.item_id == item_id)
    return session.exec(found.execution_options(populate_existing=True)).one()


def reviewer(session: Session, department: str, number: int = 1) -> Reviewer:
    """A reviewer of a department, made at first use."""
    username = f"{department}{number}"
    staff = session.exec(select(Staff).where(Staff.username == username)).first() or make.make_staff(session, username)
    return Reviewer(staff.id, staff.department_id, staff.jurisdiction)


def reply_by(now: datetime) -> datetime:
    """Five working days from now."""
    return workdays.due(now, 5).at


def decide(session: Session, case: Case, item_id: str, now: datetime, *steps: str) -> None:
    """Let the item's department take steps: accept, approve, finish, deny, ask."""
    who = reviewer(session, item_of(session, case, item_id).department_id)
    for step in steps:
        version = item_of(session, case, item_id).version
        if step == "accept":
            office.accept(session, who, case.id, item_id, version, now)
        elif step == "approve":
            office.approve(session, who, case.id, item_id, version, now)
        elif step == "finish":
            office.finish(session, who, case.id, item_id, version, None, now)
        elif step == "deny":
            office.deny(session, who, case.id, item_id, version, "社会保险法第五十四条", "材料不齐", now)
        else:
            ask(session, case, item_id, now)


def ask(session: Session, case: Case, item_id: str, now: datetime, *targets: Target) -> UUID:
    """Let the item's department ask for a correction; gives the correction's id."""
    who, item = reviewer(session, item_of(session, case, item_id).department_id), item_of(session, case, item_id)
    wanted = targets or (Target(question="bank.holder"),)
    asked = office.request_correction(
        session, who, case.id, item_id, item.version, wanted, "户名和身份证上的名字对不上，请改一下。", reply_by(now), now
    )
    return asked.id

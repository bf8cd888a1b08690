"""What a reviewer does to an item: claim, accept, ask for correction, approve, deny, finish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, select

from app.core.errors import N_, AppError, BadInput, NotFound

from .models import Case, CaseItem, Correction
from .service import By, apply, lock_item
from .states import Action, Actor, NotNow

GROUND_LENGTH = 60


class Reviewer(NamedTuple):
    """The part of a member of staff that the engine needs."""

    staff_id: UUID
    department_id: str
    jurisdiction: str


class ClaimedByAnother(AppError):
    """A colleague has taken this item."""

    status = 409
    type = "claimed-by-another"
    what = N_("同事已经领办这一件。")
    kept = N_("没有重复处理。")
    todo = N_("请看下一件；要接过来办，请先和同事说。")


@dataclass(frozen=True)
class Target:
    """What is asked for again: a question, or a page of a material with an optional mark (x, y, w, h as parts of 1)."""

    question: str | None = None
    material: str | None = None
    page: int | None = None
    mark: tuple[float, float, float, float] | None = None

    def as_json(self) -> dict[str, object]:
        """Only what is set."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items() if v is not None}


def open_item(session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int | None) -> tuple[Case, CaseItem]:
    """Lock an item of one's own department and jurisdiction; anything else is NotFound. A colleague's claim refuses."""
    case, item = lock_item(session, case_id, item_id)
    if item.department_id != who.department_id or not item.division.startswith(who.jurisdiction):
        raise NotFound
    if item.claimed_by not in (None, who.staff_id):
        raise ClaimedByAnother
    if version is not None and item.version != version:
        raise NotNow(state=item.state.value)
    return case, item


def claim(session: Session, who: Reviewer, case_id: UUID, item_id: str, now: datetime) -> None:
    """领办: take an item; the second to try is told."""
    _case, item = open_item(session, who, case_id, item_id, None)
    item.claimed_by, item.claimed_at = who.staff_id, now
    session.add(item)


def release(session: Session, who: Reviewer, case_id: UUID, item_id: str) -> None:
    """释放领办: give a claimed item back to the department's queue; only the claimer may."""
    _case, item = open_item(session, who, case_id, item_id, None)
    item.claimed_by = item.claimed_at = None
    session.add(item)


def accept(session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int, now: datetime) -> None:
    """受理: starts the clocks."""
    case, item = open_item(session, who, case_id, item_id, version)
    _own(item, who, now)
    apply(session, case, item, Action.ACCEPT, _by(who), now)


def request_correction(
    session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int, targets: Sequence[Target], words: str,
    reply_by: datetime, now: datetime,
) -> Correction:  # fmt: skip
    """补正: the one request for all that is missing (行政许可法 art. 32(1)(4): 一次告知). Raises NotNow for a second one."""
    if not targets:
        raise BadInput(N_("请点一下要补的题或照片。"))
    if not words.strip():
        raise BadInput(N_("请写一句给申请人的话：哪里不行，怎么补。"))
    if reply_by <= now:
        raise BadInput(N_("补正期限要在今天以后。"))
    case, item = open_item(session, who, case_id, item_id, version)
    if session.exec(select(Correction.id).where(Correction.case_item_id == item.id)).first() is not None:
        raise NotNow(state=item.state.value)
    _own(item, who, now)
    correction = Correction(
        case_id=case.id, case_item_id=item.id, targets=[t.as_json() for t in targets], words=words.strip(),
        asked_by=who.staff_id, asked_at=now, reply_by=reply_by,
    )  # fmt: skip
    session.add(correction)
    item.act_by, item.warn_at = reply_by, None
    session.flush()
    data = {"reply_by": reply_by.isoformat(), "targets": len(targets)}
    apply(session, case, item, Action.ASK_CORRECTION, _by(who), now, data)
    return correction


def approve(session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int, now: datetime) -> None:
    """同意."""
    case, item = open_item(session, who, case_id, item_id, version)
    _own(item, who, now)
    apply(session, case, item, Action.APPROVE, _by(who), now)


def deny(
    session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int, ground: str, reason: str, now: datetime
) -> None:
    """不予许可 after acceptance, 不予受理 before: with ground and reason in writing (行政许可法 arts. 32, 38(2))."""
    if not ground.strip() or not reason.strip():
        raise BadInput(N_("不予要写明依据和理由。"))
    if len(ground.strip()) > GROUND_LENGTH:
        raise BadInput(N_("依据写到哪部法、哪一条就够了，不超过 60 个字。"))
    case, item = open_item(session, who, case_id, item_id, version)
    _own(item, who, now)
    item.ground, item.reason = ground.strip(), reason.strip()
    action = Action.DENY if item.accepted_at else Action.REFUSE
    apply(session, case, item, action, _by(who), now)


def finish(
    session: Session, who: Reviewer, case_id: UUID, item_id: str, version: int, result_document_id: UUID | None, now: datetime
) -> None:
    """办结: hand the result over (行政许可法 art. 44)."""
    case, item = open_item(session, who, case_id, item_id, version)
    item.result_document_id = result_document_id
    apply(session, case, item, Action.FINISH, _by(who), now, {"result": bool(result_document_id)})


def _own(item: CaseItem, who: Reviewer, now: datetime) -> None:
    if item.claimed_by is None:
        item.claimed_by, item.claimed_at = who.staff_id, now


def _by(who: Reviewer) -> By:
    return By(Actor.REVIEWER, who.staff_id)

"""What an applicant does to a filed case: answer a correction, withdraw. Repeated with the same key, done once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.accounts.parties import Party
from app.core.errors import N_, AppError, NotFound

from .models import Case, CaseItem, CaseRevision, Correction, Reply
from .ownership import Mine
from .service import By, apply, apply_all, items_of, locked
from .states import LOOKUP, Action, Actor, ItemState, NotNow


class KeyUsed(AppError):
    """The Idempotency-Key was used for something else."""

    status = 409
    type = "key-used"
    what = N_("这一步用过别的内容提交了。")
    kept = N_("前一次提交有效。")
    todo = N_("请刷新看最新的状态。")


@dataclass(frozen=True)
class Asked:
    """An action of an applicant: its idempotency key, a fingerprint of its content, the case version that was seen."""

    key: str
    content: str
    seen: int | None

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()


_BY_NUMBER = Mine(columns(Case).where(col(Case.number) == bindparam("number")))


def own_case(session: Session, party: Party, number: str) -> Case:
    """A case of the party; raises NotFound."""
    case: Case | None = session.execute(_BY_NUMBER.of(party), {**party.values, "number": number}).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


def done_before(session: Session, case_id: UUID, action: str, asked: Asked) -> bool:
    """Whether this key already did this; raises KeyUsed when it did something else."""
    row = session.get(Reply, (case_id, asked.key))
    if row is None:
        return False
    if (row.action, row.digest) != (action, asked.digest):
        raise KeyUsed
    return True


def _remember(session: Session, case_id: UUID, action: str, asked: Asked, now: datetime) -> None:
    session.add(Reply(case_id=case_id, key=asked.key, action=action, digest=asked.digest, at=now))


def open_correction(session: Session, case_id: UUID, item_id: str) -> tuple[CaseItem, Correction]:
    """The unanswered correction of an item; raises NotNow when it was answered or closed meanwhile."""
    found = select(CaseItem, Correction).where(
        Correction.case_item_id == CaseItem.id, CaseItem.case_id == case_id, CaseItem.item_id == item_id
    )
    row = session.exec(found.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    if row[0].state is not ItemState.CORRECTION_ASKED:
        raise NotNow(state=row[0].state.value)
    return row[0], row[1]


def answers_of(session: Session, case: Case) -> str:
    """The answers as they stand (canonical JSON text)."""
    return session.exec(
        select(CaseRevision.answers).where(CaseRevision.case_id == case.id, CaseRevision.revision == case.revision)
    ).one()


def reply(session: Session, party: Party, number: str, item_id: str, answers: str, asked: Asked, now: datetime) -> Case:
    """Answer a correction with the whole answers as they now stand; only what was asked may differ (checked by filing).

    Progress of other departments since the page was shown does not hurt; NotNow only when this item moved on. A reply after
    the date that the department named is still taken while the department waits for it; its event says that it was late.
    """
    case = locked(session, own_case(session, party, number).id)
    if done_before(session, case.id, f"reply:{item_id}", asked):
        return case
    item, correction = open_correction(session, case.id, item_id)
    if asked.seen is not None and asked.seen > case.version:
        raise NotNow(version=case.version)
    case.revision += 1
    session.add(CaseRevision(case_id=case.id, revision=case.revision, answers=answers, created_at=now))
    correction.answered_at = now
    session.add(correction)
    late = {"late": True} if now > correction.reply_by else {}
    apply(session, case, item, Action.REPLY, By(Actor.APPLICANT, party.person_id), now, {"revision": case.revision, **late})
    _remember(session, case.id, f"reply:{item_id}", asked, now)
    return case


def withdraw(session: Session, party: Party, number: str, asked: Asked, now: datetime) -> Case:
    """Take back everything that is not decided yet; decided items stay as they are.

    Raises NotNow when the case changed since it was shown, or when nothing is left to take back.
    """
    case = locked(session, own_case(session, party, number).id)
    if done_before(session, case.id, "withdraw", asked):
        return case
    if asked.seen is not None and asked.seen != case.version:
        raise NotNow(version=case.version)
    still_open = [i for i in items_of(session, case.id) if (i.state, Action.WITHDRAW) in LOOKUP]
    if not still_open:
        raise NotNow(state=case.state.value)
    apply_all(session, case, still_open, Action.WITHDRAW, By(Actor.APPLICANT, party.person_id), now)
    _remember(session, case.id, "withdraw", asked, now)
    return case

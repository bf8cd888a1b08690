"""What a person has typed for a correction and not sent yet: kept while they type, held when their session has ended."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.core import db
from app.forms.definition import Form

from .models import CorrectionDraft
from .service import HELD_AT_MOST, dump
from .shapes import faults


class Kept(NamedTuple):
    """Typed answers; `held`: they came after the session had ended and their writer has not sent them again since."""

    answers: dict[str, Any]
    held: bool
    at: datetime


def kept(session: Session, person_id: UUID, correction_id: UUID) -> Kept | None:
    """What this person typed; nobody else's. One query."""
    row = session.get(CorrectionDraft, (person_id, correction_id))
    return Kept(json.loads(row.held or row.answers), row.held is not None, row.updated_at) if row else None


def _row(session: Session, person_id: UUID, correction_id: UUID, now: datetime) -> CorrectionDraft:
    mine = (CorrectionDraft.person_id == person_id, CorrectionDraft.correction_id == correction_id)
    found = select(CorrectionDraft).where(*mine).with_for_update()
    row = session.exec(found).first()
    if row is None:
        row = CorrectionDraft(person_id=person_id, correction_id=correction_id, answers=dump({}), updated_at=now)
        if not db.added(session, row):  # another tab was faster
            row = session.exec(found).one()
    return row


def _storable(form: Form, answers: Mapping[str, Any]) -> str | None:
    bad = faults(form, answers)
    text = dump({name: value for name, value in answers.items() if name not in bad})
    return text if len(text.encode()) <= HELD_AT_MOST else None


def keep(session: Session, person_id: UUID, correction_id: UUID, form: Form, answers: Mapping[str, Any], now: datetime) -> None:
    """Keep what is typed now; what was held is settled by it. What no field could hold is left out."""
    text = _storable(form, answers)
    if text is not None:
        row = _row(session, person_id, correction_id, now)
        row.answers, row.held, row.updated_at = text, None, now


def hold(session: Session, person_id: UUID, correction_id: UUID, form: Form, answers: Mapping[str, Any], now: datetime) -> None:
    """Keep what came after the session had ended, apart from what was kept before, until its writer has seen it again."""
    text = _storable(form, answers)
    if text is not None:
        row = _row(session, person_id, correction_id, now)
        row.held, row.updated_at = text, now


def forget(session: Session, correction_id: UUID) -> None:
    """The correction is answered: nobody's typing is needed any more."""
    session.execute(delete(CorrectionDraft).where(col(CorrectionDraft.correction_id) == correction_id))

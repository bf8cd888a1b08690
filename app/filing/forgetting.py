"""Housekeeping of filing: what the registers answered for a draft that nobody submitted does not stay for ever."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from .models import Draft, Lookup, Outcome

#: How long an answer stands in for a paper while its form is being filled in; then the register is asked again.
HOLDS = timedelta(days=30)


def forget_old_answers(session: Session, now: datetime, most: int) -> int:
    """Forget so many old answers of unsubmitted drafts, giving how many; that the registers were asked stays on record.

    Personal data is kept no longer than its purpose needs (个人信息保护法 art. 19), and an old answer may no longer be true.
    """
    submitted = exists().where(
        col(Draft.filer_id) == col(Lookup.filer_id), col(Draft.id) == col(Lookup.draft_id), col(Draft.submitted_at).is_not(None)
    )
    old = (
        select(col(Lookup.id))
        .where(col(Lookup.outcome) == Outcome.FOUND, col(Lookup.answer).is_not(None), col(Lookup.asked_at) < now - HOLDS)
        .where(~submitted)
        .limit(most)
    )
    gone = list(session.execute(old).scalars())
    session.execute(update(Lookup).where(col(Lookup.id).in_(gone)).values(answer=None, dispute=None))
    return len(gone)

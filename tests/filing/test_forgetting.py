"""An answer of a register does not wait for ever in a draft that nobody submits."""

from datetime import timedelta

from sqlmodel import Session, select

from app.core.clock import utcnow
from app.filing import forgetting, lookups
from app.filing.models import Lookup
from tests import factories


def test_after_thirty_days_an_answer_holds_nothing_and_the_look_stays_on_record(session: Session) -> None:
    now, person = utcnow(), factories.make_person(session, factories.MOTHER)
    old, fresh, filed = (factories.make_draft(session, person) for _ in range(3))
    filed.submitted_at = now
    for draft, age in ((old, 31), (fresh, 29), (filed, 31)):
        factories.make_looks(session, person.id, draft.id, now=now - timedelta(days=age))
    before = len(session.exec(select(Lookup)).all())

    assert forgetting.forget_old_answers(session, now, 2) == 2, "a step is bounded"
    forgetting.forget_old_answers(session, now, 100)

    held = [bool(lookups.of_draft(session, person.id, draft.id).rows) for draft in (old, fresh, filed)]
    assert held == [False, True, True]
    assert len(session.exec(select(Lookup)).all()) == before
    assert forgetting.forget_old_answers(session, now, 100) == 0

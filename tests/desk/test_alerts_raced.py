"""Three workers at once: each thing is told once to each, whoever is first; and what an alert tells, too."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import Session, col, delete, select

from app.accounts.models import Role
from app.cases import reconciling as untold
from app.core import db
from app.core.clock import SHANGHAI, utcnow
from app.desk import alerts
from app.messages import reconciling as late
from app.messages.models import Alert, Message
from app.worker import MOST, Chore
from tests import factories

WORKERS, LOOKS = 3, 4
OPENING = datetime(2026, 3, 18, 9, 1, tzinfo=SHANGHAI)


def race(chores: tuple[Chore, ...], moments: list[datetime]) -> Counter[tuple[UUID | None, str]]:
    """Every worker does the chores at each of these moments, all at once; how often who was told what kind."""
    ready = Barrier(WORKERS)

    def work(_: int) -> None:
        for now in moments:
            for chore in chores:
                ready.wait(30)
                with db.writing() as session:
                    chore(session, now, MOST)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    with db.reading() as session:
        told = session.exec(select(Message.staff_id, Message.kind).where(col(Message.staff_id).is_not(None)))
        return Counter((row[0], row[1]) for row in told)


@pytest.fixture
def staff(session: Session) -> dict[str, UUID]:
    """A department with its head, and who oversees it."""
    made = {
        "health1": Role.REVIEWER, "health2": Role.REVIEWER, "health3": Role.HEAD, "das1": Role.SUPERVISOR,
        "das2": Role.ADMINISTRATOR,
    }  # fmt: skip
    return {name: factories.make_staff(session, name, role=role).id for name, role in made.items()}


def test_lights_news_and_digest_are_told_once_however_many_workers_look(session: Session, staff: dict[str, UUID]) -> None:
    for filed in (OPENING - timedelta(days=7), OPENING - timedelta(days=20), OPENING + timedelta(seconds=5)):
        for _ in range(3):
            factories.make_case(session, factories.make_person(session), now=filed)
    session.commit()
    moments = [OPENING + timedelta(minutes=5 * n) for n in range(LOOKS)]
    told = race((alerts.tell_digests, alerts.tell_new, alerts.tell_lights), moments)
    reviewer = ("staff_digest", "staff_item_new", "staff_due_soon")
    assert told == Counter(
        [(staff[name], kind) for name in ("health1", "health2") for kind in (*reviewer, "staff_overdue")]
        + [(staff["health3"], kind) for kind in ("staff_digest", "staff_overdue", "staff_escalated")]
        + [(staff["das1"], kind) for kind in ("staff_digest", "staff_escalated")]
    )


def test_an_alert_is_opened_and_told_once_however_many_workers_look(session: Session, staff: dict[str, UUID]) -> None:
    now = utcnow()
    for _ in range(5):
        factories.make_case(session, factories.make_person(session), now=now - timedelta(minutes=5))
    session.execute(delete(Message))
    session.commit()
    told = race((late.watch, untold.watch), [now + timedelta(seconds=n) for n in range(LOOKS)])
    with db.reading() as reading:
        found = reading.exec(select(Alert)).all()
        numbers = [message.params["n"] for message in reading.exec(select(Message).where(Message.kind == "staff_alert"))]
    assert len(found) == len({alert.subject for alert in found}) == 5
    assert {who for who, _ in told} == {staff["das2"]}
    assert sum(numbers) == 5  # each case is in one message, though several workers may each open some

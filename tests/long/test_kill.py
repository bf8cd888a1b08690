"""The server is killed with SIGKILL at random points of submissions: every receipt shown has its whole case, none is half."""

import json
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlmodel import Session, col, func, select

from app.cases import history
from app.cases.models import Case, CaseItem, CaseRevision
from app.core import db
from app.documents.models import Document
from app.filing.models import Draft, Receipt
from app.messages.models import Message
from tests import newborn
from tests.bench.world import Filing, arrived
from tests.factories import MOTHER, make_person, make_signed_in
from tests.long.conftest import served

pytestmark = pytest.mark.long
KILLS, AT_ONCE, EACH_ROUND = 100, 4, 12


@dataclass
class Shown:
    """What the person saw: the receipt of each draft, as often as it was shown."""

    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)


def submit(port: int, token: str, filings: list[Filing], shown: Shown) -> None:
    """Submit each filing once; a cut connection is no answer."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, headers={"Authorization": f"Bearer {token}"}
    ) as client:
        for filing in filings:
            try:
                answer = client.post(filing.ask["path"], json=filing.body)
            except httpx.TransportError:
                return
            if answer.status_code in (200, 201):
                shown.receipts.setdefault(filing.draft_id, []).append(answer.json())
            else:
                shown.unexpected.append(f"{answer.status_code} {answer.text[:300]}")


def one_round(token: str, filings: list[Filing], shown: Shown, rest: float) -> None:
    """Start, submit from several phones at once, kill after `rest` seconds."""
    with served() as (port, process):
        shares = [filings[n::AT_ONCE] for n in range(AT_ONCE)]
        phones = [threading.Thread(target=submit, args=(port, token, share, shown)) for share in shares]
        for phone in phones:
            phone.start()
        time.sleep(rest)  # the moment of the kill is the point of the test
        process.send_signal(signal.SIGKILL)
        for phone in phones:
            phone.join()


def assert_whole(session: Session, shown: Shown) -> int:
    """Every case has all its parts, every receipt shown its case; gives the number of cases."""
    cases = {str(case.draft_id): case for case in session.exec(select(Case))}
    for draft_id, given in shown.receipts.items():
        assert draft_id in cases, "a receipt was shown, but its case is gone"
        assert all(one == given[0] for one in given), "a replay gave another receipt"
        assert cases[draft_id].number in json.dumps(given[0])
    pages = len(newborn.wanted(newborn.answers()))

    def counts(column: Any, *where: Any) -> dict[Any, int]:
        return dict(session.exec(select(column, func.count()).where(*where).group_by(column)).all())

    items, answers = counts(col(CaseItem.case_id)), counts(col(CaseRevision.case_id))
    receipts, messages = counts(col(Receipt.case_id)), counts(col(Message.case_id))
    documents = counts(col(Document.case_id), col(Document.case_id).is_not(None))
    submitted = set(session.exec(select(Draft.id).where(col(Draft.submitted_at).is_not(None))))
    for case in cases.values():
        parts = [found.get(case.id) for found in (items, answers, receipts, documents)]
        assert parts == [7, 1, 1, pages], f"case {case.number} is half: {parts}"
        assert messages.get(case.id, 0) >= 1
        assert case.event_count >= 1
        assert case.draft_id in submitted
    for found in (items, answers, receipts, documents, messages):
        assert set(found) <= {case.id for case in cases.values()}, "rows of a case that is not there"
    assert history.broken(session) == []
    assert len({case.number for case in cases.values()}) == len(cases)
    return len(cases)


def test_every_receipt_that_was_shown_has_its_whole_case(installation: None) -> None:
    chance = random.Random(20261125)  # noqa: S311 - moments, not secrets
    with db.writing() as session:
        person = make_person(session, MOTHER)
        token = make_signed_in(session, person, bearer=True)
    shown, made = Shown(), list[Filing]()
    for _ in range(KILLS):
        with db.writing() as session:
            fresh = [arrived(session, person) for _ in range(EACH_ROUND)]
        # what got no answer is sent again, and so is something that had one
        again = [f for f in made if f.draft_id not in shown.receipts or chance.random() < 2 / len(made)]
        made += fresh
        one_round(token, again + fresh, shown, chance.uniform(0, 0.35))
        with db.reading() as session:
            assert_whole(session, shown)
    with served() as (port, _process):
        submit(port, token, made, shown)
    with db.reading() as session:
        assert assert_whole(session, shown) == len(made)
    assert shown.unexpected == []
    assert len(shown.receipts) == len(made)

"""Nobody gets what somebody else has; what is not ours any more is not written; what is over ends."""

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, text
from sqlmodel import Session

from app.core import db
from app.core.clock import utcnow
from app.messages import claims
from app.messages.channels import Outcome, Parcel, Result
from app.messages.claims import Back
from app.messages.models import Channel, DeliveryState
from app.messages.retries import entry
from tests.messages.queued import dice, ledger, make_deliveries, states

PUSH = (Channel.PUSH,)
NOW = utcnow()
MANY, BATCH = 120, 7


def claim(most: int = 100, now: datetime = NOW, left_out: Iterable[str] = (), lease: float = 20) -> list[Parcel]:
    with db.writing() as session:
        return claims.claim(session, PUSH, list(left_out), most, now, lease)


def queue(number: int = 1, **how: object) -> list[UUID]:
    with db.writing() as session:
        return make_deliveries(session, number, **({"due": NOW} | how))  # type: ignore[arg-type]


def record(parcels: Iterable[Parcel], outcome: Outcome, now: datetime = NOW) -> int:
    with db.writing() as session:
        return claims.record(session, [(parcel, entry(parcel, outcome, now, dice())) for parcel in parcels])


def everything(_: int = 0) -> list[str]:
    """Claim in small batches until nothing is left; the ids."""
    got = []
    while batch := claim(BATCH, NOW + timedelta(seconds=1)):
        got += [str(parcel.id) for parcel in batch]
    return got


def test_a_claim_brings_what_is_due_and_says_its_message(session: Session) -> None:
    [one], _later = make_deliveries(session, due=NOW), make_deliveries(session, due=NOW + timedelta(seconds=1))
    session.commit()
    [got] = claim()
    assert got.id == one
    assert (got.kind, got.params, got.attempts, got.read_at) == ("test", {"service": "newborn"}, 0, None)
    assert (got.channel, got.give_up_at) == (Channel.PUSH, NOW + timedelta(hours=24))
    [row] = ledger(one)
    assert (row.state, row.claim, row.due_at) == (DeliveryState.SENDING, got.claim, NOW + timedelta(seconds=20))


def test_the_longest_due_come_first_and_no_more_than_asked_for(session: Session) -> None:
    ids = [make_deliveries(session, due=NOW - timedelta(seconds=age))[0] for age in (1, 3, 2)]
    session.commit()
    assert {parcel.id for parcel in claim(most=2)} == {ids[1], ids[2]}


def test_hosts_and_channels_are_left_out(database: Engine) -> None:
    queue(host="dead.example")
    queue(channel=Channel.SMS, host="sms")
    [other] = queue(host="alive.example")
    assert [parcel.id for parcel in claim(left_out=["dead.example"])] == [other]
    with db.reading() as session:
        assert not claims.any_due(session, PUSH, ["dead.example"], NOW)
        assert claims.any_due(session, PUSH, [], NOW)
        assert claims.any_due(session, Channel, ["dead.example"], NOW)


def test_threads_never_get_the_same(database: Engine) -> None:
    ids = queue(MANY)
    with ThreadPoolExecutor(4) as pool:
        got = [one for share in pool.map(everything, range(4)) for one in share]
    assert sorted(got) == sorted(map(str, ids))


def test_processes_never_get_the_same(database: Engine) -> None:
    ids = queue(MANY)
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        got = [one for share in pool.map(everything, range(3)) for one in share]
    assert sorted(got) == sorted(map(str, ids))


def test_what_a_killed_worker_held_comes_up_again_after_its_lease(database: Engine) -> None:
    queue()
    [first] = claim()
    assert claim(now=NOW + timedelta(seconds=19)) == []
    [again] = claim(now=NOW + timedelta(seconds=20))
    assert again.id == first.id
    assert again.claim != first.claim
    assert again.attempts == 0


def test_an_outcome_of_a_lost_claim_changes_nothing(database: Engine) -> None:
    queue()
    lost = claim()
    held = claim(now=NOW + timedelta(seconds=20))
    assert record(lost, Outcome(Result.GONE)) == 0
    assert states() == {"sending": 1}
    assert record(held, Outcome(Result.ACCEPTED, receipt="r")) == 1
    assert record(held, Outcome(Result.GONE)) == 0
    [row] = ledger()
    assert (row.state, row.receipt, row.attempts, row.claim) == (DeliveryState.ACCEPTED, "r", 1, None)


def test_what_the_phone_has_shown_meanwhile_stays_shown(session: Session) -> None:
    [one] = make_deliveries(session, due=NOW)
    session.commit()
    held = claim()
    session.execute(text("UPDATE delivery SET state = 'shown', claim = NULL"))
    session.commit()
    assert record(held, Outcome(Result.RETRY, "timeout")) == 0
    assert ledger(one)[0].state is DeliveryState.SHOWN


def test_what_is_given_back_counts_no_attempt_and_keeps_its_reason(database: Engine) -> None:
    queue()
    record(claim(), Outcome(Result.RETRY, "busy"))
    later = NOW + timedelta(minutes=1)
    [held] = claim(now=later)
    with db.writing() as session:
        assert claims.give_back(session, [Back(held, later + timedelta(seconds=5))]) == 1
    [row] = ledger()
    assert (row.state, row.attempts, row.because, row.claim) == (DeliveryState.QUEUED, 1, "busy", None)
    assert claim(now=later + timedelta(seconds=4)) == []
    assert len(claim(now=later + timedelta(seconds=5))) == 1


def test_past_its_time_a_delivery_is_not_sent_but_ends(database: Engine) -> None:
    never, tried = queue()[0], queue(because="timeout", attempts=3)[0]
    over = NOW + timedelta(hours=24)
    assert claim(now=over) == []
    with db.reading() as session:
        assert not claims.any_due(session, PUSH, [], over)
    with db.writing() as session:
        assert claims.expire(session, over, 1) == 1
        assert claims.expire(session, over, 100) == 1
        assert claims.expire(session, over, 100) == 0
    rows = {row.id: row for row in ledger()}
    assert {row.state for row in rows.values()} == {DeliveryState.FAILED}
    assert (rows[never].because, rows[tried].because) == ("gave_up", "timeout")
    assert rows[never].ended_at == over


def test_an_attempt_under_way_is_not_ended_from_beside(database: Engine) -> None:
    queue(give_up=timedelta(seconds=5))
    claim()
    with db.writing() as session:
        assert claims.expire(session, NOW + timedelta(seconds=6), 100) == 0


def test_a_batch_that_another_has_locked_is_left_to_it(database: Engine) -> None:
    if database.dialect.name != "postgresql":
        return  # there, nobody can write beside an open write
    queue(4)
    with db.writing() as mine:
        held = claims.claim(mine, PUSH, [], 2, NOW, 20)
        with ThreadPoolExecutor(1) as pool:
            others = pool.submit(claim).result(10)
    assert len(held) == len(others) == 2
    assert not {p.id for p in held} & {p.id for p in others}


def test_a_look_and_a_claim_use_the_index_of_what_is_due(session: Session) -> None:
    make_deliveries(session, 300, due=NOW, state=DeliveryState.ACCEPTED)
    make_deliveries(session, 3, due=NOW)
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE delivery"))
        session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    values = {"channels": ["push"], "left_out": ["x"], "now": NOW, "most": 5}
    for statement in (claims._ANY, claims._CHOSEN.element):
        written = statement.params(**values).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        assert "ix_delivery_due" in str(session.execute(text(f"{explain} {written}")).all())


def test_outcomes_are_written_in_order_of_id_however_they_came(database: Engine) -> None:
    """Whoever locks the same rows, as a report does, then waits for us, and we never wait for them in a ring."""
    queue(5)
    parcels = sorted(claim(), key=lambda parcel: parcel.id, reverse=True)
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE delivery"):
            for row in parameters:
                values = {str(value).replace("-", "") for value in (row.values() if isinstance(row, dict) else row)}
                written.extend(parcel.id.hex for parcel in parcels if parcel.id.hex in values)

    event.listen(database, "before_cursor_execute", note)
    try:
        assert record(parcels, Outcome(Result.ACCEPTED)) == 5
    finally:
        event.remove(database, "before_cursor_execute", note)
    assert written == [parcel.id.hex for parcel in reversed(parcels)]

"""Records of what staff do: append-only, chained by digest, written in the transaction of the act itself (等保三级 安全审计).

Nobody has to remember it: whoever finds the officer of an unsafe request (officers.py) notices the act here. It is
written when that session commits; when nothing was committed, app/accounts/recorder.py writes it when the request ends.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import rfc8785
from sqlalchemy import event
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session, col, select
from starlette.requests import HTTPConnection

from app.core import db

from .clients import area_of, device_of
from .models import Outcome, RecordChain, Role, StaffAction

CHAIN = "staff"
START = "0" * 64
SAFE = {"GET", "HEAD", "OPTIONS"}
_ACT, _ADDED = "act", "act_added"
_PLAIN = re.compile(r"[A-Za-z0-9._:-]{1,80}")


class Actor(Protocol):
    """Whoever acts: an Officer, or a row of staff seen as Who."""

    @property
    def staff_id(self) -> UUID | None: ...
    @property
    def username(self) -> str: ...
    @property
    def role(self) -> Role | str: ...
    @property
    def department_id(self) -> str: ...


class Who(NamedTuple):
    """Who acted, as they were then."""

    staff_id: UUID | None
    username: str
    role: Role | str
    department_id: str


#: A user name that nobody has (what was typed is not kept: it is often a password), and the installation's own terminal.
NOBODY, TERMINAL = Who(None, "", "", ""), Who(None, "", "terminal", "")


class Thing(NamedTuple):
    """What an act was done to: kind, id, and a part of it; never personal data."""

    kind: str = ""
    id: str = ""
    part: str = ""


NOTHING = Thing()


@dataclass
class Act:
    """What the officer of one request does, until it is written."""

    at: datetime | None = None
    who: Actor | None = None
    action: str = ""
    thing: Thing = NOTHING
    outcome: Outcome = Outcome.DONE
    named: bool = False
    address: str = ""
    device: str = ""
    #: Its officer was found in a writing session: the act is done when that commits, and refused when it never does.
    tried: bool = False
    written: bool = False


def notice(session: Session, request: HTTPConnection, officer: Actor, now: datetime) -> None:
    """The officer of an unsafe request was found: their act will be recorded, whatever becomes of it."""
    if request.scope.get("method", "GET") in SAFE:
        return
    act: Act = request.scope.setdefault("state", {}).setdefault(_ACT, Act())
    if act.who is None:
        act.at, act.address, act.device = now, area_of(request), device_of(request)
        act.action, act.thing = _action(request.scope), _thing(request.path_params)
    act.who = officer
    act.tried = act.tried or db.is_writing(session)
    session.info[_ACT] = act


def _action(scope: Mapping[str, Any]) -> str:
    """A stable word out of the route: POST /desk/items/{number}/{item_id}/claim is items.claim."""
    path = getattr(scope.get("route"), "path", "") or "unknown"
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return ".".join(parts[1:] if parts[:1] == ["desk"] and parts[1:] else parts)[:60]


def _thing(parameters: Mapping[str, object]) -> Thing:
    """The object named by the address: its first parameter is the kind and id, the rest a part of it."""
    names = list(parameters)
    if not names:
        return Thing()
    values = [text if _PLAIN.fullmatch(text := str(value)) else "?" for value in parameters.values()]
    kind = {"number": "case", "case_number": "case"}.get(names[0], names[0].removesuffix("_id"))
    return Thing(kind[:40], values[0], "/".join(values[1:])[:80])


def record(
    session: Session, by: Actor | None, action: str, of: tuple[str, str], now: datetime, *, part: str = "",
    outcome: Outcome = Outcome.DONE, request: HTTPConnection | None = None,
) -> None:  # fmt: skip
    """Record an act in this transaction: `action` a stable word, `of` the kind and id of what it was done to.

    Within a request whose officer was found, the first one names the act that is recorded anyway; others are added.
    `by` None is the terminal.
    """
    act: Act | None = session.info.get(_ACT)
    thing = Thing(of[0], of[1], part)
    if act is not None and not act.named and not act.written:
        act.action, act.thing, act.outcome, act.named = action, thing, outcome, True
        return
    address, device = (act.address, act.device) if act else ("", "")
    if request is not None:
        address, device = area_of(request), device_of(request)
    append(session, by or TERMINAL, action, thing, outcome, now, address, device)


def refused(session: Session) -> None:
    """What this request tried was not done and its page says why: the record that its commit leaves says so too."""
    act: Act | None = session.info.get(_ACT)
    if act is not None:
        act.outcome = Outcome.REFUSED


def append(
    session: Session, who: Actor, action: str, thing: Thing, outcome: Outcome, at: datetime, address: str, device: str
) -> None:
    """Add one record to the end of the chain; whoever adds another one meanwhile waits."""
    chain = _chain(session)
    row = StaffAction(
        sequence=chain.count + 1, at=at, staff_id=who.staff_id, username=who.username, role=str(who.role),
        department_id=who.department_id, action=action[:60], outcome=outcome, object_kind=thing.kind[:40],
        object_id=thing.id[:80], object_part=thing.part[:80], address=address[:45], device=device[:80],
        previous=chain.head, digest="",
    )  # fmt: skip
    row.digest = digest_of(row)
    chain.count, chain.head = row.sequence, row.digest
    session.add(row)
    session.add(chain)
    session.flush()


def _chain(session: Session) -> RecordChain:
    """The chain's end, locked until the transaction ends, as it is now."""
    found = select(RecordChain).where(RecordChain.name == CHAIN).with_for_update()
    found = found.execution_options(populate_existing=True)
    chain = session.exec(found).first()
    if chain is None:
        fresh = RecordChain(name=CHAIN, head=START)
        chain = fresh if db.added(session, fresh) else session.exec(found).one()
    return chain


def digest_of(row: StaffAction) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of a record and its predecessor's digest."""
    body: dict[str, Any] = row.model_dump(exclude={"digest", "id", "staff_id", "at", "outcome"})
    body |= {
        "id": str(row.id), "staff_id": str(row.staff_id) if row.staff_id else None, "at": row.at.isoformat(),
        "outcome": row.outcome.value,
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


def broken(session: Session) -> list[int]:
    """The number of every record whose digest, order or link does not hold; empty when all is well.

    When the chain has lost its end, the number that should have come next is named.
    """
    found: list[int] = []
    count, head = 0, START
    for row in session.exec(select(StaffAction).order_by(col(StaffAction.sequence)).execution_options(yield_per=1000)):
        if (row.sequence, row.previous) != (count + 1, head) or digest_of(row) != row.digest:
            found.append(row.sequence)
        count, head = row.sequence, row.digest
    chain = session.get(RecordChain, CHAIN)
    if (count, head) != ((chain.count, chain.head) if chain else (0, START)):
        found.append(count + 1)
    return found


def last_sign_ins(session: Session, staff_id: UUID, most: int = 2) -> list[StaffAction]:
    """Somebody's newest sign-ins, the present one first."""
    mine = (StaffAction.staff_id == staff_id, StaffAction.action == "sign-in", StaffAction.outcome == Outcome.DONE)
    return list(session.exec(select(StaffAction).where(*mine).order_by(col(StaffAction.sequence).desc()).limit(most)))


def _before_commit(session: AnySession) -> None:
    act: Act | None = session.info.get(_ACT)
    if act is None or act.written or session.in_nested_transaction() or act.who is None or act.at is None:
        return
    assert isinstance(session, Session)  # noqa: S101 - all our sessions are SQLModel's
    outcome = Outcome.REFUSED if session.info.get("status", 200) >= 400 else act.outcome
    append(session, act.who, act.action, act.thing, outcome, act.at, act.address, act.device)
    session.info[_ADDED] = True


def _after_commit(session: AnySession) -> None:
    if session.info.get(_ADDED) and not session.in_nested_transaction():
        session.info[_ACT].written = True


event.listen(AnySession, "before_commit", _before_commit)
event.listen(AnySession, "after_commit", _after_commit)

"""The data-share platform (数据共享): what the state's registers hold about one person or enterprise, asked side by side.

A register's answer is believed only when it names our key (calls.py) and whom it is about: `about` is an HMAC over key and
subject that both sides can make and nobody else can read an ID number from. An answer about anybody else is never used.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import Any, Protocol

from app.core.errors import Outage
from app.forms.definition import Kind

from .calls import Line

#: What people wait for at most, in seconds, however many registers are asked.
PATIENCE = 4.0
#: People who wait for registers at a time in this process, and the calls made for them: when the registers are slow, whoever
#: comes on top is told so after a moment, rather than that all threads of the server wait.
WAITING, TURN = 8, 0.5
AT_ONCE = 24
#: How far a register's clock may run ahead of ours.
AHEAD = timedelta(minutes=10)
EARLIEST = 1949
#: Beyond this no number of a register is one: more than all the money there is. (NaN compares false.)
LARGEST = 1e15
DIVISION = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?")
OPTION = re.compile(r"[a-z0-9_]{1,40}")


class AnotherPerson(Exception):
    """A register answered about somebody else than was asked for."""


@dataclass(frozen=True)
class Enquiry:
    """One question to a register: about whom (ID number or credit code), what for, which fields, and of which kind each is.

    `licence` says which certificate, when the register is the one of licences. `key`: the same key again asks nothing new.
    """

    register: str
    subject: str
    purpose: str
    fields: Mapping[str, Kind]
    key: str
    licence: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a register holds: nothing when `found` is False; `as_of` says of which moment that is true."""

    found: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None


class DataShare(Protocol):
    """The registers."""

    def look(self, enquiry: Enquiry) -> Answer:
        """What one register holds. Raises Outage (silent, broken, unreadable), AnotherPerson."""


class HttpDataShare:
    """The platform over HTTP."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def look(self, enquiry: Enquiry) -> Answer:
        """See DataShare."""
        body = {
            "subject": enquiry.subject, "purpose": enquiry.purpose, "licence": enquiry.licence,
            "fields": sorted(enquiry.fields),
        }  # fmt: skip
        answer = self.line.ask(f"/data/{enquiry.register}", body, enquiry.key)
        named = answer.get("about")
        if not isinstance(named, str) or not hmac.compare_digest(
            named.encode(), about(self.line.api_key, enquiry.key, enquiry.subject).encode()
        ):
            raise AnotherPerson
        return _read(enquiry, answer)


def about(api_key: str, key: str, subject: str) -> str:
    """Whom an answer is about, without saying it: HMAC-SHA256 of request and subject, under the key that both sides have."""
    return hmac.new(api_key.encode(), f"{key}\0{subject}".encode(), hashlib.sha256).hexdigest()


def _read(enquiry: Enquiry, answer: Mapping[str, Any]) -> Answer:
    """The answer if it is well formed; half of a wrong one is not used. What was not asked for is dropped. Raises Outage."""
    found, fields, as_of = answer.get("found"), answer.get("fields"), _moment(answer.get("as_of"))
    if found is False:
        return Answer(found=False, as_of=as_of)
    if found is not True or not isinstance(fields, dict) or as_of is None:
        raise Outage
    given = {name: fields[name] for name in enquiry.fields if fields.get(name) is not None}
    if not all(_fits(enquiry.fields[name], value) for name, value in given.items()):
        raise Outage
    return Answer(True, given, as_of)


def _moment(value: object) -> datetime | None:
    """An aware moment since there are registers and not ahead of us; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or moment.year < EARLIEST or moment > datetime.now(UTC) + AHEAD:
        return None
    return moment


def _fits(kind: Kind, value: object) -> bool:
    """Whether a register's value can be what that kind of question stores."""
    match kind:
        case Kind.YES_NO:
            return isinstance(value, bool)
        case Kind.NUMBER | Kind.MONEY:
            return (
                isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST
            )  # NaN compares false
        case Kind.ADDRESS:
            return isinstance(value, dict) and set(value) == {"division", "detail"} and all(map(_text, value.values()))
        case Kind.DIVISION:
            return isinstance(value, str) and DIVISION.fullmatch(value) is not None
        case Kind.CHOICE:
            return isinstance(value, str) and OPTION.fullmatch(value) is not None
        case Kind.DATE:
            return _day(value)
        case _:
            return _text(value)


def _text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_turns = BoundedSemaphore(WAITING)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="data-share")


def side_by_side(
    share: DataShare, enquiries: Sequence[Enquiry], patience: float | None = None
) -> list[Answer | Outage | AnotherPerson]:
    """What came of each enquiry, in their order, within `patience` seconds in all; who has not answered by then is out.

    Never call it with a session open: a register may take seconds.
    """
    if not _turns.acquire(timeout=TURN):
        return [Outage() for _ in enquiries]
    try:
        under_way: list[Future[Answer]] = [_pool().submit(share.look, enquiry) for enquiry in enquiries]
        wait(under_way, PATIENCE if patience is None else patience)
        return [_outcome(future) for future in under_way]
    finally:
        _turns.release()


def _outcome(future: "Future[Answer]") -> Answer | Outage | AnotherPerson:
    if not future.done():
        future.cancel()
        return Outage()
    try:
        return future.result()
    except (Outage, AnotherPerson) as error:
        return error

"""The SMS channel: whether a text is still needed and allowed, to whose phone, in which words; and one attempt to hand it over.

Whoever has read the message, or was shown its push, needs no text; a number is believed to be somebody's as at sign-in, and
the register is asked again when that was long ago. Budgets are spent once for each delivery, before it leaves.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts import sign_in
from app.accounts.models import Binding, Person, Phone
from app.core.errors import Outage
from app.outside.clients import HttpIdentity, Identity, quick_line, sms_reported
from app.outside.sms import NotSent, Sms

from . import kinds, sms_budgets, texts
from .channels import TIMEOUT, Outcome, Parcel, Ready, Result
from .kinds import kind
from .models import Channel, Delivery, DeliveryState
from .planning import Target, Wishes, plan, waits
from .preferences import wishes_of
from .reasons import Because

log = logging.getLogger(__name__)
#: Attempts at a time in this process; each holds a thread while the vendor answers.
AT_ONCE = 32
#: Seconds within which the vendor must be called: its own answer (connecting 2 s, then 3 s) still fits into TIMEOUT, so that no
#: text leaves when the next try may already have asked whether there was one.
BEGIN = TIMEOUT - 5.0


class Load(NamedTuple):
    """What sending one text needs. `again`: it may have been handed over before. `ask`: whose number it is must be asked
    first, by this ID number, because it was long ago.
    """

    number: str
    template: str
    params: dict[str, str]
    lang: str
    again: bool
    ask: str = ""


class Known(NamedTuple):
    """What one look into the database tells about a batch."""

    phones: dict[UUID, Phone]
    pushed: set[UUID]
    shown: set[UUID]
    wishes: dict[UUID, Wishes]
    people: dict[UUID, str]
    agents: set[tuple[UUID, UUID]]


def _quick_identity() -> Identity:
    return HttpIdentity(quick_line())


class SmsDoor:
    """Texts about cases; `sms` is the vendor, `identity` the register, each found anew for every use."""

    channel = Channel.SMS

    def __init__(self, sms: Callable[[], Sms] = sms_reported, identity: Callable[[], Identity] = _quick_identity) -> None:
        self.sms, self.identity = sms, identity
        _check(self.sms())  # a vendor that is not set up ends the worker at its start, not each text on its way
        self._threads = ThreadPoolExecutor(AT_ONCE, "sms")
        #: What the register said, of deliveries that are under way: whether the number is still the person's.
        self._held: dict[UUID, bool] = {}

    def prepare(self, session: Session, parcels: Sequence[Parcel], now: datetime) -> list[Ready | tuple[Parcel, Outcome]]:
        """See Door. What may go is spent for in a transaction of its own, so that no two workers spend the same."""
        known = _look(session, parcels, now)
        judged = [(parcel, self._judge(parcel, known, now)) for parcel in parcels]
        spent = sms_budgets.spend([parcel for parcel, verdict in judged if isinstance(verdict, Load)], now)
        mine = [
            one for one in judged if isinstance(one[1], Outcome) or one[0].id in spent
        ]  # the others are somebody else's now
        return [_made(parcel, verdict, spent.get(parcel.id)) for parcel, verdict in mine]

    def _judge(self, parcel: Parcel, known: Known, now: datetime) -> Load | Outcome:
        phone = known.phones.get(parcel.target)
        if parcel.person_id is None or phone is None or phone.person_id != parcel.person_id:
            return Outcome(Result.REFUSED, Because.NO_TARGET)
        wishes = known.wishes.get(parcel.person_id, Wishes())
        unneeded = _unneeded(parcel, known, wishes, now)
        if unneeded is not None:
            return unneeded
        about = kind(parcel.kind)
        if not about.sms:
            return Outcome(Result.REFUSED, Because.NO_TEXT)
        try:
            lang = self.sms().speaks(about.sms, wishes.lang)
        except NotSent as failed:
            return _outcome(parcel, failed)
        template, params = texts.sms(parcel.kind, parcel.params, parcel.case_number, lang, now)
        return Load(phone.number, template, params, lang, False, _to_ask(phone, known, now))

    async def send(self, ready: Ready) -> Outcome:
        """See Door. The vendor's client is synchronous, as the one for sign-in codes: it runs in a thread."""
        until = time.monotonic() + BEGIN
        try:
            async with asyncio.timeout(TIMEOUT):
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, ready, until)
        except TimeoutError:
            return Outcome(Result.RETRY, Because.TIMEOUT, host_down=True)

    def _send(self, ready: Ready, until: float) -> Outcome:
        parcel, load = ready.parcel, ready.load
        try:
            if load.ask and not self._is_theirs(parcel, load):
                return Outcome(Result.REFUSED, Because.NO_TARGET)
        except Outage:  # the register's, not the vendor's
            return Outcome(Result.RETRY, Because.SERVER_ERROR)
        try:
            receipt = self.sms().send(
                load.number, load.template, load.params, str(parcel.id), lang=load.lang, again=load.again, until=until
            )
        except NotSent as failed:
            return _outcome(parcel, failed)
        return Outcome(Result.ACCEPTED, receipt=receipt or None)

    def _is_theirs(self, parcel: Parcel, load: Load) -> bool:
        """Ask the register whose number it is now; a number that it does not know is nobody's."""
        holds = self.identity().holds_phone(load.number, load.ask)
        if holds is not None:
            self._held[parcel.id] = holds
        return holds is True

    def settle(self, session: Session, ended: Sequence[tuple[Parcel, Outcome]], now: datetime) -> None:
        """See Door. A number that changed hands is cut from its former holder, as at sign-in."""
        for parcel, _ in ended:
            holds = self._held.pop(parcel.id, None)
            phone = session.get(Phone, parcel.target, with_for_update=True) if holds is not None else None
            if phone is None or phone.person_id != parcel.person_id:
                continue
            if holds:
                phone.holder_checked_at = now
                session.add(phone)
            else:
                sign_in.release(session, phone, now)

    async def close(self) -> None:
        """See Door. A thread that still waits for an answer ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _check(sms: Sms) -> None:
    """Tell operators which of our templates the vendor does not have."""
    for template in kinds.texts().sms_templates:
        try:
            sms.speaks(template, "zh")
        except NotSent as missing:
            log.error("SMS template %s: %s", template, missing.code)


def _look(session: Session, parcels: Sequence[Parcel], now: datetime) -> Known:
    """A handful of queries, however many parcels."""
    messages = {parcel.message_id for parcel in parcels}
    phones = {phone.id: phone for phone in session.exec(select(Phone).where(col(Phone.id).in_({p.target for p in parcels})))}
    pushes = select(Delivery.message_id, Delivery.state).where(
        col(Delivery.message_id).in_(messages), Delivery.channel == Channel.PUSH
    )
    pushed = session.exec(pushes).all()
    stale = {phone.person_id for phone in phones.values() if phone.person_id and not _trusted(phone, now)}
    people = session.exec(select(Person.id, Person.id_number).where(col(Person.id).in_(stale))) if stale else ()
    acting = {parcel.enterprise_id for parcel in parcels if parcel.enterprise_id}
    bound = select(Binding.person_id, Binding.enterprise_id).where(
        col(Binding.enterprise_id).in_(acting), col(Binding.ended_at).is_(None)
    )
    return Known(
        phones, {row[0] for row in pushed}, {row[0] for row in pushed if row[1] is DeliveryState.SHOWN},
        wishes_of(session, {p.person_id for p in parcels if p.person_id}),
        {row[0]: row[1] for row in people}, {(row[0], row[1]) for row in session.exec(bound)} if acting else set(),
    )  # fmt: skip


def _trusted(phone: Phone, now: datetime) -> bool:
    """Whether a number's holder was checked as lately as signing in asks for."""
    return phone.holder_checked_at is not None and now - phone.holder_checked_at < sign_in.HOLDER_TRUSTED


def _to_ask(phone: Phone, known: Known, now: datetime) -> str:
    return "" if _trusted(phone, now) or phone.person_id is None else known.people[phone.person_id]


def _unneeded(parcel: Parcel, known: Known, wishes: Wishes, now: datetime) -> Outcome | None:
    """Why a text that was planned is not needed any more, if so."""
    if parcel.read_at is not None:
        return Outcome(Result.NOT_NEEDED, Because.READ)
    if parcel.enterprise_id is not None and (parcel.person_id, parcel.enterprise_id) not in known.agents:
        return Outcome(Result.NOT_NEEDED, Because.ENDED)
    if parcel.message_id in known.shown and waits(kind(parcel.kind), wishes):
        return Outcome(Result.NOT_NEEDED, Because.SHOWN)
    if not _is_wanted(parcel, known, wishes, now):
        return Outcome(Result.NOT_NEEDED, Because.UNWANTED)
    return None


def _is_wanted(parcel: Parcel, known: Known, wishes: Wishes, now: datetime) -> bool:
    """Whether a text would still be planned by what its person chose meanwhile."""
    channels = (Channel.SMS, Channel.PUSH) if parcel.message_id in known.pushed else (Channel.SMS,)
    targets = [Target(channel, parcel.target, parcel.host) for channel in channels]
    chosen = plan(kind(parcel.kind), wishes, targets, now, timedelta())
    return any(one.target.channel is Channel.SMS for one in chosen)


def _made(parcel: Parcel, verdict: Load | Outcome, spent: Outcome | bool | None) -> Ready | tuple[Parcel, Outcome]:
    """A parcel ready to go, or its end."""
    if isinstance(verdict, Outcome):
        return parcel, verdict
    if isinstance(spent, Outcome):
        return parcel, spent
    return Ready(parcel, verdict._replace(again=spent is False))


def _outcome(parcel: Parcel, failed: NotSent) -> Outcome:
    """What a failed attempt means to the ledger; the vendor's own code stands in the log, for operators."""
    level = logging.INFO if failed.passing and failed.because != Because.ACCOUNT else logging.ERROR
    log.log(level, "SMS %s (%s) not sent: %s %s", parcel.id, parcel.kind, failed.because, failed.code)
    result = Result.RETRY if failed.passing else Result.REFUSED
    return Outcome(result, failed.because, retry_after=failed.retry_after, host_down=failed.host_down)

"""How people wish to be told: read, checked, kept; and what follows from 长辈版 and the language they read in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.accounts.appearance import AppearanceChosen
from app.accounts.models import Phone
from app.core import db
from app.core.errors import N_, AppError
from app.core.words import WORDS

from .channels import Parcel
from .kinds import Group, kind
from .models import Channel, Preference, SmsWhen
from .planning import DEMANDED, Wishes, rested, switch

Hour = Annotated[int, Field(ge=0, le=23)]
#: What residents may choose by, and over which channels: an SMS is sent of what matters only.
SWITCHES: dict[Group, tuple[Channel, ...]] = {
    Group.TURN: (Channel.PUSH, Channel.SMS),
    Group.RESULT: (Channel.PUSH, Channel.SMS),
    Group.PROGRESS: (Channel.PUSH,),
}
NAMES = frozenset(switch(group, channel) for group, channels in SWITCHES.items() for channel in channels)
Switch = Literal["turn.push", "turn.sms", "result.push", "result.sms", "progress.push"]
#: The phone to which a person's SMS go, for statements that bind `whom`.
newest_phone = (
    columns(col(Phone.id))
    .where(col(Phone.person_id) == bindparam("whom"))
    .order_by(col(Phone.holder_checked_at).desc().nulls_last())
    .limit(1)
    .scalar_subquery()
)
QUIET_FROM, QUIET_TO = Wishes().quiet_from, Wishes().quiet_to


class OneChannelStays(AppError):
    """Both channels off for something of which the law demands notice."""

    status = 422
    type = "one-channel-stays"
    what = N_("“要您办的”和“有结果了”，手机通知和短信各要留一样。")
    kept = N_("您选的都还在，还没有存。")
    todo = N_("请再打开一样，再存。")


class Choice(BaseModel):
    """What a person may choose; `muted` names the switches that are off."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sms: SmsWhen = SmsWhen.LATE
    lang: Literal["zh", "en"] = "zh"
    quiet_from: Hour = QUIET_FROM
    quiet_to: Hour = QUIET_TO
    muted: frozenset[Switch] = frozenset()

    @property
    def silent(self) -> list[Group]:
        """The groups that would be told over no channel though the law demands that they are."""

        def off(group: Group, channel: Channel) -> bool:
            never = channel is Channel.SMS and self.sms is SmsWhen.NEVER
            return never or switch(group, channel) in self.muted

        return [group for group in SWITCHES if group in DEMANDED and all(off(group, one) for one in Channel)]


def default_sms(*, care: bool) -> SmsWhen:
    """What holds for somebody who never chose: old people get their SMS at once."""
    return SmsWhen.AT_ONCE if care else SmsWhen.LATE


def wishes(row: Preference | None) -> Wishes:
    """A row with its defaults filled in."""
    if row is None:
        return Wishes()
    sms = row.sms or default_sms(care=row.care)
    return Wishes(sms, row.lang, row.quiet_from, row.quiet_to, frozenset(row.muted))


def wishes_of(session: Session, people: Collection[UUID]) -> dict[UUID, Wishes]:
    """How people wish to be told, of many at once; whoever never said is in it with the defaults."""
    found = session.exec(select(Preference).where(col(Preference.person_id).in_(people))) if people else ()
    return dict.fromkeys(people, Wishes()) | {row.person_id: wishes(row) for row in found}


def resting(session: Session, parcels: Sequence[Parcel], now: datetime) -> dict[UUID, datetime]:
    """Of claimed parcels those that must not go out yet, by their ids, with the end of the quiet hours they fell into.

    plan() puts nothing there; a retry, or a worker that was down, does. One query for all.
    """
    known = wishes_of(session, {parcel.person_id for parcel in parcels if parcel.person_id})
    ends = {p.id: rested(kind(p.kind), known.get(p.person_id, Wishes()) if p.person_id else Wishes(), now) for p in parcels}
    return {parcel: end for parcel, end in ends.items() if end > now}


def number_of(session: Session, person_id: UUID) -> str:
    """The number to which a person's SMS go, masked; empty when they have none."""
    number = session.exec(select(Phone.number).where(Phone.id == newest_phone), params={"whom": person_id}).first()
    return WORDS.mask(number) if number else ""


def chosen(session: Session, person_id: UUID) -> Choice:
    """What holds for a person now, to be shown and changed."""
    return choice(session.get(Preference, person_id))


def choice(row: Preference | None) -> Choice:
    """A row as its person sees it."""
    sms, lang, start, end, muted = wishes(row)
    return Choice.model_validate({"sms": sms, "lang": lang, "quiet_from": start, "quiet_to": end, "muted": muted & NAMES})


def choose(session: Session, person_id: UUID, choice: Choice, now: datetime) -> None:
    """Keep what a person chose; raises OneChannelStays.

    An SMS choice that is the default stays one: who never asked for anything else has the default of the view they use.
    """
    if choice.silent:
        raise OneChannelStays
    row = _row(session, person_id, now)
    if row.sms is not None or choice.sms is not default_sms(care=row.care):
        row.sms = choice.sms
    row.lang, row.quiet_from, row.quiet_to = choice.lang, choice.quiet_from, choice.quiet_to
    row.muted, row.updated_at = sorted(choice.muted), now
    session.add(row)


def follow(session: Session, event: AppearanceChosen) -> None:
    """Remember what a signed-in person chose elsewhere (tied in wiring.listen); nothing is written when nothing changes."""
    row = session.get(Preference, event.person_id)
    lang = event.lang or (event.reads if row is None else row.lang)
    care = event.care if event.care is not None else row is not None and row.care
    if (lang, care) == (("zh", False) if row is None else (row.lang, row.care)):
        return
    row = row or _row(session, event.person_id, event.at)
    row.lang, row.care, row.updated_at = lang, care, event.at
    session.add(row)


def _row(session: Session, person_id: UUID, now: datetime) -> Preference:
    """A person's row, made if there is none; two requests at the same moment find the same."""
    found = session.get(Preference, person_id)
    if found is None:
        fresh = Preference(person_id=person_id, updated_at=now)
        found = fresh if db.added(session, fresh) else session.get_one(Preference, person_id)
    return found

"""Tables: messages, their deliveries over other channels, push subscriptions, and what people wish to be told how."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.core.db import EncryptedText, Stored, UtcDateTime, one_of
from app.core.ids import new_id

_TO_ONE = "(person_id IS NULL) <> (staff_id IS NULL)"


class Message(SQLModel, table=True):
    """消息: one thing told to one person, or to one member of staff. `params` holds codes and dates, never personal data.

    Written in the transaction of what it tells of. The row is the inbox's own delivery: there from `created_at`, read at
    `read_at`; deliveries over other channels are rows of Delivery. `enterprise_id`: the case is this enterprise's; the person
    reads the message while acting for it. A digest or an alert is about no case.
    """

    __table_args__ = (
        CheckConstraint(_TO_ONE, name="to_one"),
        Index("ix_message_person_id_read_at", "person_id", "read_at"),
        Index("ix_message_person_id_created_at", "person_id", "created_at"),
        Index("ix_message_staff_id_read_at", "staff_id", "read_at"),
        Index("ix_message_staff_id_created_at", "staff_id", "created_at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id")
    case_id: UUID | None = Field(default=None, index=True)
    case_number: str = Field(default="", max_length=12)
    kind: str = Field(max_length=40)
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    your_turn: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Channel(StrEnum):
    """手机通知 and 短信; the inbox is the message itself."""

    PUSH = "push"
    SMS = "sms"


class DeliveryState(StrEnum):
    """Where a delivery stands. `accepted`: the push service or the gateway took it; `shown`: the phone says so."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SHOWN = "shown"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


class Delivery(SQLModel, table=True):
    """送达: one message to one target over one channel; the ledger of what became of it.

    `target` is the push subscription, or the phone, by its id (no foreign key: either may be gone, the ledger stays). `host` is
    the push service, or the gateway's name: what is down is down for all of a host. `due_at` is when it may be claimed; a
    claim sets it to the end of its lease and `claim` to a number of its own, so that what a killed worker held comes up again.
    `handed_at`: when an SMS was first about to be handed over; its budget is spent then and never again, and from then on the
    vendor may have it, whatever we were told. `because` is a code (reasons.py), `receipt` the vendor's own id, by which its
    reports name it.
    """

    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", DeliveryState),
        Index(
            "ix_delivery_due", "due_at",
            sqlite_where=text("state IN ('queued', 'sending')"), postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    message_id: UUID = Field(foreign_key="message.id", index=True)
    channel: Channel = Field(sa_type=Stored(Channel))
    target: UUID
    host: str = Field(max_length=100)
    state: DeliveryState = Field(default=DeliveryState.QUEUED, sa_type=Stored(DeliveryState))
    queued_at: datetime = Field(sa_type=UtcDateTime, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    give_up_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    claim: UUID | None = None
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipt: str | None = Field(default=None, max_length=100, index=True)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    because: str = Field(default="", max_length=40)


class PushSubscription(SQLModel, table=True):
    """A browser that may be pushed to, for as long as its session lives: signing out, or being signed out, removes it.

    `sealed` is JSON {endpoint, p256dh, auth}: whoever knows it can write to the phone. `key_id` names our VAPID key it was made
    with; `lang` is the language in which its page was read.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (CheckConstraint(_TO_ONE, name="to_one"),)
    id: UUID = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="session.id", ondelete="CASCADE", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    endpoint_index: str = Field(max_length=64, unique=True)
    sealed: str = Field(sa_type=EncryptedText("push_subscription.sealed"))
    host: str = Field(max_length=100)
    key_id: str = Field(max_length=8)
    lang: str = Field(max_length=2)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class SmsWhen(StrEnum):
    """When a person wants an SMS: 马上发, 没看到再发, 不要."""

    AT_ONCE = "at_once"
    LATE = "late"
    NEVER = "never"


class Preference(SQLModel, table=True):
    """How a person wishes to be told; without a row the defaults hold. What the law demands is told all the same (planning.py).

    `sms` None: never chosen, so 长辈版 means at once and otherwise late. `muted` lists what a channel must not be used for, as
    "group.channel" (progress.push). `lang` is of SMS; a push speaks the language of its browser's page. Quiet hours are whole
    hours of the day in China; equal ones mean none.
    """

    __table_args__ = (one_of("sms", SmsWhen),)
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    sms: SmsWhen | None = Field(default=None, sa_type=Stored(SmsWhen))
    care: bool = False
    lang: str = Field(default="zh", max_length=2)
    quiet_from: int = 22
    quiet_to: int = 7
    muted: list[str] = Field(default_factory=list, sa_type=JSON)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Alert(SQLModel, table=True):
    """A fault of telling that an operator must know: one open row per subject, closed when it is over (reconciling.py).

    `kind`: event_without_message, delivery_late, channel_failing; `subject` the case or channel; `detail` numbers and codes.
    """

    __tablename__ = "message_alert"
    __table_args__ = (
        Index(
            "uq_message_alert_open", "kind", "subject", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=60)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffTold(SQLModel, table=True):
    """What staff were told already, so that no two workers tell it twice: a light, an escalation, a day's digest."""

    __tablename__ = "staff_told"
    subject: str = Field(primary_key=True, max_length=80)
    what: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)

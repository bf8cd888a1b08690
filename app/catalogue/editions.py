"""Editions: which version of a service is current, which one a draft or case is pinned to, until when it may be filed.

An edition's id is the hash of its meaning: ids, kinds, conditions, limits, options, bounds, order. Texts are left out, so a
corrected typo is no new edition; when words do change what is meant, the author counts up the service's `revision`.
"""

import hashlib
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, ClassVar

import rfc8785
from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select, update

from app.accounts.models import Department
from app.core.errors import N_, AppError, NotFound
from app.core.settings import settings
from app.forms.definition import Text
from app.forms.derived import CHINA

from .definition import DepartmentDef, Edition, LifeEvent, Service
from .loader import Catalogue, load
from .models import EditionRow

#: Keys that only say the same in other words, or where it is found.
WORDS = {"keywords", "events", "icon", "faq", "steps", "basis", "verified"}
ID_LENGTH = 16


class UnknownEdition(AppError):
    """No such edition of this service was ever published."""

    status = 404
    type = "unknown-edition"
    what = N_("没有这一版表。")
    todo = N_("请从办事指南重新开始填。")


class AlreadyClosing(AppError):
    """An edition's last day is told to people and is not moved afterwards."""

    status: ClassVar[int] = 409
    type = "edition-closing"
    what = N_("这一版表的最后一天已经定了。")
    kept = N_("什么都没有改。")
    todo = N_("请看编目说明。")


def _meaning(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return None
        kept = {key: _meaning(v) for key, v in value.items() if key not in WORDS}
        return {key: v for key, v in kept.items() if v is not None}
    if isinstance(value, list):
        return [_meaning(v) for v in value]
    return value


def edition_id(service: Service) -> str:
    """The first 16 hex digits of the SHA-256 over the canonical JSON (RFC 8785) of a service's meaning.

    Keys at their default are left out, so that a key added to the language later changes no existing edition.
    """
    meaning = _meaning(service.model_dump(mode="json", exclude_defaults=True))
    return hashlib.sha256(rfc8785.dumps(meaning)).hexdigest()[:ID_LENGTH]


@cache
def _catalogue() -> Catalogue:
    return load(district=settings().division)


@cache
def _current() -> dict[str, Edition]:
    return {service.id: Edition(edition_id(service), service) for service in _catalogue().services.values()}


def departments() -> dict[str, DepartmentDef]:
    """Every department by its id; no query."""
    return _catalogue().departments


def events() -> dict[str, LifeEvent]:
    """Every life event by its id, in the order of its file; no query."""
    return _catalogue().events


def all_current() -> list[Edition]:
    """The current edition of every service; no query."""
    return list(_current().values())


def ids() -> tuple[str, ...]:
    """The ids of all editions in force: what is made from them is made anew when one changes."""
    return tuple(edition.id for edition in _current().values())


def current(service_id: str) -> Edition:
    """The current edition of a service; no query. Raises NotFound."""
    try:
        return _current()[service_id]
    except KeyError:
        raise NotFound from None


@lru_cache(64)
def _stored(service_id: str, edition_id: str, definition: str) -> Service:
    return Service.model_validate_json(definition)


_DATES = sa_select(
    col(EditionRow.published_at), col(EditionRow.closes_at), col(EditionRow.close_reason_zh), col(EditionRow.close_reason_en)
).where(col(EditionRow.service_id) == bindparam("service"), col(EditionRow.id) == bindparam("edition"))


def edition(session: Session, service_id: str, edition_id: str) -> Edition:
    """An edition that drafts and cases are pinned to, with its last day if it has one: one query. Raises UnknownEdition.

    The definition in force is in memory; only older ones are read from their row (40 KB of JSON, 0.7 ms).
    """
    ours = _current().get(service_id)
    if ours is None or ours.id != edition_id:
        return _older(session, service_id, edition_id)
    row = session.execute(_DATES, {"service": service_id, "edition": edition_id}).first()
    return Edition(edition_id, ours.service, row[0], row[1], _reason(row[2], row[3])) if row else ours


def _older(session: Session, service_id: str, edition_id: str) -> Edition:
    row = session.get(EditionRow, (service_id, edition_id))
    if row is None:
        raise UnknownEdition
    service = _stored(service_id, edition_id, rfc8785.dumps(row.definition).decode())
    return Edition(edition_id, service, row.published_at, row.closes_at, _reason(row.close_reason_zh, row.close_reason_en))


def _reason(zh: str | None, en: str | None) -> Text | None:
    return Text(zh=zh, en=en) if zh and en else None


def publish(session: Session, now: datetime) -> list[str]:
    """Bring departments and current editions into the database; gives the new ones as service@edition. Idempotent.

    The words of an edition that is there already are corrected in place; its meaning cannot differ.
    """
    for department in departments().values():
        name, short = department.name, department.short
        session.merge(Department(id=department.id, name_zh=name.zh, name_en=name.en, short_zh=short.zh, short_en=short.en))
    new = [_publish(session, ours, now) for ours in all_current()]
    session.flush()
    return [name for name in new if name]


def _publish(session: Session, ours: Edition, now: datetime) -> str | None:
    definition = ours.service.model_dump(mode="json")
    row = session.get(EditionRow, (ours.service.id, ours.id))
    if row is None:
        session.add(EditionRow(service_id=ours.service.id, id=ours.id, definition=definition, published_at=now))
        return f"{ours.service.id}@{ours.id}"
    if row.definition != definition:
        row.definition = definition
    return None


def close(session: Session, service_id: str, edition_id: str, at: datetime, reason: Text) -> None:
    """Set the moment after which an edition may no longer be filed, and why. Raises UnknownEdition, AlreadyClosing."""
    mine = (col(EditionRow.service_id) == service_id, col(EditionRow.id) == edition_id)
    if session.get(EditionRow, (service_id, edition_id)) is None:
        raise UnknownEdition
    values = {"closes_at": at, "close_reason_zh": reason.zh, "close_reason_en": reason.en}
    done = session.execute(update(EditionRow).where(*mine, col(EditionRow.closes_at).is_(None)).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise AlreadyClosing


def closed(edition: Edition, now: datetime) -> bool:
    """Whether an edition may no longer be filed."""
    return edition.closes_at is not None and now >= edition.closes_at


def end_of(day: str) -> datetime:
    """The moment at which a day (YYYY-MM-DD) ends in China; raises ValueError."""
    return datetime.combine(date.fromisoformat(day), time.max, CHINA)


def published(session: Session) -> list[EditionRow]:
    """Everything ever published, by service, oldest first."""
    return list(session.exec(select(EditionRow).order_by(col(EditionRow.service_id), col(EditionRow.published_at))))

"""Where a proposed answer comes from: what the town already has of the signed-in person, or what was answered before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.models import Person, Phone
from app.core.errors import N_
from app.forms.answers import proposals
from app.forms.definition import Form

#: The source of a proposal in words; a question's id as source means an earlier answer.
SOURCES = {
    "profile.name": N_("来自实名核对"),
    "profile.id_number": N_("来自实名核对"),
    "profile.division": N_("来自实名核对"),
    "profile.phone": N_("来自登录的手机号"),
}
EARLIER = N_("照您前面填的")


def words(source: str) -> str:
    """The source of a proposal in words (a msgid)."""
    return SOURCES.get(source, EARLIER)


def profile(session: Session, person_id: UUID) -> dict[str, str]:
    """What we know of a person and the phone they last used: {name of the proposal: value}. One query."""
    known = (
        select(col(Person.name), col(Person.id_number), col(Phone.number))
        .join(Phone, col(Phone.person_id) == col(Person.id))
        .where(col(Person.id) == person_id)
        .order_by(col(Phone.holder_checked_at).desc())
        .limit(1)
    )
    row = session.execute(known).first()
    return {} if row is None else {"profile.name": row[0], "profile.id_number": row[1], "profile.phone": row[2]}


def sources(
    form: Form, known: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any], kept: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:  # fmt: skip
    """{question: source} of the answers that stand as they were proposed; an answer that was changed is the person's own."""
    same = {name: source for name, source in kept.items() if name in after and after[name] == before.get(name)}
    changed = {q.id for q in form.questions().values() if q.prefill and after.get(q.id) != before.get(q.id)}
    offered = proposals(form, {k: v for k, v in after.items() if k not in changed}, known, now)
    taken = {name: p.source for name, p in offered.items() if name in changed and after.get(name) == p.value}
    return {**same, **taken}

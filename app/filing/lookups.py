"""Looks into the state's registers for a draft: asked with consent, recorded, and what they answered with.

A look is only ever about the signed-in person's own verified ID number, or about the enterprise for which they act: never
about a number that was typed into a form. It belongs to (filer, draft); nobody else's draft knows of it.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col, update
from sqlmodel import select as rows_of

from app.accounts.budgets import DAY, spend
from app.accounts.models import Person
from app.accounts.sessions import Resident
from app.cases.models import Case
from app.catalogue.definition import Edition, Register
from app.core.crypto import keyring
from app.core.errors import BadInput, NotFound
from app.core.ids import new_id
from app.outside import data_share
from app.outside.clients import data_share as share_in_force
from app.outside.data_share import Answer, Enquiry

from .enquiries import OF_ENTERPRISES, Asked, purpose
from .looks import Looked, Looks
from .models import Draft, Lookup, Outcome

#: What sources of proposals begin with when a register answers them.
REGISTERS = frozenset(Register)
#: Looks that one person may start in a day; each may ask all registers of a service.
A_DAY = 40


_LOOK = select(
    col(Lookup.id), col(Lookup.held_by), col(Lookup.licence), col(Lookup.outcome), col(Lookup.asked_at), col(Lookup.as_of),
    col(Lookup.answer), col(Lookup.disputed_at), col(Lookup.dispute),
).where(
    # What a deleted draft was told is forgotten: it holds nothing for another draft that a phone gives the same id.
    or_(col(Lookup.outcome) != Outcome.FOUND, col(Lookup.answer).is_not(None))
).order_by(col(Lookup.asked_at), col(Lookup.id))  # fmt: skip


def of_draft(session: Session, filer_id: UUID, draft_id: UUID, only: Collection[Register] | None = None) -> Looks:
    """The looks of a filer's draft, also after it became a case: one query. Whoever calls has checked that they may see it.

    `only`: those at these registers; the desk reads no others than a department's own papers come from.
    """
    found = _LOOK.where(col(Lookup.filer_id) == filer_id, col(Lookup.draft_id) == draft_id)
    if only is not None:
        found = found.where(col(Lookup.held_by).in_(only))
    return Looks(tuple(_looked(row) for row in session.execute(found)))


class OfCase(NamedTuple):
    """The looks of a case, and the person who had them made: what they say of a person is for that person's eyes."""

    looks: Looks
    filer_id: UUID | None


def of_case(session: Session, case_id: UUID) -> OfCase:
    """The looks behind a case: one query. Whoever calls has checked that the reader may see the case."""
    filed = (col(Case.filer_id) == col(Lookup.filer_id), col(Case.draft_id) == col(Lookup.draft_id))
    found = _LOOK.add_columns(col(Lookup.filer_id)).join(Case, and_(*filed)).where(col(Case.id) == case_id)
    rows = session.execute(found).all()
    return OfCase(Looks(tuple(_looked(row[:-1]) for row in rows)), rows[0][-1] if rows else None)


def _looked(row: Any) -> Looked:
    look: Looked = Looked._make(row)
    return look._replace(answer=json.loads(look.answer) if look.answer else {}, dispute=look.dispute or "")  # type: ignore[arg-type]


def held(session: Session, filer_id: UUID, draft_id: UUID, edition: Edition) -> frozenset[str]:
    """The materials that a register has answered with for a draft, undisputed."""
    return of_draft(session, filer_id, draft_id).held(edition)


def known(session: Session, filer_id: UUID, draft_id: UUID, edition: Edition) -> dict[str, Any]:
    """What the registers answered for a draft, by source name, undisputed."""
    return of_draft(session, filer_id, draft_id).known(edition)


@dataclass(frozen=True)
class Prepared:
    """Looks about to be made, already on record (`looks`): for whose draft, and what is asked of whom."""

    resident: Resident
    draft_id: UUID
    service_id: str
    enquiries: tuple[Enquiry, ...]
    looks: tuple[UUID, ...]


def chosen(asked: Sequence[Asked], keys: Collection[str]) -> tuple[Asked, ...]:
    """The registers that somebody named; raises BadInput for one that the service does not ask."""
    if set(keys) - {one.key for one in asked}:
        raise BadInput("registers")
    return tuple(one for one in asked if one.key in keys)


def prepare(
    session: Session, resident: Resident, draft_id: UUID, edition: Edition, asked: tuple[Asked, ...], now: datetime
) -> Prepared:
    """Make ready to ask, with the person's consent of this moment; the caller commits and closes the session before asking.

    Consent and look are on record before a register hears of them, as unanswered, whatever happens to us meanwhile.
    Raises TooMany.
    """
    spend(session, "lookup", keyring().blind("person-id", str(resident.person_id)), A_DAY, DAY, now)
    own = str(session.execute(select(col(Person.id_number)).where(col(Person.id) == resident.person_id)).scalar_one())
    enquiries = tuple(_enquiry(resident, own, edition, one) for one in asked)
    rows = [_row(resident, draft_id, edition, one, Outcome.DOWN, now) for one in asked]
    for row in rows:
        row.consented_at = now
        session.add(row)
    return Prepared(resident, draft_id, edition.service.id, enquiries, tuple(row.id for row in rows))


def _enquiry(resident: Resident, own: str, edition: Edition, one: Asked) -> Enquiry:
    of_enterprise = resident.enterprise if one.register in OF_ENTERPRISES else None
    return Enquiry(
        register=str(one.register), subject=of_enterprise.credit_code if of_enterprise else own,
        purpose=purpose(edition.service, one)["zh"], fields=one.fields, key=str(new_id()), licence=one.licence or None,
    )  # fmt: skip


def ask(prepared: Prepared) -> list[Answer | Exception]:
    """Ask the registers side by side, about four seconds at most; never with a session open."""
    return list(data_share.side_by_side(share_in_force(), prepared.enquiries))


def record(session: Session, prepared: Prepared, answers: Sequence[Answer | Exception], *, keep: bool) -> None:
    """Write down what came of each look. `keep`: the draft is still there to be filled in, else nothing of an answer stays."""
    rows = {row.id: row for row in session.exec(rows_of(Lookup).where(col(Lookup.id).in_(prepared.looks)))}
    for look_id, answer in zip(prepared.looks, answers, strict=True):
        row = rows[look_id]
        row.outcome = _outcome(answer)
        if isinstance(answer, Answer):
            row.as_of = answer.as_of
            row.answer = json.dumps(dict(answer.fields), ensure_ascii=False) if answer.found and keep else None
        session.add(row)


def _outcome(answer: Answer | Exception) -> Outcome:
    match answer:
        case Answer(found=True):
            return Outcome.FOUND
        case Answer():
            return Outcome.NONE
        case data_share.AnotherPerson():
            return Outcome.WRONG
    return Outcome.DOWN


def _row(resident: Resident, draft_id: UUID, edition: Edition, one: Asked, outcome: Outcome, now: datetime) -> Lookup:
    of_enterprise = resident.enterprise if one.register in OF_ENTERPRISES else None
    return Lookup(
        id=new_id(), filer_id=resident.person_id, enterprise_id=of_enterprise and of_enterprise.id, draft_id=draft_id,
        service_id=edition.service.id, held_by=one.register, licence=one.licence, purpose=purpose(edition.service, one),
        asked_at=now, outcome=outcome,
    )  # fmt: skip


def refuse(
    session: Session, resident: Resident, draft_id: UUID, edition: Edition, asked: Sequence[Asked], now: datetime
) -> None:
    """Keep that the person would not have these registers asked; then the papers are uploaded."""
    before = of_draft(session, resident.person_id, draft_id).newest
    for one in asked:
        if one.key not in before or before[one.key].outcome is not Outcome.REFUSED:
            session.add(_row(resident, draft_id, edition, one, Outcome.REFUSED, now))


def one_of(session: Session, filer_id: UUID, draft_id: UUID, lookup_id: UUID) -> tuple[Looks, Looked]:
    """A draft's looks, and the one of them that found something; raises NotFound."""
    looks = of_draft(session, filer_id, draft_id)
    found = next((row for row in looks.rows if row.id == lookup_id and row.outcome is Outcome.FOUND), None)
    if found is None:
        raise NotFound
    return looks, found


def dispute(session: Session, draft: Draft, edition: Edition, lookup_id: UUID, words: str, now: datetime) -> None:
    """对不上: what a register answered is not used any more, and answers that came from it are the person's own to correct.

    Said once, the first words stay. Raises NotFound.
    """
    looks, look = one_of(session, draft.filer_id, draft.id, lookup_id)
    mine = (col(Lookup.id) == lookup_id, col(Lookup.disputed_at).is_(None))
    session.execute(update(Lookup).where(*mine).values(disputed_at=now, dispute=words or None))
    if looks.filling(edition).get(look.register) == look:
        prefix = f"{look.register}."
        draft.prefilled = {name: source for name, source in draft.prefilled.items() if not source.startswith(prefix)}
        session.add(draft)


def forget(session: Session, filer_id: UUID, draft_id: UUID) -> None:
    """A deleted draft takes what the registers answered with it; that they were asked stays on record."""
    mine = (col(Lookup.filer_id) == filer_id, col(Lookup.draft_id) == draft_id)
    session.execute(update(Lookup).where(*mine).values(answer=None, dispute=None))


class Mine(NamedTuple):
    """A look as its subject sees it among all that were made for them."""

    service_id: str
    register: Register
    licence: str
    purpose: dict[str, str]
    asked_at: datetime
    consented_at: datetime | None
    outcome: Outcome
    disputed_at: datetime | None


def made_for(session: Session, resident: Resident, most: int = 200) -> list[Mine]:
    """Every look that was made about the person, or about the enterprise for which they act, newest first."""
    acting = resident.enterprise
    found = (
        select(
            col(Lookup.service_id), col(Lookup.held_by), col(Lookup.licence), col(Lookup.purpose), col(Lookup.asked_at),
            col(Lookup.consented_at), col(Lookup.outcome), col(Lookup.disputed_at),
        )
        .where(
            col(Lookup.filer_id) == resident.person_id,
            col(Lookup.enterprise_id).is_not_distinct_from(acting.id if acting else None),
        )
        .order_by(col(Lookup.asked_at).desc(), col(Lookup.id).desc())
        .limit(most)
    )  # fmt: skip
    return [Mine(*row) for row in session.execute(found)]

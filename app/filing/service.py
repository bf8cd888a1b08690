"""The verbs of drafts: start, save, hold what came after the session ended, drop. A save never loses what was there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.catalogue import editions
from app.catalogue.definition import Edition
from app.core.errors import BadInput, NotFound
from app.core.i18n import pick
from app.core.ids import new_id
from app.documents.service import discard

from . import filers, lookups, prefill, queries
from .errors import AnswersUnstorable, DraftConflict, DraftSubmitted, EditionClosed
from .models import Draft
from .queries import DraftRow
from .shapes import faults
from .steps import REVIEW
from .wire import DraftBody, checked_id

#: What a form page may hold for a person whose session ended, in bytes of JSON.
HELD_AT_MOST = 400_000


@dataclass(frozen=True)
class Saved:
    """What a save gives back."""

    revision: int


def dump(answers: Mapping[str, Any]) -> str:
    """Answers as they rest in the database."""
    return json.dumps(dict(answers), ensure_ascii=False, separators=(",", ":"))


def as_json(row: DraftRow) -> dict[str, Any]:
    """A draft on the wire."""
    return {
        "id": str(row.id), "service": row.service_id, "edition": row.edition, "revision": row.revision,
        "answers": row.answers, "prefilled": row.prefilled, "page": row.page,
        "created_at": row.created_at.isoformat(), "updated_at": row.updated_at.isoformat(),
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
    }  # fmt: skip


def open_edition(edition: Edition, now: datetime, lang: str = "zh") -> Edition:
    """The edition if it may still be filed; raises EditionClosed with the catalogue's reason."""
    if editions.closed(edition, now):
        raise EditionClosed(reason=pick(edition.close_reason, lang) if edition.close_reason else edition.id)
    return edition


def party_of(draft: Draft) -> Party:
    """Whose a draft is."""
    return Party(draft.filer_id, draft.enterprise_id)


def locked(session: Session, party: Party, draft_id: UUID) -> Draft | None:
    """The party's draft, its row locked until the transaction ends; None when there is none."""
    mine = (Draft.filer_id == party.person_id, Draft.enterprise_id == party.enterprise_id)
    found = select(Draft).where(*mine, Draft.id == draft_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).first()


def own(session: Session, party: Party, draft_id: UUID) -> Draft:
    """The party's unsubmitted draft, locked; raises NotFound, or DraftSubmitted with the case number."""
    draft = locked(session, party, draft_id)
    if draft is None:
        raise NotFound
    if draft.submitted_at is not None:
        raise DraftSubmitted(case=case_number(session, party.person_id, draft_id))
    return draft


def case_number(session: Session, filer_id: UUID, draft_id: UUID) -> str:
    """The number of the case that a draft became; empty when it did not."""
    receipt = queries.receipt_of_draft(session, filer_id, draft_id)
    return receipt.case_number if receipt else ""


def insert(session: Session, draft: Draft) -> Draft | None:
    """Add a draft; None when another request of the same filer added it first. Somebody else's id raises NotFound."""
    if queries.taken(session, party_of(draft), draft.id):
        raise NotFound
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        return None
    return draft


def start(session: Session, party: Party, edition: Edition, now: datetime) -> Draft:
    """A new, empty draft of an edition; raises EditionClosed, NotForPersons, NotForEnterprises."""
    open_edition(edition, now)
    filers.check(edition.service, party)
    draft = Draft(
        filer_id=party.person_id, enterprise_id=party.enterprise_id, id=new_id(), service_id=edition.service.id,
        edition=edition.id, answers=dump({}), page=edition.service.form.pages[0].id, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(draft)
    return draft


def _checked(session: Session, body: DraftBody) -> Edition:
    edition = editions.edition(session, body.service, body.edition)
    wrong = faults(edition.service.form, body.answers)
    if wrong:
        raise AnswersUnstorable(wrong)
    if body.page not in {"", REVIEW, *(p.id for p in edition.service.form.pages)}:
        raise BadInput("page")
    return edition


def put(session: Session, party: Party, draft_id: UUID, body: DraftBody, now: datetime) -> Saved:
    """Save a whole draft over the wire. The same save again (its answer was lost) gives the same revision.

    Raises DraftConflict with the server's copy when `base_revision` is old, AnswersUnstorable, DraftSubmitted, NotFound.
    """
    edition = _checked(session, body)
    if locked(session, party, draft_id) is None:
        if body.base_revision:
            raise NotFound
        created = _create(session, party, checked_id(draft_id), edition, body, now)
        if created:
            return Saved(created.revision)
    draft = own(session, party, draft_id)
    if draft.service_id != body.service:
        raise BadInput("service")
    same = json.loads(draft.answers) == body.answers and (draft.edition, draft.page) == (body.edition, body.page)
    if same and body.base_revision in (draft.revision, draft.revision - 1):
        return Saved(draft.revision)
    if body.base_revision != draft.revision:
        raise DraftConflict(draft=as_json(queries.own_draft(session, party, draft_id)))
    return Saved(write(session, draft, edition, body.answers, body.page, now).revision)


def _create(session: Session, party: Party, draft_id: UUID, edition: Edition, body: DraftBody, now: datetime) -> Draft | None:
    open_edition(edition, now)
    filers.check(edition.service, party)
    known = prefill.known(session, party, draft_id, edition)
    fresh = Draft(
        filer_id=party.person_id, enterprise_id=party.enterprise_id, id=draft_id, service_id=body.service,
        edition=body.edition, answers=dump(body.answers), page=body.page,
        prefilled=prefill.sources(edition.service.form, known, {}, body.answers, {}, now), created_at=now, updated_at=now,
    )  # fmt: skip
    return insert(session, fresh)


def write(session: Session, draft: Draft, edition: Edition, answers: Mapping[str, Any], page: str, now: datetime) -> Draft:
    """Store answers that have been checked by `shapes`; what was held for this page is settled by it."""
    before, form = json.loads(draft.answers), edition.service.form
    if before != answers:
        changed = [q.id for q in form.questions().values() if answers.get(q.id) != before.get(q.id)]
        known = prefill.known(session, party_of(draft), draft.id, edition, only=changed)
        draft.prefilled = prefill.sources(form, known, before, answers, draft.prefilled, now)
    draft.edition, draft.answers, draft.page = edition.id, dump(answers), page
    draft.revision, draft.updated_at = draft.revision + 1, now
    if draft.held and draft.held_page == page:
        draft.held, draft.held_page = None, ""
    session.add(draft)
    return draft


def hold(session: Session, party: Party, draft_id: UUID, page: str, answers: Mapping[str, Any], now: datetime) -> bool:
    """Keep a page that was sent after the session had ended, apart from the draft until its filer has seen it again."""
    draft = locked(session, party, draft_id)
    text = dump(answers)
    if draft is None or draft.submitted_at is not None or len(text.encode()) > HELD_AT_MOST:
        return False
    draft.held, draft.held_page = text, page
    session.add(draft)
    return True


def drop(session: Session, party: Party, draft_id: UUID, now: datetime) -> None:
    """Delete an unsubmitted draft with its pictures and what registers answered for it; raises NotFound, DraftSubmitted."""
    session.delete(own(session, party, draft_id))
    discard(session, party, draft_id, now)
    lookups.forget(session, party.person_id, draft_id)


def move(session: Session, party: Party, draft_id: UUID, now: datetime) -> Draft:
    """Pin a draft to the current edition of its service: answers that fit are kept, the others have nowhere to stand."""
    draft = own(session, party, draft_id)
    newest = open_edition(editions.current(draft.service_id), now)
    answers = json.loads(draft.answers)
    unfit = faults(newest.service.form, answers)
    pages = [p.id for p in newest.service.form.pages]
    page = draft.page if draft.page in pages else pages[0]
    return write(session, draft, newest, {k: v for k, v in answers.items() if k not in unfit}, page, now)

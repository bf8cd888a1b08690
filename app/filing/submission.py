"""From draft to case: everything of a submission (case, items, events, documents, messages, receipt) in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlmodel import Session

from app.accounts.parties import Party
from app.cases.models import Case
from app.cases.service import Filing, PlannedItem, open_case
from app.catalogue import editions
from app.catalogue.definition import Edition, Material
from app.catalogue.plans import Plan, plan
from app.core.errors import N_, BadInput
from app.core.i18n import gettext, pick, said
from app.core.settings import settings
from app.documents.service import WantedDocument, attach
from app.forms.mistakes import Mistake

from . import eligible, filers, lookups, queries, receipts
from .checking import check_answers
from .errors import AnswersWrong, NotSelf, SubmissionDiffers
from .models import Draft, Receipt
from .queries import ReceiptRow
from .service import dump, insert, locked, open_edition
from .wire import SELF, SubmissionBody, checked_id

CHANNEL = "online"
TOO_FEW = N_("%(name)s：还差 %(n)s 张")
TOO_MANY = N_("%(name)s：最多 %(n)s 张")
TWICE = N_("%(name)s：同一页交了两次")
NOT_ASKED = N_("%(name)s：这份材料不用交")


@dataclass(frozen=True)
class Filed:
    """The receipt of a submission, and whether it was made now or had been given out before."""

    row: ReceiptRow
    created: bool


@dataclass(frozen=True)
class Gap:
    """What is wrong with a material: a text with its parameters."""

    material: Material | None
    text: str
    params: dict[str, Any]

    def words(self, lang: str, fallback: str = "") -> str:
        """The gap in words."""
        name = pick(self.material.name, lang) if self.material else fallback
        return gettext(self.text, lang) % {"name": name, **self.params}


def mistake_words(mistake: Mistake, lang: str) -> str:
    """A mistake of an answer in words."""
    words = gettext(mistake.text_msgid, lang)
    return words % said(mistake.params, lang) if mistake.params else words


def gaps(edition: Edition, planned: Plan, pages: Mapping[str, Sequence[int]]) -> dict[str, Gap]:
    """What is missing or too much among the documents ({material: pages sent}), by material."""
    wanted = {m.id: m for m in planned.wanted}
    known = {m.id: m for m in edition.service.materials}
    found: dict[str, Gap] = {}
    for name, material in wanted.items():
        sent = pages.get(name, [])
        if len(sent) < material.min_pages:
            found[name] = Gap(material, TOO_FEW, {"n": material.min_pages - len(sent)})
        elif len(sent) > material.max_pages:
            found[name] = Gap(material, TOO_MANY, {"n": material.max_pages})
        elif max(Counter(sent).values()) > 1:
            found[name] = Gap(material, TWICE, {})
    spare = {m.id for m in planned.exempt if m.held_by}  # photographed before a register answered: welcome, not asked for
    for name in pages:
        if name not in wanted and name not in spare:
            found[name] = Gap(known.get(name), NOT_ASKED, {})
    return found


def _digest(body: SubmissionBody) -> str:
    try:
        return body.digest()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise BadInput("answers") from None


def submit(
    session: Session, party: Party, draft_id: UUID, body: SubmissionBody, now: datetime, lang: str = "zh",
    agency_at: datetime | None = None,
) -> Filed:  # fmt: skip
    """Make a draft a case. The same body again, at once or years later, gives the same receipt; another body is refused.

    `agency_at`: when the register last confirmed that the filer may act for their enterprise. Raises SubmissionDiffers,
    NotSelf, NotForPersons, NotForEnterprises, NotEligible, EditionClosed, AnswersWrong, DocumentsMissing, NotFound
    (somebody else's id).
    """
    digest = _digest(body)
    draft = _draft(session, party, draft_id, body, now)
    before = queries.receipt_of_draft(session, party.person_id, draft_id)
    if before is not None:
        if before.digest != digest:
            raise SubmissionDiffers(digest=digest, stored_digest=before.digest, receipt=receipts.as_given(before.signed))
        return Filed(before, created=False)
    if body.applicant not in (SELF, str(party.enterprise_id or party.person_id)) or body.mandate is not None:
        raise NotSelf
    if draft.service_id != body.service:
        raise BadInput("service")
    edition = open_edition(editions.edition(session, body.service, body.edition), now, lang)
    looks = lookups.of_draft(session, party.person_id, draft_id)
    filers.check(edition.service, party)
    eligible.check(session, party, edition, looks.known(edition), now, lang)
    values, planned = _checked(edition, body, now, lang, looks.held(edition))
    case = open_case(session, _filing(party, draft_id, edition, planned, values, agency_at), now)
    sent = [WantedDocument(d.material, d.page, d.sha256, d.size, d.filename) for d in body.documents]
    attach(session, party, draft_id, case.id, sent)
    row = _receipt(session, case, body, digest, now)
    draft.edition, draft.answers, draft.held, draft.held_page = edition.id, dump({}), None, ""
    draft.submitted_at = draft.updated_at = now
    session.add(draft)
    return Filed(row, created=True)


def _draft(session: Session, party: Party, draft_id: UUID, body: SubmissionBody, now: datetime) -> Draft:
    """The draft's row, locked: replays that arrive together wait here for the first. A draft may be submitted unsaved."""
    draft = locked(session, party, draft_id)
    if draft is None:
        fresh = Draft(
            filer_id=party.person_id,
            enterprise_id=party.enterprise_id,
            id=checked_id(draft_id),
            service_id=body.service,
            edition=body.edition,
            answers=dump({}),
            created_at=now,
            updated_at=now,
        )
        draft = insert(session, fresh) or locked(session, party, draft_id)
    if draft is None:
        raise RuntimeError("a draft vanished while it was submitted")
    return draft


def _checked(
    edition: Edition, body: SubmissionBody, now: datetime, lang: str, held: frozenset[str]
) -> tuple[dict[str, Any], Plan]:
    checked = check_answers(edition.service.form, body.answers, now)
    planned = plan(edition, checked.values, now, held)
    pages: dict[str, list[int]] = {}
    for document in body.documents:
        pages.setdefault(document.material, []).append(document.page)
    missing = gaps(edition, planned, pages)
    if checked.mistakes or missing:
        raise AnswersWrong(
            [{"question": m.question_id, "text": mistake_words(m, lang)} for m in checked.mistakes],
            [{"material": name, "text": gap.words(lang, name)} for name, gap in missing.items()],
        )
    return checked.values, planned


def _filing(
    party: Party, draft_id: UUID, edition: Edition, planned: Plan, values: Mapping[str, Any], agency_at: datetime | None
) -> Filing:
    items = [
        PlannedItem(
            p.item.id, p.item.department, p.needed, p.item.after, p.item.after_any, p.item.promised_days, p.item.legal_days
        )
        for p in planned.items
    ]
    return Filing(
        draft_id=draft_id, service_id=edition.service.id, edition=edition.id, applicant_id=party.person_id,
        filer_id=party.person_id, enterprise_id=party.enterprise_id, agency_at=agency_at, division=settings().division,
        channel=CHANNEL, answers=rfc8785.dumps(dict(values)).decode(), items=items,
    )  # fmt: skip


def _receipt(session: Session, case: Case, body: SubmissionBody, digest: str, now: datetime) -> ReceiptRow:
    documents = sorted((d.model_dump() for d in body.documents), key=lambda d: (d["material"], d["page"]))
    signed = receipts.sign(case.number, now, body.service, body.edition, body.answers, documents)
    session.add(
        Receipt(
            case_id=case.id,
            case_number=case.number,
            code=signed.code,
            digest=digest,
            salt=signed.salt,
            body=signed.body,
            signature=signed.signature,
        )
    )
    return ReceiptRow(case.id, case.number, case.service_id, case.edition, case.filed_at, digest, signed)

"""Answering a correction: only what was asked is open, everything else stays as it was filed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from sqlmodel import Session, col, select

from app.accounts.models import Staff
from app.accounts.parties import Party
from app.cases import applicant, queries
from app.cases.applicant import Asked
from app.cases.models import Case, CaseItem, Correction
from app.cases.queries import CaseHead
from app.cases.service import locked
from app.catalogue import editions
from app.catalogue.definition import Edition, Material
from app.core.errors import N_, AppError
from app.core.i18n import said
from app.documents import queries as documents
from app.documents.models import DocumentRendition
from app.documents.queries import DocumentRow
from app.documents.service import WantedDocument, attach
from app.forms.definition import Question
from app.forms.mistakes import Mistake

from . import corrections_kept
from .checking import check_answers
from .corrections_kept import Kept
from .service import dump

#: A picture that was asked for and has not come.
NO_PICTURE = N_("这张照片还没有传。")


class NotAsked(AppError):
    """The reply changes what nobody asked about; `names` are ids of questions and materials."""

    status = 422
    type = "not-asked"
    what = N_("补正只能改部门请您改的。不在里面的：%(names)s")
    kept = N_("已经交的都没有变。")
    todo = N_("请只改请您补的，再交一次。")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=", ".join(name[:60] for name in names[:20]))


class ReplyIncomplete(AppError):
    """Something that was asked is missing or wrong; `mistakes` name question or material with a reason each."""

    status = 422
    type = "reply-incomplete"
    what = N_("还有 %(count)s 处要补，没有交。")
    todo = N_("请补好这几处再交一次。")

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        named = [{"question": m.question_id, "text": m.text_msgid % said(m.params, "zh")} for m in mistakes]
        super().__init__(count=len(mistakes), mistakes=named)
        self.found = tuple(mistakes)


class AskedPage(NamedTuple):
    """A picture that is asked for again: where it was marked (parts of 1), what was sent before, what has come now."""

    material: Material
    page: int
    mark: tuple[float, float, float, float] | None
    before: DocumentRow | None
    size: tuple[int, int]
    now: DocumentRow | None

    @property
    def place(self) -> str:
        """Name of this page in mistakes and in the page."""
        return f"{self.material.id}-{self.page}"


@dataclass(frozen=True)
class Opened:
    """A correction that waits for its reply, with everything that its page shows."""

    head: CaseHead
    item: CaseItem
    correction: Correction
    edition: Edition
    answers: dict[str, Any]
    questions: tuple[Question, ...]
    pages: tuple[AskedPage, ...]
    reviewer: str
    kept: Kept | None

    @property
    def count(self) -> int:
        """How many things are asked."""
        return len(self.questions) + len(self.pages)


def _targets(edition: Edition, correction: Correction) -> tuple[tuple[Question, ...], list[tuple[Material, int, Any]]]:
    known, materials = edition.service.form.questions(), {m.id: m for m in edition.service.materials}
    questions = tuple(known[t["question"]] for t in correction.targets if t.get("question") in known)
    named = [t for t in correction.targets if t.get("material") in materials]
    return questions, [(materials[t["material"]], int(t.get("page") or 1), t.get("mark")) for t in named]


def _sizes(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    found = select(DocumentRendition.document_id, DocumentRendition.width, DocumentRendition.height)
    first = found.where(col(DocumentRendition.document_id).in_(ids), DocumentRendition.number == 1)
    return {row[0]: (row[1], row[2]) for row in session.exec(first)}


def opened(session: Session, party: Party, number: str, item_id: str) -> Opened:
    """What is asked of me in an item. Raises NotFound, or NotNow when it was answered or closed meanwhile."""
    head = queries.own(session, party, number)
    item, correction = applicant.open_correction(session, head.id, item_id)
    edition = editions.edition(session, head.service_id, head.edition)
    questions, asked = _targets(edition, correction)
    sent = {(d.material, d.page): d for d in documents.of_case(session, head.id, {m.id for m, _, _ in asked})} if asked else {}
    fresh = {(d.material, d.page): d for d in documents.of_draft(session, party, correction.id)} if asked else {}
    sizes = _sizes(session, [d.id for d in sent.values()]) if sent else {}
    pages = []
    for material, page, mark in asked:
        before = sent.get((material.id, page))
        size = sizes.get(before.id, (4, 3)) if before else (4, 3)
        pages.append(AskedPage(material, page, tuple(mark) if mark else None, before, size, fresh.get((material.id, page))))
    name = session.exec(select(Staff.name).where(Staff.id == correction.asked_by)).one()
    answers = json.loads(queries.answers(session, head))
    typed = corrections_kept.kept(session, party.person_id, correction.id)
    return Opened(head, item, correction, edition, answers, questions, tuple(pages), name, typed)


def content_of(answers: Mapping[str, Any], wanted: Sequence[WantedDocument]) -> str:
    """What a reply says, canonical, so that a replay is known as one."""
    files: list[Any] = sorted([w.material, w.page, w.sha256, w.size] for w in wanted)
    return rfc8785.dumps({"answers": dict(answers), "documents": files}).decode()


def merged(seen: Opened, answers: Mapping[str, Any], wanted: Sequence[WantedDocument], now: datetime) -> dict[str, Any]:
    """The whole answers as they stand with the reply. Raises NotAsked, ReplyIncomplete."""
    asked, places = {q.id for q in seen.questions}, {(p.material.id, p.page) for p in seen.pages}
    strange = [name for name in answers if name not in asked]
    strange += [f"{w.material} {w.page}" for w in wanted if (w.material, w.page) not in places]
    if strange:
        raise NotAsked(strange)
    whole = {name: value for name, value in seen.answers.items() if name not in asked} | dict(answers)
    checked = check_answers(seen.edition.service.form, whole, now)
    wrong = [m for m in checked.mistakes if m.asked in asked]
    sent = {(w.material, w.page) for w in wanted}
    wrong += [Mistake(p.place, NO_PICTURE) for p in seen.pages if (p.material.id, p.page) not in sent]
    if wrong:
        raise ReplyIncomplete(wrong)
    kept = {name: value for name, value in seen.answers.items() if name not in asked}
    return kept | {name: checked.values[name] for name in answers if name in checked.values}


def reply(
    session: Session, party: Party, number: str, item_id: str, answers: Mapping[str, Any],
    wanted: Sequence[WantedDocument], key: str, seen_version: int | None, now: datetime,
) -> Case:  # fmt: skip
    """Answer a correction. The same key with the same content again changes nothing.

    Raises NotFound, NotNow (409) when the item moved on, KeyUsed, NotAsked, ReplyIncomplete, DocumentsMissing.
    """
    case = locked(session, applicant.own_case(session, party, number).id)
    asked = Asked(key, content_of(answers, wanted), seen_version)
    if applicant.done_before(session, case.id, f"reply:{item_id}", asked):
        return case
    seen = opened(session, party, number, item_id)
    whole = merged(seen, answers, wanted, now)
    case = applicant.reply(session, party, number, item_id, dump(whole), asked, now)
    attach(session, party, seen.correction.id, case.id, wanted, revision=case.revision)
    corrections_kept.forget(session, seen.correction.id)
    return case

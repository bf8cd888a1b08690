"""The verbs of documents: receive, remove, attach to a case, store a result. The only place that writes Document rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.accounts.budgets import DAY, spend
from app.accounts.parties import Party
from app.core import db
from app.core.clock import utcnow
from app.core.errors import NotFound

from . import shelf
from .checks import Checked, check
from .errors import DocumentClosed, DocumentsMissing, TooManyFiles
from .models import Document, DocumentRendition
from .names import safe_filename
from .queries import DocumentRow

#: Files that a person may send in a day, and that a draft may hold at once.
MOST_A_DAY, MOST_A_DRAFT = 2000, 120
RESULT = "result"


class Place(NamedTuple):
    """Which page of which material of whose draft a file is for; `enterprise_id`: for whom its owner acts."""

    owner_id: UUID
    draft_id: UUID
    material: str
    page: int
    enterprise_id: UUID | None = None


class WantedDocument(NamedTuple):
    """A file that a submission names: its place and its identity as received."""

    material: str
    page: int
    sha256: str
    size: int
    filename: str


def find_same(session: Session, place: Place, sha256: str) -> Document | None:
    """The document that the same bytes at the same place became before."""
    return next((document for document in _at(session, place) if document.sha256 == sha256), None)


def _at(session: Session, place: Place) -> Sequence[Document]:
    found = select(Document).where(
        Document.owner_id == place.owner_id, Document.draft_id == place.draft_id, Document.material == place.material,
        Document.page == place.page, col(Document.removed_at).is_(None),
    )  # fmt: skip
    return session.exec(found.with_for_update()).all()


def allow_another(session: Session, owner_id: UUID, draft_id: UUID, now: datetime) -> None:
    """Count one more file of a person and a draft; raises TooMany or TooManyFiles, so that nobody fills the disk."""
    spend(session, "upload", str(owner_id), MOST_A_DAY, DAY, now)
    here = (Document.owner_id == owner_id, Document.draft_id == draft_id, col(Document.removed_at).is_(None))
    if session.exec(select(func.count()).select_from(Document).where(*here)).one() >= MOST_A_DRAFT:
        raise TooManyFiles(most=MOST_A_DRAFT)


def enter(
    session: Session, place: Place, filename: str, checked: Checked, document_id: UUID, now: datetime,
    *, case_id: UUID | None = None, case_item_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Write the rows of a file that stands on the shelf; gives the document's id, an older one's if it is the same file.

    Another file for the same page takes the place of the one before, unless that is part of a case.
    """
    document = Document(
        id=document_id, owner_id=place.owner_id, enterprise_id=place.enterprise_id, draft_id=place.draft_id, case_id=case_id,
        case_item_id=case_item_id, material=place.material, page=place.page, filename=safe_filename(filename),
        media_type=checked.kind.value, size=len(checked.body), sha256=checked.sha256, renditions=len(checked.pages),
        created_at=now,
    )  # fmt: skip
    same = find_same(session, place, checked.sha256)
    if same is None and not db.added(session, document):
        same = find_same(session, place, checked.sha256)
    if same is not None:
        moved_to(same, place)
        return same.id
    session.add_all(
        DocumentRendition(
            document_id=document_id, number=number, width=page.width, height=page.height, sha256=page.sha256
        )
        for number, page in enumerate(checked.pages, 1)
    )  # fmt: skip
    if case_id is None:
        _retire([older for older in _at(session, place) if older.id != document_id and older.case_id is None], now)
    session.flush()
    return document_id


def moved_to(same: Document, place: Place) -> None:
    """The same file came again, perhaps in the owner's other identity: it is for that one now, unless a case has it."""
    if same.case_id is None:
        same.enterprise_id = place.enterprise_id


def _retire(documents: Sequence[Document], now: datetime) -> None:
    for document in documents:
        document.removed_at = now


def receive(place: Place, filename: str, body: bytes, now: datetime) -> UUID:
    """Take a whole file (the way without script): check, keep, write. Opens its own units of work; call it with none open."""
    with db.writing() as session:
        allow_another(session, place.owner_id, place.draft_id, now)
    checked = check(body)
    document_id = shelf.keep(checked)
    kept = None
    try:
        with db.writing() as session:
            entered = enter(session, place, filename, checked, document_id, now)
        kept = entered
    finally:
        if kept != document_id:
            shelf.clear(document_id, len(checked.pages))
    return kept


def remove(session: Session, party: Party, draft_id: UUID, document_id: UUID, now: datetime) -> None:
    """Take a file out of a draft. Somebody else's is NotFound; one that went with a case raises DocumentClosed."""
    document = session.get(Document, document_id, with_for_update=True)
    if document is None or document.removed_at or document.draft_id != draft_id:
        raise NotFound
    if Party(document.owner_id, document.enterprise_id) != party:
        raise NotFound
    if document.case_id is not None:
        raise DocumentClosed
    document.removed_at = now


def _of(party: Party, draft_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """The files of a draft that its owner sent in this identity and that are not removed."""
    mine = (col(Document.owner_id) == party.person_id, col(Document.enterprise_id) == party.enterprise_id)
    return (*mine, col(Document.draft_id) == draft_id, col(Document.removed_at).is_(None))


def discard(session: Session, party: Party, draft_id: UUID, now: datetime) -> None:
    """Remove all files of a draft that is thrown away; those that went with a case stay."""
    mine = (*_of(party, draft_id), col(Document.case_id).is_(None))
    _retire(session.exec(select(Document).where(*mine).with_for_update()).all(), now)


def attach(
    session: Session, party: Party, draft_id: UUID, case_id: UUID, wanted: Sequence[WantedDocument],
    revision: int = 1, case_item_id: UUID | None = None,
) -> list[DocumentRow]:  # fmt: skip
    """Make a draft's files part of a case, exactly those that the submission names; the same again changes nothing.

    Raises DocumentsMissing (409 `documents-missing`) with the hashes that have not arrived. Others of the draft are removed.
    """
    found = session.exec(select(Document).where(*_of(party, draft_id)).with_for_update()).all()
    by_identity = {(d.material, d.page, d.sha256, d.size): d for d in found if d.case_id in (None, case_id)}
    missing = [w.sha256 for w in wanted if (w.material, w.page, w.sha256, w.size) not in by_identity]
    if missing:
        raise DocumentsMissing(count=len(missing), missing=missing)
    chosen = [by_identity[w.material, w.page, w.sha256, w.size] for w in wanted]
    for document in chosen:
        if document.case_id is None:
            document.case_id, document.revision, document.case_item_id = case_id, revision, case_item_id
    _retire([d for d in found if d.case_id is None], utcnow())
    session.flush()
    return [
        DocumentRow(
            d.id, d.material, d.page, d.filename, d.media_type, d.size, d.sha256, d.renditions, d.revision, d.case_item_id
        )
        for d in chosen
    ]  # fmt: skip


def store_result(
    session: Session, owner_id: UUID, case_id: UUID, case_item_id: UUID, filename: str, body: bytes | Checked, now: datetime,
    enterprise_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Keep a result document by staff for the case's owner; gives its id. Raises FileRefused and its kin.

    Give it `checks.check(body)`, made before the session was opened: checking takes up to seconds.
    """
    checked = body if isinstance(body, Checked) else check(body)
    place = Place(owner_id, case_item_id, RESULT, 1, enterprise_id)
    same = find_same(session, place, checked.sha256)
    if same is not None:
        return same.id
    document_id = shelf.keep(checked)
    return enter(session, place, filename, checked, document_id, now, case_id=case_id, case_item_id=case_item_id)

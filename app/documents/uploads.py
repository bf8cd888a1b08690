"""Uploads on their way: created, grown part by part, finished into a document, expired after seven days.

Every step is one short transaction. Bytes are put into the blob store before the row says that they are there.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, update
from sqlmodel import Session, col, select

from app.accounts.parties import Party
from app.core import blobs, db
from app.core.errors import NotFound
from app.core.ids import new_id

from . import shelf
from .checks import MOST_BYTES, Checked, check, too_large
from .errors import BrokenFile, FileRefused, HashMismatch, LengthNeeded, UploadExpired, WrongOffset, refusal
from .metadata import Announced
from .models import Document, DocumentRendition, Upload
from .service import Place, allow_another, enter, find_same, moved_to

LIFE = timedelta(days=7)
#: A removed file stays this long, for a slow phone or a mistake; then it is gone.
REMOVED_KEPT = timedelta(days=7)
#: Pieces of one upload: 1,000 cuts of the line are enough for anybody.
MOST_PARTS = 1000


@dataclass(frozen=True)
class Standing:
    """How far an upload is: bytes [0, offset) rest in `parts`, in order."""

    id: UUID
    place: Place
    filename: str
    sha256: str
    size: int
    offset: int
    parts: tuple[str, ...]
    document_id: UUID | None
    expires_at: datetime


def _standing(row: Upload) -> Standing:
    place = Place(row.owner_id, row.draft_id, row.material, row.page, row.enterprise_id)
    return Standing(
        row.id, place, row.filename, row.sha256, row.size, row.offset, tuple(row.parts), row.document_id, row.expires_at
    )


def _folder(upload_id: UUID) -> str:
    return f"uploads/{upload_id}"


def create(session: Session, party: Party, announced: Announced, size: int, now: datetime) -> Standing:
    """Begin an upload, or go on with the one that is under way or done for the same file at the same place."""
    if size > MOST_BYTES:
        raise too_large()
    if size < 1:
        raise LengthNeeded
    a, owner_id, enterprise_id = announced, party.person_id, party.enterprise_id
    place = Place(owner_id, a.draft_id, a.material, a.page, enterprise_id)
    same = find_same(session, place, a.sha256)
    if same is not None:
        moved_to(same, place)
    alike = select(Upload).where(
        Upload.owner_id == owner_id, Upload.enterprise_id == enterprise_id, Upload.draft_id == a.draft_id,
        Upload.material == a.material, Upload.page == a.page, Upload.sha256 == a.sha256, Upload.size == size,
        col(Upload.refused).is_(None), Upload.expires_at > now,
        col(Upload.document_id) == same.id if same else col(Upload.document_id).is_(None),
    )  # fmt: skip
    row = session.exec(alike.order_by(col(Upload.id).desc())).first()
    if row is None:
        if same is None:
            allow_another(session, owner_id, a.draft_id, now)
        elif same.size != size:
            raise HashMismatch
        row = Upload(
            owner_id=owner_id, enterprise_id=enterprise_id, draft_id=a.draft_id, material=a.material, page=a.page,
            filename=a.filename, sha256=a.sha256, size=size, offset=size if same else 0,
            document_id=same.id if same else None, created_at=now,
            expires_at=now + LIFE,
        )  # fmt: skip
        session.add(row)
        session.flush()
    return _standing(row)


def find(session: Session, party: Party, upload_id: UUID, now: datetime) -> Standing:
    """One's own upload; somebody else's is NotFound, a dead one raises UploadExpired, a refused one its refusal."""
    row = session.get(Upload, upload_id)
    if row is None or Party(row.owner_id, row.enterprise_id) != party:
        raise NotFound
    if row.refused is not None:
        raise refusal(row.refused)
    if row.expires_at <= now and row.document_id is None:
        raise UploadExpired
    return _standing(row)


def append(standing: Standing, body: bytes) -> Standing:
    """Keep bytes that do not complete the file; raises WrongOffset when another writer was faster."""
    if len(standing.parts) >= MOST_PARTS:
        raise BrokenFile
    name = new_id().hex
    blobs.put(f"{_folder(standing.id)}/{name}", body)
    grown = replace(standing, offset=standing.offset + len(body), parts=(*standing.parts, name))
    with db.writing() as session:
        won = _advance(session, standing, offset=grown.offset, parts=list(grown.parts))
    if not won:
        blobs.delete([f"{_folder(standing.id)}/{name}"])
        raise WrongOffset
    return grown


def _advance(session: Session, standing: Standing, **values: object) -> bool:
    """Change an upload from what we last saw; False when it is not so any more."""
    seen = (col(Upload.id) == standing.id, col(Upload.offset) == standing.offset)
    statement = update(Upload).where(*seen, col(Upload.refused).is_(None), col(Upload.document_id).is_(None)).values(**values)
    return cast("CursorResult[object]", session.execute(statement)).rowcount == 1


def finish(standing: Standing, last: bytes, now: datetime) -> Standing:
    """With its last bytes: compare the hash, check the content, make the document. Raises FileRefused and its kin.

    Takes up to seconds; a process killed meanwhile leaves the upload where it stood before the last bytes.
    """
    try:
        checked = _whole(standing, last)
    except FileRefused as refused:
        with db.writing() as session:
            ours = _advance(session, standing, refused=refused.type, parts=[])
        if not ours:
            raise WrongOffset from None
        blobs.delete_all(_folder(standing.id))
        raise
    document_id = shelf.keep(checked)
    kept = None
    try:
        with db.writing() as session:
            if not _advance(session, standing, offset=standing.size, parts=[]):
                raise WrongOffset
            entered = enter(session, standing.place, standing.filename, checked, document_id, now)
            session.execute(update(Upload).where(col(Upload.id) == standing.id).values(document_id=entered))
        kept = entered
    finally:
        if kept != document_id:
            shelf.clear(document_id, len(checked.pages))
    blobs.delete_all(_folder(standing.id))
    return replace(standing, offset=standing.size, parts=(), document_id=kept)


def _whole(standing: Standing, last: bytes) -> Checked:
    try:
        body = b"".join([*(blobs.get(f"{_folder(standing.id)}/{name}") for name in standing.parts), last])
    except FileNotFoundError:
        raise HashMismatch from None
    if hashlib.sha256(body).hexdigest() != standing.sha256:
        raise HashMismatch
    return check(body)


def clean_expired(session: Session, now: datetime, most: int = 200) -> int:
    """Forget uploads after seven days, and files that were removed seven days ago and are in no case; gives how many went."""
    old = session.exec(select(Upload.id).where(Upload.expires_at <= now).limit(most)).all()
    for upload_id in old:
        blobs.delete_all(_folder(upload_id))
    session.execute(delete(Upload).where(col(Upload.id).in_(old)))
    gone = select(Document.id, Document.renditions).where(
        col(Document.removed_at) <= now - REMOVED_KEPT, col(Document.case_id).is_(None)
    )
    dropped = session.exec(gone.limit(most)).all()
    for document_id, renditions in dropped:
        shelf.clear(document_id, renditions)
    ids = [document_id for document_id, _ in dropped]
    session.execute(delete(DocumentRendition).where(col(DocumentRendition.document_id).in_(ids)))
    session.execute(delete(Document).where(col(Document.id).in_(ids)))
    return len(old) + len(ids)

"""Documents become part of a case: attach, results, removal; and what the other rooms read of them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.core import blobs, db
from app.core.errors import NotFound
from app.core.ids import new_id
from app.documents import service, shelf
from app.documents.checks import Checked, check
from app.documents.errors import DocumentClosed, DocumentsMissing, FileRefused, TooManyFiles
from app.documents.models import Document, DocumentRendition
from app.documents.queries import of_case, of_draft, owned
from app.documents.service import Place, WantedDocument, attach, enter, remove, store_result
from app.documents.uploads import clean_expired
from tests.factories import FATHER, MOTHER, make_person

from . import files

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRONT, BACK, RESULT = check(files.png(60, 40)), check(files.png(50, 40)), check(files.pdf(2))


def keep(
    session: Session, owner_id: UUID, draft_id: UUID, checked: Checked = FRONT, material: str = "hukou", page: int = 1
) -> UUID:
    place = Place(owner_id, draft_id, material, page)
    return enter(session, place, "照片.png", checked, shelf.keep(checked), NOW)


def wanted(checked: Checked = FRONT, material: str = "hukou", page: int = 1) -> WantedDocument:
    return WantedDocument(material, page, checked.sha256, len(checked.body), "照片.png")


@pytest.fixture
def owner(session: Session) -> UUID:
    return make_person(session, MOTHER).id


def test_a_document_knows_its_hash_as_received_and_as_kept(session: Session, owner: UUID) -> None:
    document_id = keep(session, owner, new_id())
    document = session.get_one(Document, document_id)
    rendition = session.exec(select(DocumentRendition).where(DocumentRendition.document_id == document_id)).one()
    assert (document.sha256, document.size) == (FRONT.sha256, len(FRONT.body))
    assert rendition.sha256 == FRONT.pages[0].sha256 != document.sha256
    assert (rendition.width, rendition.height) == (60, 40)
    assert blobs.get(shelf.original(document_id)) == FRONT.body
    assert blobs.get(shelf.picture(document_id, 1)) == FRONT.pages[0].whole


def test_a_submission_takes_exactly_the_files_that_it_names(session: Session, owner: UUID) -> None:
    draft, case = new_id(), new_id()
    front, back = keep(session, owner, draft), keep(session, owner, draft, BACK, page=2)
    keep(session, owner, draft, BACK, material="bankcard")
    rows = attach(session, Party(owner), draft, case, [wanted(BACK, page=2), wanted()])
    assert [row.id for row in rows] == [back, front]
    assert [(row.id, row.revision) for row in of_case(session, case, None)] == [(front, 1), (back, 1)]
    assert of_draft(session, Party(owner), draft) == []


def test_attaching_again_changes_nothing(session: Session, owner: UUID) -> None:
    draft, case = new_id(), new_id()
    keep(session, owner, draft)
    first = attach(session, Party(owner), draft, case, [wanted()])
    assert attach(session, Party(owner), draft, case, [wanted()], revision=5) == first
    with pytest.raises(DocumentsMissing):
        attach(session, Party(owner), draft, new_id(), [wanted()])


@pytest.mark.parametrize(
    "other",
    [wanted(BACK), wanted(page=2), wanted(material="bankcard"), wanted()._replace(size=1)],
    ids=["hash", "page", "material", "size"],
)
def test_a_file_that_has_not_arrived_is_named(session: Session, owner: UUID, other: WantedDocument) -> None:
    draft = new_id()
    keep(session, owner, draft)
    with pytest.raises(DocumentsMissing) as raised:
        attach(session, Party(owner), draft, new_id(), [wanted(), other])
    assert raised.value.params == {"count": 1, "missing": [other.sha256]}
    assert len(of_draft(session, Party(owner), draft)) == 1


def test_somebody_elses_file_has_not_arrived(session: Session, owner: UUID) -> None:
    draft = new_id()
    keep(session, make_person(session, FATHER).id, draft)
    with pytest.raises(DocumentsMissing):
        attach(session, Party(owner), draft, new_id(), [wanted()])


def test_a_correction_adds_a_page_for_one_item(session: Session, owner: UUID) -> None:
    draft, correction, case, item = new_id(), new_id(), new_id(), new_id()
    keep(session, owner, draft)
    attach(session, Party(owner), draft, case, [wanted()])
    keep(session, owner, correction, BACK)
    attach(session, Party(owner), correction, case, [wanted(BACK)], revision=2, case_item_id=item)
    rows = of_case(session, case, {"hukou"})
    assert [(row.revision, row.case_item_id, row.sha256) for row in rows] == [(1, None, FRONT.sha256), (2, item, BACK.sha256)]
    assert of_case(session, case, {"bankcard"}) == of_case(session, case, set()) == []


def test_a_removed_file_is_gone_from_the_draft_and_later_from_the_disk(session: Session, owner: UUID) -> None:
    draft = new_id()
    document_id = keep(session, owner, draft)
    remove(session, Party(owner), draft, document_id, NOW)
    session.flush()
    assert of_draft(session, Party(owner), draft) == []
    with pytest.raises(NotFound):
        owned(session, Party(owner), document_id)
    assert clean_expired(session, NOW + timedelta(days=6)) == 0
    assert clean_expired(session, NOW + timedelta(days=8)) == 1
    assert session.exec(select(Document)).all() == []
    with pytest.raises(FileNotFoundError):
        blobs.get(shelf.picture(document_id, 1))


def test_what_went_with_a_case_is_not_removed(session: Session, owner: UUID) -> None:
    draft = new_id()
    document_id = keep(session, owner, draft)
    attach(session, Party(owner), draft, new_id(), [wanted()])
    with pytest.raises(DocumentClosed):
        remove(session, Party(owner), draft, document_id, NOW)
    service.discard(session, Party(owner), draft, NOW)
    assert owned(session, Party(owner), document_id).id == document_id


def test_nobody_removes_somebody_elses_file_or_one_of_another_draft(session: Session, owner: UUID) -> None:
    draft = new_id()
    document_id = keep(session, owner, draft)
    for who, where in ((make_person(session, FATHER).id, draft), (owner, new_id())):
        with pytest.raises(NotFound):
            remove(session, Party(who), where, document_id, NOW)


def test_a_draft_thrown_away_takes_its_files_along(session: Session, owner: UUID) -> None:
    draft, other = new_id(), new_id()
    keep(session, owner, draft)
    kept = keep(session, owner, other)
    service.discard(session, Party(owner), draft, NOW)
    session.flush()
    assert of_draft(session, Party(owner), draft) == []
    assert [row.id for row in of_draft(session, Party(owner), other)] == [kept]


def test_a_draft_does_not_hold_files_without_end(session: Session, owner: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_A_DRAFT", 2)
    draft = new_id()
    keep(session, owner, draft)
    service.allow_another(session, owner, draft, NOW)
    keep(session, owner, draft, BACK, page=2)
    with pytest.raises(TooManyFiles):
        service.allow_another(session, owner, draft, NOW)


def test_staff_hand_a_result_over_once(session: Session, owner: UUID) -> None:
    case, item = new_id(), new_id()
    first = store_result(session, owner, case, item, "出生证.pdf", RESULT, NOW)
    assert store_result(session, owner, case, item, "出生证.pdf", RESULT.body, NOW) == first
    (row,) = of_case(session, case, None)
    assert (row.id, row.case_item_id, row.material, row.media_type, row.renditions) == (
        first, item, service.RESULT, "application/pdf", 2,
    )  # fmt: skip
    assert owned(session, Party(owner), first).filename == "出生证.pdf"


def test_a_result_is_checked_like_any_file(session: Session, owner: UUID) -> None:
    with pytest.raises(FileRefused):
        store_result(session, owner, new_id(), new_id(), "x.pdf", b"<html>", NOW)


@pytest.mark.parametrize("act", ["remove", "replace", "discard"])
def test_what_is_just_going_with_a_case_is_neither_removed_nor_replaced(database: object, act: str) -> None:
    with db.writing() as session:
        mine = make_person(session, MOTHER).id
        draft, case = new_id(), new_id()
        kept = keep(session, mine, draft)
    begun = threading.Event()

    def meanwhile() -> None:
        begun.set()
        with db.writing() as session:
            if act == "remove":
                with pytest.raises(DocumentClosed):
                    remove(session, Party(mine), draft, kept, NOW)
            elif act == "replace":
                keep(session, mine, draft, checked=BACK)
            else:
                service.discard(session, Party(mine), draft, NOW)

    with ThreadPoolExecutor(1) as other:
        with db.writing() as session:
            attach(session, Party(mine), draft, case, [wanted()])
            done = other.submit(meanwhile)
            begun.wait(5)
        done.result()
    with db.reading() as session:
        assert [row.id for row in of_case(session, case, None)] == [kept]

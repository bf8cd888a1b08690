"""tus 1.0.0 over HTTP: creation, core, expiration; what a phone meets on a bad line, and what a stranger meets."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, select

from app.core import blobs
from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.settings import settings
from app.documents import checks
from app.documents.models import Document, Upload
from app.documents.uploads import LIFE, clean_expired
from tests.conftest import Visit
from tests.factories import MOTHER, make_person, make_phone, make_signed_in

from . import files
from .conftest import CHUNK, Resident, begin, metadata, sha256, tus, upload

PHOTO = files.jpeg()


def type_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"]).removeprefix("/problems/")


def documents(who: Resident, draft_id: UUID) -> list[dict[str, object]]:
    return list(who.client.get(f"/api/drafts/{draft_id}/documents").json()["documents"])


def test_what_the_server_speaks(visit: Visit) -> None:
    answer = visit().options("/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration"
    assert answer.headers["tus-max-size"] == str(20 * 1024 * 1024)


def test_a_photo_arrives_in_chunks_and_is_shown_as_printed_anew(mother: Resident) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    middle = len(PHOTO) // 2
    first = tus(mother.client, "PATCH", address, PHOTO[:middle], Upload_Offset="0")
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(middle))
    assert "upload-expires" in first.headers
    assert documents(mother, draft_id) == []
    last = tus(mother.client, "PATCH", address, PHOTO[middle:], Upload_Offset=str(middle))
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(PHOTO)))
    (row,) = documents(mother, draft_id)
    assert row == {
        "id": last.headers["upload-document"], "material": "hukou", "page": 1, "filename": "户口簿.jpg",
        "media_type": "image/jpeg", "sha256": sha256(PHOTO), "size": len(PHOTO), "renditions": 1,
    }  # fmt: skip
    shown = mother.client.get(f"/documents/{row['id']}/pages/1")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content != PHOTO


def test_a_bearer_token_works_as_well(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session, MOTHER), bearer=True)
    session.commit()
    assert upload(visit(token, bearer=True), PHOTO).status_code == 204


def test_head_tells_where_to_go_on(mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    tus(mother.client, "PATCH", address, PHOTO[:1000], Upload_Offset="0")
    answer = tus(mother.client, "HEAD", address)
    assert answer.status_code == 200
    assert (answer.headers["upload-offset"], answer.headers["upload-length"]) == ("1000", str(len(PHOTO)))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize("offset", ["999", "1001", "0"])
def test_a_wrong_offset_is_refused_and_changes_nothing(mother: Resident, offset: str) -> None:
    address = begin(mother.client, PHOTO)
    tus(mother.client, "PATCH", address, PHOTO[:1000], Upload_Offset="0")
    answer = tus(mother.client, "PATCH", address, PHOTO[1000:], Upload_Offset=offset)
    assert (answer.status_code, type_of(answer)) == (409, "upload-offset")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert tus(mother.client, "HEAD", address).headers["upload-offset"] == "1000"


def test_of_many_at_the_same_offset_one_wins(mother: Resident, visit: Visit) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    clients = [visit(mother.token) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        sent = pool.map(lambda client: tus(client, "PATCH", address, PHOTO[:5000], Upload_Offset="0").status_code, clients)
        assert sorted(sent) == [204, 409, 409, 409, 409, 409]
    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda c: tus(c, "PATCH", address, PHOTO[5000:], Upload_Offset="5000").status_code, clients[:3])
        assert 204 in (done := sorted(answers))
        assert set(done) <= {204, 409}
    assert len(documents(mother, draft_id)) == 1
    assert left_in("uploads") == []


def left_in(folder: str) -> list[str]:
    top = settings().data_dir / "blobs"
    return [str(path.relative_to(top)) for path in (top / folder).rglob("*") if path.is_file()]


def test_a_cut_line_keeps_what_had_come(mother: Resident, server: str) -> None:
    body = files.noisy_jpeg()
    address = begin(mother.client, body)
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port or 80)) as line:
        head = (
            f"PATCH {address} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: linban_session={mother.token}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: {CHUNK}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body[:1_500_000])
    for _ in range(200):
        standing = int(tus(mother.client, "HEAD", address).headers["upload-offset"])
        if standing > 1_048_576:
            break
    assert 1_048_576 <= standing <= 1_500_000
    done = tus(mother.client, "PATCH", address, body[standing:], Upload_Offset=str(standing))
    assert done.headers["upload-offset"] == str(len(body))
    assert mother.client.get(f"/documents/{done.headers['upload-document']}/original").content == body


def test_bytes_rest_encrypted_on_their_way_and_for_good(mother: Resident, database: object) -> None:
    begin_at = begin(mother.client, PHOTO)
    tus(mother.client, "PATCH", begin_at, PHOTO[:2000], Upload_Offset="0")
    upload(mother.client, PHOTO)
    kept = [path for path in (settings().data_dir / "blobs").rglob("*") if path.is_file()]
    assert len(kept) == 4  # a part; original, picture, thumbnail
    assert not any(b"\xff\xd8\xff" in Path(path).read_bytes() for path in kept)


def test_other_bytes_than_announced_are_refused_by_their_hash(mother: Resident) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    changed = PHOTO[:5000] + b"\0" + PHOTO[5001:]
    answer = tus(mother.client, "PATCH", address, changed, Upload_Offset="0")
    assert (answer.status_code, type_of(answer)) == (422, "hash-mismatch")
    assert type_of(tus(mother.client, "PATCH", address, PHOTO, Upload_Offset="0")) == "hash-mismatch"
    assert tus(mother.client, "HEAD", address).status_code == 422
    assert left_in("uploads") == []
    again = begin(mother.client, PHOTO, draft_id=draft_id)
    assert again != address
    assert tus(mother.client, "PATCH", again, PHOTO, Upload_Offset="0").status_code == 204


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><script>alert(1)</script></html>", "file-kind"),
        (PHOTO[:8000], "file-broken"),
        (PHOTO + files.zipped(), "file-hidden-content"),
        (files.png_claiming(50_000, 50_000), "file-pixels"),
        (files.pdf_with(files.scripted), "file-active-pdf"),
        (files.locked(user="x"), "file-locked-pdf"),
    ],
)
def test_a_bad_file_is_refused_in_words_with_a_stable_type(mother: Resident, body: bytes, kind: str) -> None:
    draft_id = new_id()
    address = begin(mother.client, body, draft_id=draft_id)
    answer = tus(mother.client, "PATCH", address, body, Upload_Offset="0")
    assert (answer.status_code, type_of(answer)) == (422, kind)
    assert "%(" not in answer.text
    assert answer.json()["title"]
    assert type_of(tus(mother.client, "PATCH", address, b"", Upload_Offset="0")) == kind
    assert documents(mother, draft_id) == []
    assert left_in("uploads") == left_in("documents") == []


def test_30_mb_are_refused_before_they_are_sent(mother: Resident) -> None:
    said = {"Upload_Length": str(30 * 1024 * 1024), "Upload_Metadata": metadata(PHOTO)}
    answer = tus(mother.client, "POST", "/api/uploads", **said)
    assert (answer.status_code, type_of(answer)) == (413, "file-too-large")
    assert "20 MB" in answer.json()["title"]


def test_more_bytes_than_announced_are_refused_while_they_come(mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    answer = tus(mother.client, "PATCH", address, PHOTO + b"\0" * 3_000_000, Upload_Offset="0")
    assert (answer.status_code, type_of(answer)) == (413, "file-too-large")


def test_somebody_elses_upload_and_document_are_not_there(mother: Resident, father: Resident) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    assert tus(father.client, "HEAD", address).status_code == 404
    assert tus(father.client, "PATCH", address, PHOTO, Upload_Offset="0").status_code == 404
    document = tus(mother.client, "PATCH", address, PHOTO, Upload_Offset="0").headers["upload-document"]
    assert documents(father, draft_id) == []
    for path in (
        f"/documents/{document}/pages/1",
        f"/documents/{document}/original",
        f"/drafts/{draft_id}/documents/{document}",
    ):
        assert father.client.get(path).status_code == 404
        assert mother.client.get(path).status_code == 200
    assert father.client.post(f"/drafts/{draft_id}/documents/{document}/removal").status_code == 404


def test_two_people_may_use_the_same_draft_id_and_see_only_their_own(mother: Resident, father: Resident) -> None:
    draft_id = new_id()
    mine = upload(mother.client, PHOTO, draft_id=draft_id).headers["upload-document"]
    yours = upload(father.client, PHOTO, draft_id=draft_id).headers["upload-document"]
    assert [row["id"] for row in documents(mother, draft_id)] == [mine]
    assert [row["id"] for row in documents(father, draft_id)] == [yours]


def test_the_same_file_again_is_the_document_that_it_became(mother: Resident, session: Session) -> None:
    draft_id = new_id()
    document = upload(mother.client, PHOTO, draft_id=draft_id).headers["upload-document"]
    said = {"Upload_Length": str(len(PHOTO)), "Upload_Metadata": metadata(PHOTO, draft_id=draft_id)}
    again = tus(mother.client, "POST", "/api/uploads", **said)
    assert again.headers["upload-document"] == document
    assert again.headers["upload-offset"] == str(len(PHOTO))
    assert tus(mother.client, "HEAD", again.headers["location"]).headers["upload-offset"] == str(len(PHOTO))
    assert len(session.exec(select(Document)).all()) == 1


def test_a_lost_address_leads_to_the_upload_under_way(mother: Resident) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    tus(mother.client, "PATCH", address, PHOTO[:3000], Upload_Offset="0")
    said = {"Upload_Length": str(len(PHOTO)), "Upload_Metadata": metadata(PHOTO, draft_id=draft_id)}
    again = tus(mother.client, "POST", "/api/uploads", **said)
    assert (again.headers["location"], again.headers["upload-offset"]) == (address, "3000")


def test_another_photo_of_the_page_takes_the_place_of_the_first(mother: Resident) -> None:
    draft_id = new_id()
    first = upload(mother.client, PHOTO, draft_id=draft_id).headers["upload-document"]
    second = upload(mother.client, files.jpeg(800, 600), draft_id=draft_id).headers["upload-document"]
    other = upload(mother.client, PHOTO, draft_id=draft_id, page=2).headers["upload-document"]
    assert [row["id"] for row in documents(mother, draft_id)] == [second, other]
    assert mother.client.get(f"/documents/{first}/pages/1").status_code == 404
    upload(mother.client, PHOTO, draft_id=draft_id)
    assert [row["sha256"] for row in documents(mother, draft_id)] == [sha256(PHOTO)] * 2


@pytest.mark.parametrize(
    "changed", [{"draft_id": "mine"}, {"material": "../etc"}, {"page": 0}, {"page": "many"}, {"sha256": "abc"}]
)
def test_metadata_that_cannot_be_is_refused_by_name(mother: Resident, changed: dict[str, object]) -> None:
    said = {"Upload_Length": str(len(PHOTO)), "Upload_Metadata": metadata(PHOTO, **changed)}
    answer = tus(mother.client, "POST", "/api/uploads", **said)
    assert (answer.status_code, type_of(answer)) == (422, "upload-metadata")
    assert next(iter(changed)) in answer.json()["title"]


@pytest.mark.parametrize("header", ["", "draft_id", "draft_id ???", "draft_id " + "A" * 5000])
def test_metadata_that_cannot_be_read_is_refused(mother: Resident, header: str) -> None:
    answer = tus(mother.client, "POST", "/api/uploads", Upload_Length="10", Upload_Metadata=header)
    assert type_of(answer) == "upload-metadata"


def test_the_protocol_is_kept(mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    wrong = mother.client.head(address)
    assert (wrong.status_code, wrong.headers["tus-version"]) == (412, "1.0.0")
    plain = mother.client.patch(address, content=b"x", headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"})
    assert type_of(plain) == "upload-content-type"
    assert type_of(tus(mother.client, "PATCH", address, b"x", Upload_Offset="-1")) == "upload-metadata"
    assert type_of(tus(mother.client, "POST", "/api/uploads", Upload_Metadata=metadata(PHOTO))) == "length-needed"
    empty = tus(mother.client, "POST", "/api/uploads", Upload_Metadata=metadata(PHOTO), Upload_Length="0")
    assert type_of(empty) == "length-needed"
    assert tus(mother.client, "HEAD", "/api/uploads/nonsense").status_code == 404
    assert tus(mother.client, "HEAD", f"/api/uploads/{new_id()}").status_code == 404


def test_patch_may_be_a_post_in_disguise(mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    headers = {"Upload_Offset": "0", "X_HTTP_Method_Override": "PATCH", "Content_Type": CHUNK}
    assert tus(mother.client, "POST", address, PHOTO, **headers).headers["upload-offset"] == str(len(PHOTO))


def test_signing_in_comes_first(visit: Visit, session: Session, mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    stranger = visit()
    unknown = make_signed_in(session, make_phone(session))
    session.commit()
    for client, status in ((stranger, 401), (visit(unknown), 403)):
        said = {"Upload_Length": "10", "Upload_Metadata": metadata(PHOTO)}
        assert tus(client, "POST", "/api/uploads", **said).status_code == status
        assert tus(client, "HEAD", address).status_code == status
        assert tus(client, "PATCH", address, PHOTO, Upload_Offset="0").status_code == status


def test_a_foreign_page_cannot_upload_with_my_cookie(mother: Resident) -> None:
    address = begin(mother.client, PHOTO)
    answer = tus(mother.client, "PATCH", address, PHOTO, Upload_Offset="0", Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403


def test_after_seven_days_an_unfinished_upload_is_gone(mother: Resident, session: Session) -> None:
    address = begin(mother.client, PHOTO)
    tus(mother.client, "PATCH", address, PHOTO[:1000], Upload_Offset="0")
    document = upload(mother.client, PHOTO).headers["upload-document"]
    assert clean_expired(session, utcnow() + LIFE - timedelta(hours=1)) == 0
    assert clean_expired(session, utcnow() + LIFE + timedelta(hours=1)) == 2
    session.commit()
    assert session.exec(select(Upload)).all() == []
    assert left_in("uploads") == []
    assert tus(mother.client, "HEAD", address).status_code == 404
    assert mother.client.get(f"/documents/{document}/pages/1").status_code == 200


def test_an_upload_out_of_date_says_so_until_it_is_cleaned(mother: Resident, session: Session) -> None:
    address = begin(mother.client, PHOTO)
    row = session.exec(select(Upload)).one()
    row.expires_at = utcnow() - timedelta(minutes=1)
    session.add(row)
    session.commit()
    answer = tus(mother.client, "PATCH", address, PHOTO, Upload_Offset="0")
    assert (answer.status_code, type_of(answer)) == (410, "upload-expired")
    assert begin(mother.client, PHOTO) != address


def test_a_part_lost_from_the_store_heals_by_sending_again(mother: Resident) -> None:
    draft_id = new_id()
    address = begin(mother.client, PHOTO, draft_id=draft_id)
    tus(mother.client, "PATCH", address, PHOTO[:1000], Upload_Offset="0")
    blobs.delete(left_in("uploads"))
    assert type_of(tus(mother.client, "PATCH", address, PHOTO[1000:], Upload_Offset="1000")) == "hash-mismatch"
    assert upload(mother.client, PHOTO, draft_id=draft_id).status_code == 204


def test_a_fault_while_checking_leaves_the_upload_where_it_stood(
    mother: Resident, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last bytes count only with the document: here our own press is missing for a moment."""
    address = begin(mother.client, PHOTO)
    tus(mother.client, "PATCH", address, PHOTO[:1000], Upload_Offset="0")
    with monkeypatch.context() as broken:
        broken.setattr(checks, "PRESS", checks.PRESS.with_name("there_is_no_such_press.py"))
        assert tus(mother.client, "PATCH", address, PHOTO[1000:], Upload_Offset="1000").status_code == 500
    client = visit(mother.token)  # the server closed the line of the first
    assert tus(client, "HEAD", address).headers["upload-offset"] == "1000"
    assert tus(client, "PATCH", address, PHOTO[1000:], Upload_Offset="1000").status_code == 204

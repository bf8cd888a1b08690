"""The way without script, the preview, and how pictures and originals are given out."""

import re

import httpx
import pytest

from app.core.ids import new_id
from tests.conftest import Visit

from . import files
from .conftest import Resident, sha256, upload
from .test_uploads import documents

PHOTO = files.jpeg()


def send(client: httpx.Client, body: bytes, draft_id: object, name: str = "a.jpg", **fields: str) -> httpx.Response:
    said = {"material": "hukou", "page": "1", "next": "/forms/newborn/x/y?draft=1", **fields}
    return client.post(f"/drafts/{draft_id}/documents", data=said, files={"file": (name, body, "image/jpeg")})


def test_a_photo_is_sent_without_script_and_the_form_comes_back(mother: Resident) -> None:
    draft_id = new_id()
    answer = send(mother.client, PHOTO, draft_id)
    assert (answer.status_code, answer.headers["location"]) == (303, "/forms/newborn/x/y?draft=1")
    (row,) = documents(mother, draft_id)
    assert (row["sha256"], row["filename"]) == (sha256(PHOTO), "a.jpg")
    send(mother.client, PHOTO, draft_id)
    assert [again["id"] for again in documents(mother, draft_id)] == [row["id"]]


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_stays_at_home(mother: Resident, way: str) -> None:
    assert send(mother.client, PHOTO, new_id(), next=way).headers["location"] == "/"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"<html><script>alert(1)</script></html>", 422, "只收照片"),
        (PHOTO[:8000], 422, "不完整"),
        (b"", 422, "还没有选照片"),
        (b"\xff\xd8\xff" + b"\0" * (30 << 20), 413, "超过 20 MB"),
    ],
    ids=["HTML named .jpg", "truncated", "nothing chosen", "30 MB"],
)
def test_a_bad_file_is_refused_on_a_page_with_the_way_back_and_another_try(
    mother: Resident, body: bytes, status: int, words: str
) -> None:
    draft_id = new_id()
    answer = send(mother.client, body, draft_id)
    assert answer.status_code == status
    assert words in answer.text
    assert 'href="/forms/newborn/x/y?draft=1"' in answer.text
    assert f'action="/drafts/{draft_id}/documents"' in answer.text
    assert "您填的都还在" in answer.text
    assert documents(mother, draft_id) == []


def test_a_form_with_wrong_fields_is_refused(mother: Resident) -> None:
    assert send(mother.client, PHOTO, new_id(), material="../x").status_code == 422
    assert send(mother.client, PHOTO, new_id(), page="0").status_code == 422
    assert send(mother.client, PHOTO, "no-draft").status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back_to_the_form(visit: Visit, server: str) -> None:
    client = visit(Referer=f"{server}/forms/newborn/x/y?draft=1")
    answer = send(client, PHOTO, new_id())
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fforms%2Fnewborn%2Fx%2Fy%3Fdraft%3D1"


def test_a_foreign_form_is_refused(visit: Visit, mother: Resident) -> None:
    draft_id = new_id()
    foreign = visit(mother.token, **{"Sec-Fetch-Site": "cross-site"})
    assert send(foreign, PHOTO, draft_id).status_code == 403
    assert documents(mother, draft_id) == []


def test_a_photo_is_looked_at_replaced_and_deleted_without_script(mother: Resident) -> None:
    draft_id = new_id()
    send(mother.client, PHOTO, draft_id)
    (row,) = documents(mother, draft_id)
    page = mother.client.get(f"/drafts/{draft_id}/documents/{row['id']}", params={"next": "/forms/a/b/c?draft=1"})
    assert page.status_code == 200
    assert f'src="/documents/{row["id"]}/pages/1"' in page.text
    assert 'href="/forms/a/b/c?draft=1"' in page.text
    gone = mother.client.post(f"/drafts/{draft_id}/documents/{row['id']}/removal", data={"next": "/forms/a/b/c?draft=1"})
    assert (gone.status_code, gone.headers["location"]) == (303, "/forms/a/b/c?draft=1")
    assert documents(mother, draft_id) == []
    assert mother.client.get(f"/documents/{row['id']}/pages/1").status_code == 404


def test_in_english(mother: Resident) -> None:
    mother.client.cookies.set("lang", "en", domain="127.0.0.1")
    answer = send(mother.client, b"<html>", new_id())
    assert not re.search(
        r"[\u4e00-\u9fff]", re.sub(r"<[^>]*lang=\"zh[^>]*>[^<]*", "", answer.text.split("<main")[1].split("</main")[0])
    )


def test_pictures_are_never_cached_and_cannot_run(mother: Resident) -> None:
    document = upload(mother.client, PHOTO).headers["upload-document"]
    whole = mother.client.get(f"/documents/{document}/pages/1")
    thumb = mother.client.get(f"/documents/{document}/pages/1?thumb=1")
    assert len(thumb.content) < len(whole.content)
    for answer in (whole, thumb):
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    for number in ("0", "2", "-1", "x"):
        assert mother.client.get(f"/documents/{document}/pages/{number}").status_code == 404


def test_the_original_leaves_only_as_an_attachment_under_a_random_name(mother: Resident) -> None:
    body = files.pdf(1)
    document = upload(mother.client, body, filename="../evil.html").headers["upload-document"]
    answer = mother.client.get(f"/documents/{document}/original")
    assert answer.content == body
    assert answer.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="linban-[0-9a-f]{8}\.pdf"', answer.headers["content-disposition"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"

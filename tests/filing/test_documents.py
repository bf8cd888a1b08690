"""Submissions with pictures: each by its hash as sent, in the receipt and in the case."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.cases.models import Case
from app.core.clock import utcnow
from app.documents.models import Document
from app.documents.service import Place, receive

from .conftest import Resident, answers, draft_body, draft_id, put, submission_body

SETTLED = answers(
    baby__settle_here=True, hukou__head="王建国", hukou__relation="daughters_daughter", baby__nation="han", subsidy__order=1,
    bank__use_sscard=True, bank__holder="王晓兰",
)  # fmt: skip


def picture(shade: int = 200) -> bytes:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (shade, 10, 10)).save(out, "JPEG")
    return out.getvalue()


def sent(who: Resident, at: str, body: bytes, material: str = "M-BANK", page: int = 1) -> dict[str, Any]:
    """Upload a picture for a draft; gives what a submission says of it."""
    receive(Place(who.id, UUID(at), material, page), "bank.jpg", body, utcnow())
    sha256 = hashlib.sha256(body).hexdigest()
    return {"material": material, "page": page, "sha256": sha256, "size": len(body), "filename": "bank.jpg"}


def test_each_picture_is_in_the_receipt_by_its_hash_and_in_the_case(alice: Resident, edition: str, database: Engine) -> None:
    at = draft_id(alice)
    document = sent(alice, at, picture())
    answer = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition, SETTLED, documents=[document]))
    assert answer.status_code == 201, answer.text
    assert answer.json()["receipt"]["documents"] == [{k: v for k, v in document.items() if k != "filename"}]
    with Session(database) as session:
        assert session.exec(select(Document.case_id)).one() == session.exec(select(Case.id)).one()


def test_the_order_of_documents_does_not_matter_to_a_replay(alice: Resident, edition: str) -> None:
    at = draft_id(alice)
    found = SETTLED | {"applicant.hukou": "340122"}
    documents = [
        sent(alice, at, picture()), sent(alice, at, picture(90), "M-HK", 1), sent(alice, at, picture(80), "M-HK", 2)
    ]  # fmt: skip
    body = submission_body(edition, found, documents=documents)
    first = alice.api.post(f"/api/drafts/{at}/submission", json=body)
    assert first.status_code == 201
    again = alice.api.post(f"/api/drafts/{at}/submission", json=body | {"documents": documents[::-1]})
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_hash_that_has_not_arrived_is_named_and_nothing_is_made(alice: Resident, edition: str, database: Engine) -> None:
    at = put(alice, draft_body(edition, SETTLED))
    document = sent(alice, at, picture()) | {"sha256": "a" * 64}
    answer = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition, SETTLED, documents=[document]))
    assert answer.status_code == 409
    assert (answer.json()["type"], answer.json()["missing"]) == ("/problems/documents-missing", ["a" * 64])
    with Session(database) as session:
        assert session.exec(select(Case)).all() == []
    assert alice.api.get(f"/api/drafts/{at}").json()["answers"] == SETTLED


def test_somebody_elses_picture_does_not_count(alice: Resident, bob: Resident, edition: str) -> None:
    at = draft_id(alice)
    document = sent(bob, at, picture())
    answer = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition, SETTLED, documents=[document]))
    assert answer.json()["type"] == "/problems/documents-missing"


@pytest.mark.parametrize("pages", [[1, 1], [1, 2]])
def test_too_many_or_one_page_twice_is_named(alice: Resident, edition: str, pages: list[int]) -> None:
    document = {"material": "M-BANK", "sha256": "a" * 64, "size": 1, "filename": "a.jpg"}
    documents = [document | {"page": page} for page in pages]
    answer = alice.api.post(
        f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition, SETTLED, documents=documents)
    )
    assert (answer.status_code, [m["material"] for m in answer.json()["materials"]]) == (422, ["M-BANK"])


def test_a_page_that_was_submitted_without_script_takes_its_pictures_along(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, SETTLED))
    assert "还差 1 处" in alice.page.get(f"/drafts/{at}/review").text
    sent(alice, at, picture())
    sent(alice, at, picture(70), "M-HK", 1)  # not wanted: her household is local
    review = alice.page.get(f"/drafts/{at}/review").text
    assert "照片 1 张" in review
    done = alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"})
    assert done.status_code == 303
    receipt = alice.page.get(f"{done.headers['location']}.json").json()
    assert [d["material"] for d in receipt["receipt"]["documents"]] == ["M-BANK"]


def test_deleting_a_draft_deletes_its_pictures(alice: Resident, edition: str, database: Engine) -> None:
    at = put(alice, draft_body(edition, SETTLED))
    sent(alice, at, picture())
    alice.api.delete(f"/api/drafts/{at}").raise_for_status()
    with Session(database) as session:
        assert session.exec(select(Document.removed_at)).one() is not None

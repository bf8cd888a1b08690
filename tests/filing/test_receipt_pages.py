"""The receipt on screen, as a file, and its check by anybody."""

import json
import re
from typing import Any

import pytest

from .conftest import Resident, draft_id, submission_body


@pytest.fixture
def receipt(alice: Resident, edition: str) -> dict[str, Any]:
    """The receipt of a submission."""
    answer = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition))
    return dict(answer.raise_for_status().json())


def test_its_page_says_number_time_departments_days_and_code(alice: Resident, receipt: dict[str, Any]) -> None:
    number, code = receipt["receipt"]["case"], receipt["code"]
    page = alice.page.get(f"/receipts/{number}").raise_for_status().text
    for word in (
        f"{number[:4]} {number[4:8]} {number[8:]}",
        f"{code[:4]} {code[4:8]} {code[8:]}",
        "交好了，3 个部门开始办",
        "渭塘镇便民服务中心",
    ):
        assert word in page
    assert re.search(r"\d+月\d+日 \d\d:\d\d:\d\d 收到", page)
    assert "<svg viewBox=" in page
    assert "style=" not in page
    assert "公安" not in page


def test_it_can_be_kept_as_a_file(alice: Resident, receipt: dict[str, Any]) -> None:
    answer = alice.page.get(f"/receipts/{receipt['receipt']['case']}.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == receipt


def test_somebody_else_sees_no_receipt(bob: Resident, receipt: dict[str, Any], visit: Any) -> None:
    number = receipt["receipt"]["case"]
    assert bob.page.get(f"/receipts/{number}").status_code == 404
    assert bob.page.get(f"/receipts/{number}.json").status_code == 404
    assert visit().get(f"/receipts/{number}").status_code == 303


def test_anybody_checks_it_by_its_code(receipt: dict[str, Any], visit: Any) -> None:
    stranger = visit()
    page = stranger.get("/receipts/verify", params={"code": receipt["code"].lower()})
    assert page.status_code == 200
    assert "是真的" in page.text
    assert "陈一诺" not in page.text
    found = stranger.get("/receipts/verify", params={"code": receipt["code"]}, headers={"Accept": "application/json"}).json()
    assert found == {"genuine": True, "state": "genuine", "receipt": receipt["receipt"]}


def test_a_wrong_code_is_said(visit: Any) -> None:
    for code in ("23456789ABCD", "x", "王" * 50):
        page = visit().get("/receipts/verify", params={"code": code})
        assert page.status_code == 422
        assert "没有这个校验码" in page.text


def test_anybody_checks_it_as_text_file_or_json(receipt: dict[str, Any], visit: Any) -> None:
    text = json.dumps(receipt)
    stranger = visit()
    pasted = stranger.post("/receipts/verify", data={"text": text})
    uploaded = stranger.post("/receipts/verify", files={"file": ("receipt.json", text, "application/json")})
    sent = stranger.post("/receipts/verify", json=receipt, headers={"Accept": "application/json"})
    assert "是真的" in pasted.text
    assert "是真的" in uploaded.text
    assert sent.json()["genuine"] is True


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_changed_receipt_is_found_out(receipt: dict[str, Any], visit: Any, accept: str) -> None:
    receipt["receipt"]["received_at"] = "2020-01-01T00:00:00+00:00"
    answer = visit(Accept=accept).post("/receipts/verify", json=receipt)
    assert "是真的" not in answer.text
    if accept == "application/json":
        assert answer.json() == {"genuine": False, "state": "changed", "receipt": None}
    else:
        assert answer.status_code == 422
        assert "被改过" in answer.text


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"receipt": 1}', "[" * 100_000, "\x00", '{"receipt": {"version": 1}}'])
def test_nonsense_is_answered_in_words(visit: Any, text: str) -> None:
    answer = visit().post("/receipts/verify", data={"text": text})
    assert answer.status_code in (200, 422)
    assert "是真的" not in answer.text


def test_the_key_is_published(receipt: dict[str, Any], visit: Any) -> None:
    assert visit().get("/receipts/key").json()["key"] == receipt["key"]


def test_it_reads_in_english(alice: Resident, receipt: dict[str, Any]) -> None:
    alice.page.cookies.set("lang", "en", domain="127.0.0.1")
    page = alice.page.get(f"/receipts/{receipt['receipt']['case']}").text
    assert "Received. 3 departments have started" in page

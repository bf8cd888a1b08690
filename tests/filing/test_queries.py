"""What filing's pages cost the database: few queries, and not more for more drafts."""

from typing import Any

from sqlalchemy import Engine

from tests.architecture.test_queries import queries

from .conftest import Resident, answers, draft_body, draft_id, put, submission_body


def test_the_shell_costs_none(database: Engine, visit: Any, edition: str) -> None:
    assert queries(database, visit(), f"/forms/newborn/{edition}/you") == []
    assert queries(database, visit(), "/receipts/verify") == []


def test_a_form_page_costs_four_at_most(database: Engine, alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(applicant__hukou="340122", baby__settle_here=True)))
    for page in ("you", "baby", "household"):
        assert len(queries(database, alice.page, f"/forms/newborn/{edition}/{page}?draft={at}")) <= 4


def test_review_and_receipt_cost_five_at_most(database: Engine, alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    assert len(queries(database, alice.page, f"/drafts/{at}/review")) <= 5
    number = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition)).json()["receipt"][
        "case"
    ]
    assert len(queries(database, alice.page, f"/receipts/{number}")) <= 4


def test_more_drafts_cost_no_more(database: Engine, alice: Resident, edition: str) -> None:
    put(alice, draft_body(edition, answers()))
    few = len(queries(database, alice.page, "/drafts"))
    for _ in range(8):
        put(alice, draft_body(edition, answers()))
    assert len(queries(database, alice.page, "/drafts")) == few <= 3

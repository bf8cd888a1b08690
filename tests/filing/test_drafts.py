"""Drafts over the API: saved, conflicting, foreign, refused; never lost."""

import json
import uuid
from typing import Any

import pytest

from app.core.ids import new_id

from .conftest import Resident, draft_body, draft_id, put


def stored(who: Resident, at: str) -> dict[str, Any]:
    """The draft as the server has it."""
    return dict(who.api.get(f"/api/drafts/{at}").raise_for_status().json())


def test_it_saves_and_gives_back_what_was_saved(alice: Resident, edition: str) -> None:
    at = draft_id()
    first = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, {"baby.name": "陈一诺"}, page="baby"))
    assert (first.status_code, first.json()["revision"]) == (200, 1)
    second = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, {"baby.name": "陈二诺"}, base=1))
    assert second.json()["revision"] == 2
    found = stored(alice, at)
    assert (found["answers"], found["revision"], found["edition"]) == ({"baby.name": "陈二诺"}, 2, edition)
    assert found["submitted_at"] is None


def test_it_goes_on_on_another_device(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"baby.name": "陈一诺"}, page="baby"))
    assert alice.page.get(f"/api/drafts/{at}").json()["answers"] == {"baby.name": "陈一诺"}
    assert [d["id"] for d in alice.page.get("/api/drafts").json()["drafts"]] == [at]


def test_a_half_typed_answer_is_kept(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"applicant.id_number": "3205", "baby.birth_at": "2099-01-01"}))
    assert stored(alice, at)["answers"]["applicant.id_number"] == "3205"


def test_an_old_base_is_refused_with_the_servers_copy(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"baby.name": "陈一诺"}))
    put(alice, draft_body(edition, {"baby.name": "陈二诺"}, base=1), at)
    refused = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, {"baby.name": "陈三诺"}, base=1))
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/problems/draft-conflict"
    assert problem["draft"]["revision"] == 2
    assert problem["draft"]["answers"] == {"baby.name": "陈二诺"}
    assert stored(alice, at)["answers"] == {"baby.name": "陈二诺"}


def test_a_save_whose_answer_was_lost_may_be_repeated(alice: Resident, edition: str) -> None:
    at = draft_id()
    body = draft_body(edition, {"baby.name": "陈一诺"})
    assert [alice.api.put(f"/api/drafts/{at}", json=body).json()["revision"] for _ in range(3)] == [1, 1, 1]


def test_a_second_new_draft_with_the_same_id_is_a_conflict(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"baby.name": "陈一诺"}))
    again = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, {"baby.name": "另一个"}))
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ({"nobody.asked": "x"}, {"nobody.asked": "unknown"}),
        ({"baby.name": 7}, {"baby.name": "wrong-type"}),
        ({"baby.settle_here": "yes"}, {"baby.settle_here": "wrong-type"}),
        ({"baby.name": None}, {"baby.name": "wrong-type"}),
        ({"baby.name": "陈" * 7}, {"baby.name": "too-long"}),
        ({"baby.name": "陈\u0007诺"}, {"baby.name": "control-character"}),
        ({"baby.sex": "unknown"}, {"baby.sex": "no-such-option"}),
        ({"subsidy.order": "1", "baby.sex": []}, {"subsidy.order": "wrong-type", "baby.sex": "wrong-type"}),
    ],
)
def test_what_cannot_be_an_answer_is_named_and_nothing_is_lost(
    alice: Resident, edition: str, found: dict[str, Any], named: dict[str, str]
) -> None:
    at = put(alice, draft_body(edition, {"baby.hospital": "pearl_lake"}))
    refused = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, {"baby.hospital": "yangcheng", **found}, base=1))
    assert refused.status_code == 422
    assert refused.json()["questions"] == named
    assert (stored(alice, at)["answers"], stored(alice, at)["revision"]) == ({"baby.hospital": "pearl_lake"}, 1)


def test_half_of_a_surrogate_pair_is_refused(alice: Resident, edition: str) -> None:
    body = json.dumps(draft_body(edition, {"baby.name": "\ud800"}))
    refused = alice.api.put(f"/api/drafts/{draft_id()}", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422


def test_not_a_number_is_refused(alice: Resident, edition: str) -> None:
    for number in ("NaN", "Infinity", "1e999", "9" * 400):
        body = json.dumps(draft_body(edition, {"subsidy.order": "HERE"})).replace('"HERE"', number)
        refused = alice.api.put(f"/api/drafts/{draft_id()}", content=body, headers={"Content-Type": "application/json"})
        assert refused.status_code == 422


@pytest.mark.parametrize(
    "changed",
    [
        {"base_revision": "0"}, {"base_revision": -1}, {"answers": []}, {"answers": None}, {"page": "no-such-page"},
        {"service": 5}, {"more": 1}, {"edition": "x" * 65},
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_shape_is_refused(alice: Resident, edition: str, changed: dict[str, Any]) -> None:
    refused = alice.api.put(f"/api/drafts/{draft_id()}", json=draft_body(edition) | changed)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_an_unknown_service_or_edition_is_said(alice: Resident, edition: str) -> None:
    for changed in ({"service": "no-such-service"}, {"edition": "0" * 16}):
        refused = alice.api.put(f"/api/drafts/{draft_id()}", json=draft_body(edition) | changed)
        assert refused.status_code == 404
        assert refused.json()["type"] == "/problems/unknown-edition"


def test_an_id_that_is_no_uuid7_is_refused(alice: Resident, edition: str) -> None:
    refused = alice.api.put(f"/api/drafts/{uuid.uuid4()}", json=draft_body(edition))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/bad-draft-id")
    assert alice.api.put("/api/drafts/not-an-id", json=draft_body(edition)).status_code == 404


def test_somebody_elses_draft_is_not_there(alice: Resident, bob: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"baby.name": "陈一诺"}))
    assert bob.api.get(f"/api/drafts/{at}").status_code == 404
    assert bob.api.delete(f"/api/drafts/{at}").status_code == 404
    assert bob.api.put(f"/api/drafts/{at}", json=draft_body(edition, base=1)).status_code == 404
    assert bob.api.put(f"/api/drafts/{at}", json=draft_body(edition)).status_code == 404
    assert bob.api.get("/api/drafts").json() == {"drafts": []}
    assert stored(alice, at)["revision"] == 1


def test_a_draft_that_never_was_is_not_there(alice: Resident, edition: str) -> None:
    assert alice.api.get(f"/api/drafts/{new_id()}").status_code == 404
    assert alice.api.put(f"/api/drafts/{new_id()}", json=draft_body(edition, base=4)).status_code == 404


def test_it_can_be_deleted(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition))
    assert alice.api.delete(f"/api/drafts/{at}").status_code == 204
    assert alice.api.get(f"/api/drafts/{at}").status_code == 404
    assert alice.api.delete(f"/api/drafts/{at}").status_code == 404


def test_without_a_session_nothing_is_given(alice: Resident, edition: str, visit: Any) -> None:
    at = put(alice, draft_body(edition))
    nobody = visit(Accept="application/json")
    for answer in (nobody.get(f"/api/drafts/{at}"), nobody.put(f"/api/drafts/{at}", json=draft_body(edition, base=1))):
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/sign-in-needed"


def test_a_foreign_page_cannot_save_with_the_browsers_session(alice: Resident, edition: str) -> None:
    at, body = draft_id(), draft_body(edition)
    assert alice.page.put(f"/api/drafts/{at}", json=body, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    del alice.page.headers["Sec-Fetch-Site"]
    foreign = alice.page.put(f"/api/drafts/{at}", json=body, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert alice.page.put(f"/api/drafts/{at}", json=body).status_code == 403
    assert alice.page.get(f"/api/drafts/{at}").status_code == 404


def test_the_source_of_a_proposal_is_kept_until_the_answer_is_changed(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, {"applicant.name": "王晓兰"}))
    assert stored(alice, at)["prefilled"] == {"applicant.name": "profile.name"}
    put(alice, draft_body(edition, {"applicant.name": "王小兰"}, base=1), at)
    assert stored(alice, at)["prefilled"] == {}


def test_personal_answers_are_kept_by_nobody_on_the_way(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition))
    assert alice.api.get(f"/api/drafts/{at}").headers["cache-control"] == "no-store"


def test_a_body_that_would_keep_everybody_waiting_is_not_read(alice: Resident, edition: str) -> None:
    body = draft_body(edition, {f"k{n}": n for n in range(60_000)})
    answer = alice.api.put(f"/api/drafts/{draft_id()}", json=body)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")

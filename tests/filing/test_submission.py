"""From draft to case over the wire: once, whatever happens on the way."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.cases.models import Case, CaseEvent, CaseItem, CaseRevision
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.filing.models import Draft, Receipt
from app.filing.submission import submit
from app.filing.wire import SubmissionBody

from .conftest import Resident, answers, days_ago, draft_body, draft_id, put, submission_body


def counts(engine: Engine) -> dict[str, int]:
    """How many rows there are of what a submission makes."""
    with Session(engine) as session:
        tables = (Case, CaseItem, CaseRevision, Receipt)
        return {t.__name__: session.exec(select(func.count()).select_from(t)).one() for t in tables}


def test_a_submission_makes_a_case_and_gives_its_receipt(alice: Resident, edition: str, database: Engine) -> None:
    at = put(alice, draft_body(edition, answers()))
    answer = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition))
    assert answer.status_code == 201
    receipt = answer.json()["receipt"]
    assert (receipt["service"], receipt["edition"], receipt["documents"]) == ("newborn", edition, [])
    with Session(database) as session:
        case = session.exec(select(Case)).one()
        assert (case.number, case.applicant_id, case.filer_id, str(case.draft_id)) == (receipt["case"], alice.id, alice.id, at)
        assert session.exec(select(CaseRevision.answers)).one() == rfc8785.dumps(answers()).decode()
        states = {i.item_id: i.state.value for i in session.exec(select(CaseItem))}
        assert states["health.birth_cert"] == "filed"
        assert states["psb.birth_reg"] == "not_needed"
        assert session.exec(select(CaseEvent.kind)).first() == "case_filed"
        draft = session.exec(select(Draft)).one()
        assert (draft.answers, draft.submitted_at) == ("{}", case.filed_at)
    assert alice.api.get(f"/api/drafts/{at}").json()["case"] == receipt["case"]


def test_a_draft_need_not_have_been_saved_before(alice: Resident, edition: str) -> None:
    answer = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition))
    assert answer.status_code == 201


def test_the_same_again_gives_the_same_receipt_however_it_is_written(alice: Resident, edition: str, database: Engine) -> None:
    at, body = draft_id(alice), submission_body(edition)
    first = alice.api.post(f"/api/drafts/{at}/submission", json=body)
    turned = dict(reversed(body.items())) | {"answers": dict(reversed(body["answers"].items()))}
    for again in (body, turned, {k: v for k, v in body.items() if k not in ("mandate", "applicant", "documents")}):
        answer = alice.api.post(f"/api/drafts/{at}/submission", json=again)
        assert (answer.status_code, answer.json()) == (200, first.json())
    assert counts(database)["Case"] == 1


def test_twenty_at_once_are_one_case(alice: Resident, edition: str, database: Engine) -> None:
    at, body = draft_id(alice), submission_body(edition)
    with ThreadPoolExecutor(20) as pool:
        sent = [pool.submit(alice.api.post, f"/api/drafts/{at}/submission", json=body) for _ in range(20)]
        found = [one.result() for one in sent]
    assert sorted(a.status_code for a in found) == [200] * 19 + [201]
    assert len({a.text for a in found}) == 1
    assert counts(database) == {"Case": 1, "CaseItem": 7, "CaseRevision": 1, "Receipt": 1}


def test_eight_servers_at_once_are_one_case(alice: Resident, edition: str, database: Engine) -> None:
    at, body = UUID(draft_id(alice)), SubmissionBody.model_validate(submission_body(edition))
    together = Barrier(8)

    def serve() -> tuple[bool, str]:
        together.wait()
        with db.writing() as session:
            filed = submit(session, Party(alice.id), at, body, utcnow())
        return filed.created, filed.row.case_number

    with ThreadPoolExecutor(8) as pool:
        found = [one.result() for one in [pool.submit(serve) for _ in range(8)]]
    assert sorted(created for created, _ in found) == [False] * 7 + [True]
    assert len({number for _, number in found}) == 1
    assert counts(database) == {"Case": 1, "CaseItem": 7, "CaseRevision": 1, "Receipt": 1}


def test_another_body_is_refused_with_both_digests_and_the_receipt(alice: Resident, edition: str, database: Engine) -> None:
    at = draft_id(alice)
    first = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition)).json()
    other = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition, answers(baby__name="陈二诺")))
    assert other.status_code == 409
    problem = other.json()
    assert problem["type"] == "/problems/submission-differs"
    assert problem["receipt"] == first
    assert len(problem["digest"]) == len(problem["stored_digest"]) == 64
    assert problem["digest"] != problem["stored_digest"]
    assert counts(database)["Case"] == 1


def test_a_replay_works_after_the_edition_has_closed_and_a_new_filing_does_not(
    alice: Resident, edition: str, session: Session
) -> None:
    from datetime import timedelta

    from app.catalogue import editions
    from app.forms.definition import Text

    at, body = draft_id(alice), submission_body(edition)
    first = alice.api.post(f"/api/drafts/{at}/submission", json=body)
    reason = Text(zh="换了新表", en="A new form is in force")
    editions.close(session, "newborn", edition, utcnow() - timedelta(minutes=1), reason)
    session.commit()
    assert alice.api.post(f"/api/drafts/{at}/submission", json=body).json() == first.json()
    refused = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/edition-closed")
    assert "换了新表" in refused.json()["title"]
    new = alice.api.put(f"/api/drafts/{draft_id(alice)}", json=draft_body(edition))
    assert new.json()["type"] == "/problems/edition-closed"


def test_somebody_elses_draft_id_is_not_there(alice: Resident, bob: Resident, edition: str, database: Engine) -> None:
    draft = put(alice, draft_body(edition, answers()))
    filed = draft_id(alice)
    alice.api.post(f"/api/drafts/{filed}/submission", json=submission_body(edition)).raise_for_status()
    for at in (draft, filed):
        assert bob.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition)).status_code == 404
    assert counts(database)["Case"] == 1


def test_after_submission_a_draft_is_neither_saved_nor_deleted(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    number = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition)).json()["receipt"]["case"]
    for answer in (alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, base=1)), alice.api.delete(f"/api/drafts/{at}")):
        assert answer.status_code == 409
        assert (answer.json()["type"], answer.json()["case"]) == ("/problems/draft-submitted", number)
    assert alice.api.get("/api/drafts").json() == {"drafts": []}


@pytest.mark.parametrize(
    ("changed", "question"),
    [
        ({"baby__name": None}, "baby.name"),
        ({"baby__name": "陈😀"}, "baby.name"),
        ({"baby__name": "陈\u0000诺"}, "baby.name"),
        ({"baby__name": "陈" * 60}, "baby.name"),
        ({"baby__name": 1}, "baby.name"),
        ({"baby__settle_here": "no"}, "baby.settle_here"),
        ({"mother__id_number": "320507199003072047"}, "mother.id_number"),
        ({"mother__id_number": "32050720990307204X"}, "mother.id_number"),
        ({"baby__birth_at": days_ago(-1)}, "baby.birth_at"),
        ({"baby__birth_at": days_ago(400)}, "baby.birth_at"),
        ({"baby__sex": "other"}, "baby.sex"),
        ({"nobody__asked": "x"}, "nobody.asked"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(
    alice: Resident, edition: str, database: Engine, changed: dict[str, Any], question: str
) -> None:
    at = put(alice, draft_body(edition, answers()))
    refused = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition, answers(**changed)))
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"] == "/problems/answers-wrong"
    assert [m["question"] for m in problem["mistakes"]] == [question]
    assert problem["mistakes"][0]["text"]
    assert counts(database)["Case"] == 0
    assert alice.api.get(f"/api/drafts/{at}").json()["answers"] == answers()


@pytest.mark.parametrize("number", ["NaN", "1e999", "9007199254740993"])
def test_a_number_that_json_does_not_have_is_refused(alice: Resident, edition: str, number: str) -> None:
    import json

    body = json.dumps(submission_body(edition, answers(subsidy__order="HERE"))).replace('"HERE"', number)
    headers = {"Content-Type": "application/json"}
    assert alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"applicant": str(new_id())}, 422, "applicant-not-self"),
        ({"mandate": "m1"}, 422, "applicant-not-self"),
        ({"service": "no-such-service"}, 404, "unknown-edition"),
        ({"edition": "0" * 16}, 404, "unknown-edition"),
        ({"documents": [{"material": "M-HK"}]}, 422, "bad-input"),
        ({"documents": [{"material": "../x", "page": 1, "sha256": "a" * 64, "size": 1, "filename": "a"}]}, 422, "bad-input"),
        ({"documents": [{"material": "M-HK", "page": 0, "sha256": "a" * 64, "size": 1, "filename": "a"}]}, 422, "bad-input"),
        ({"documents": [{"material": "M-HK", "page": 1, "sha256": "A" * 64, "size": 1, "filename": "a"}]}, 422, "bad-input"),
        ({"answers": "x"}, 422, "bad-input"),
        ({"extra": 1}, 422, "bad-input"),
    ],
)
def test_what_cannot_be_submitted_is_refused(
    alice: Resident, edition: str, database: Engine, changed: dict[str, Any], status: int, kind: str
) -> None:
    refused = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition) | changed)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{kind}")
    assert counts(database)["Case"] == 0


def test_a_document_that_is_not_asked_for_is_refused(alice: Resident, edition: str) -> None:
    document = {"material": "M-HK", "page": 1, "sha256": "a" * 64, "size": 1, "filename": "a.jpg"}
    refused = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition, documents=[document]))
    assert refused.status_code == 422
    assert [m["material"] for m in refused.json()["materials"]] == ["M-HK"]


def test_a_missing_picture_is_named(alice: Resident, edition: str) -> None:
    found = answers(
        baby__settle_here=True, hukou__head="王建国", hukou__relation="daughters_daughter", baby__nation="han",
        subsidy__order=1, bank__use_sscard=True, bank__holder="王晓兰",
    )  # fmt: skip
    refused = alice.api.post(f"/api/drafts/{draft_id(alice)}/submission", json=submission_body(edition, found))
    assert refused.status_code == 422
    assert (refused.json()["mistakes"], [m["material"] for m in refused.json()["materials"]]) == ([], ["M-BANK"])


def test_submitting_needs_a_session_and_our_own_page(alice: Resident, edition: str, visit: Any) -> None:
    at = draft_id(alice)
    nobody = visit(Accept="application/json")
    assert nobody.post(f"/api/drafts/{at}/submission", json=submission_body(edition)).status_code == 401
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"}, headers=headers).status_code == 403
    del alice.page.headers["Sec-Fetch-Site"]
    assert alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"}).status_code == 403

"""Looks belong to one person, one identity, one draft; they are on record for who was looked up; the API asks likewise."""

import json
import logging
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.filing.models import Outcome
from tests import factories
from tests.architecture.test_queries import queries
from tests.conftest import Visit

from .conftest import Resident, SignIn, answers, draft_body, submission_body
from .test_lookups import consent, fault, form, hasty, outcomes, results, start, stored

__all__ = ["hasty"]


# nobody else's


def test_looks_of_somebody_elses_draft_are_not_there(alice: Resident, bob: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    look = stored(draft)[0].id
    for path in ("", "/results", f"/{look}/dispute"):
        assert bob.page.get(f"/drafts/{draft}/lookups{path}").status_code == 404
    assert bob.page.post(f"/drafts/{draft}/lookups", data={"consent": "true"}).status_code == 404
    assert bob.page.post(f"/drafts/{draft}/lookups", data={"action": "refuse"}).status_code == 404
    assert bob.page.post(f"/drafts/{draft}/lookups/{look}/dispute", data={}).status_code == 404
    assert bob.api.get(f"/api/drafts/{draft}/lookups").status_code == 404
    assert bob.api.post(f"/api/drafts/{draft}/lookups", json={"registers": ["marriage"], "consent": True}).status_code == 404
    assert len(stored()) == 3


def test_a_look_of_another_draft_of_mine_is_not_this_drafts(alice: Resident) -> None:
    first, second = start(alice), start(alice)
    consent(alice, first)
    look = stored(first)[0].id
    assert alice.page.get(f"/drafts/{second}/lookups/{look}/dispute").status_code == 404
    assert 'data-material="M-ID"' in form(alice, second, "you")
    assert "来自公安人口库" not in form(alice, second, "you")


def test_two_people_on_one_phone_never_see_each_others_registers(
    session: Session, visit: Visit, sign_in: SignIn, alice: Resident
) -> None:
    draft = start(alice)
    consent(alice, draft)
    father = factories.make_person(session, factories.FATHER)
    token = factories.make_signed_in(session, father)
    session.commit()
    same_phone = visit(token)
    bob = Resident(father.id, same_phone, same_phone)
    assert same_phone.get(f"/drafts/{draft}/lookups/results").status_code == 404
    own = start(bob)
    blank = form(bob, own, "you")
    for secret in ("王晓兰", "来自公安人口库", "data-fetched"):
        assert secret not in blank, secret
    assert stored(own) == []
    assert "还没有替您查过" in same_phone.get("/me/lookups").text


def test_a_fathers_draft_is_about_the_father_whatever_number_is_typed_in_it(bob: Resident, edition: str) -> None:
    mine = answers(
        applicant__role="father", applicant__name="陈志远", applicant__id_number=factories.MOTHER.id_number,
        mother__id_number=factories.MOTHER.id_number, father__known=None,
    )  # fmt: skip
    draft = start(bob)
    revision = bob.api.get(f"/api/drafts/{draft}").json()["revision"]
    bob.api.put(f"/api/drafts/{draft}", json=draft_body(edition, mine, base=revision)).raise_for_status()
    consent(bob, draft)
    kept = {row.held_by.value: json.loads(row.answer or "{}") for row in stored(draft)}
    assert kept["marriage"]["spouse_name"] == "王晓兰"
    assert all(row.filer_id == bob.id for row in stored(draft))
    assert "来自社保参保信息" not in form(bob, draft, "mother")


def test_the_mothers_insurance_is_filled_in_only_for_the_mother(alice: Resident, bob: Resident, edition: str) -> None:
    for who, role, asked, other in (
        (alice, "mother", "mother.employee_insured", "father.employee_insured"),
        (bob, "father", "father.employee_insured", "mother.employee_insured"),
    ):
        draft = start(who)
        body = draft_body(edition, {"applicant.role": role, "father.known": True, "father.name": "陈志远"}, base=1)
        who.api.put(f"/api/drafts/{draft}", json=body).raise_for_status()
        consent(who, draft)
        page = form(who, draft, "maternity")
        sourced = re.findall(r'id="f-([a-z_-]+)-source"', page)
        assert asked.replace(".", "-") in sourced, role
        assert other.replace(".", "-") not in sourced, role


def test_a_certificate_of_an_enterprise_is_asked_by_its_credit_code_and_never_shown_to_the_person(
    session: Session, visit: Visit
) -> None:
    person = factories.make_person(session, factories.MOTHER)
    enterprise = factories.make_enterprise(session, person)
    acting = visit(factories.make_signed_in(session, person, acting=enterprise))
    private = visit(factories.make_signed_in(session, person))
    session.commit()
    began = acting.post("/services/outdoor-advertising/drafts", data={"new": "1"}).headers["location"]
    acting.post(began, data={"consent": "true"})
    [row] = [row for row in stored(began.split("/")[2]) if row.licence == "business"]
    assert (row.outcome, row.enterprise_id) == (Outcome.FOUND, enterprise.id)
    assert json.loads(row.answer or "{}")["number"] == enterprise.credit_code
    assert "营业执照" in acting.get("/me/lookups").text
    assert "营业执照" not in private.get("/me/lookups").text
    assert private.get(f"{began}/results").status_code == 404


def test_a_person_who_acts_for_nobody_has_no_business_licence(session: Session, alice: Resident) -> None:
    began = alice.page.post("/services/restaurant/drafts", data={"new": "1"}).headers["location"]
    alice.page.post(began, data={"consent": "true"})
    assert outcomes(began.split("/")[2])["licence"] == "none"


# on record


def test_i_see_every_look_that_was_made_about_me(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft, skip="marriage")
    page = alice.page.get("/me/lookups").text
    for words in ("人口信息", "社会保险", "婚姻登记", "新生儿出生一件事", "查到了", "您没有同意，没有查"):
        assert words in page, words
    assert "/me/lookups" in alice.page.get("/me").text


def test_a_deleted_draft_takes_the_answers_along_and_the_record_stays(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    alice.page.post(f"/drafts/{draft}/removal")
    rows = stored(draft)
    assert len(rows) == 3
    assert all(row.answer is None and row.consented_at for row in rows)
    assert "人口信息" in alice.page.get("/me/lookups").text


def test_nothing_personal_stands_in_addresses_or_logs(
    alice: Resident, sandbox: str, caplog: pytest.LogCaptureFixture, hasty: None
) -> None:
    with caplog.at_level(logging.DEBUG):
        draft = start(alice)
        fault(sandbox, "marriage", "timeout", 2)
        fault(sandbox, "population", "lie", 2)
        moved = consent(alice, draft)
        results(alice, draft)
    said = caplog.text + str(moved.headers)
    for secret in (factories.MOTHER.id_number, "王晓兰", "陈志远", "李建国", factories.GRANDFATHER.id_number, "珍珠湖路"):
        assert secret not in said


def test_answers_rest_encrypted(alice: Resident, database: Engine) -> None:
    consent(alice, start(alice))
    with database.connect() as connection:
        raw = connection.exec_driver_sql("SELECT answer FROM lookup").scalars().all()
    assert all("珍珠湖".encode() not in bytes(one) for one in raw)


# over the API


def test_a_phone_that_was_offline_asks_over_the_api(alice: Resident, edition: str) -> None:
    at = str(factories.new_id())
    asked = {"registers": ["population", "marriage"], "consent": True}
    assert alice.api.post(f"/api/drafts/{at}/lookups", json=asked).status_code == 404
    alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, answers())).raise_for_status()
    assert alice.api.get(f"/api/drafts/{at}/lookups").json() == {
        "asks": ["population", "marriage", "social_security"], "lookups": [], "held": [],
    }  # fmt: skip
    got = alice.api.post(f"/api/drafts/{at}/lookups", json=asked).raise_for_status().json()
    assert got["held"] == ["M-HK", "M-ID", "M-MC"]
    assert {look["register"]: look["outcome"] for look in got["lookups"]} == {"population": "found", "marriage": "found"}
    assert alice.api.get(f"/api/drafts/{at}/lookups").json() == got
    assert alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition)).status_code == 201


@pytest.mark.parametrize(
    "body",
    [{"registers": ["marriage"]}, {"registers": ["marriage"], "consent": False}, {"registers": ["birth"], "consent": True}],
)
def test_the_api_wants_consent_and_registers_of_the_service(alice: Resident, edition: str, body: dict[str, Any]) -> None:
    at = str(factories.new_id())
    alice.api.put(f"/api/drafts/{at}", json=draft_body(edition)).raise_for_status()
    refused = alice.api.post(f"/api/drafts/{at}/lookups", json=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/bad-input")
    assert stored() == []


def test_the_pages_cost_few_queries(alice: Resident, database: Engine) -> None:
    draft = start(alice)
    consent(alice, draft)
    for path in (f"/drafts/{draft}/lookups", f"/drafts/{draft}/lookups/results"):
        assert len(queries(database, alice.page, path)) <= 4
    for _ in range(5):
        consent(alice, draft, only="marriage")
    assert len(queries(database, alice.page, "/me/lookups")) <= 2


def test_the_words_are_there_in_english(alice: Resident) -> None:
    draft = start(alice)
    alice.page.cookies.set("lang", "en", domain="127.0.0.1")
    consent(alice, draft)
    look = stored(draft)[0].id
    for path in (f"/drafts/{draft}/lookups", f"/drafts/{draft}/lookups/results", f"/drafts/{draft}/lookups/{look}/dispute"):
        text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "", alice.page.get(path).text)
        left = re.findall(r"[一-鿿]+", text)
        assert set(left) <= {"邻", "王", "陈", "珍珠湖路", "号", "幢", "室"}, (path, left)


def test_a_look_belongs_to_its_draft_in_the_database(alice: Resident, session: Session) -> None:
    draft = start(alice)
    consent(alice, draft)
    assert {row.draft_id for row in stored()} == {UUID(draft)}

"""免提交: asked only with consent, shown as it came, used only for the person's own draft. Over HTTP to the sandbox."""

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from app.core import db
from app.filing.models import Draft, Lookup, Outcome
from app.outside import clients
from tests import factories
from tests.support import databases

from .conftest import Resident, SignIn, answers, draft_body, put, submission_body

ALL = {"population", "marriage", "social_security"}


@pytest.fixture
def hasty(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registers are waited for a third of a second per call: the sandbox stays silent for a whole one."""
    monkeypatch.setattr(clients, "REGISTER_CALL", 0.3)
    databases.forget_settings()
    yield
    databases.forget_settings()


def start(who: Resident) -> str:
    """A new draft of P01; gives its id."""
    answer = who.page.post("/services/newborn/drafts", data={"new": "1"})
    found = re.fullmatch(r"/drafts/([0-9a-f-]{36})/lookups", answer.headers["location"])
    assert found is not None
    return found[1]


def consent(who: Resident, draft: str, **more: Any) -> httpx.Response:
    return who.page.post(f"/drafts/{draft}/lookups", data={"consent": "true", **more})


def results(who: Resident, draft: str) -> str:
    return who.page.get(f"/drafts/{draft}/lookups/results").raise_for_status().text


def card(page: str, register: str) -> str:
    """What the page says of one register."""
    found = re.search(rf'data-register="{register}".*?</section>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]*>", " ", found[0])


def form(who: Resident, draft: str, page: str) -> str:
    return who.page.get(f"/forms/newborn/{factories.current_edition()}/{page}?draft={draft}").raise_for_status().text


def fault(sandbox: str, register: str, kind: str, times: int) -> None:
    body = {"system": f"data/{register}", "kind": kind, "times": times}
    assert httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).status_code == 204


def stored(draft: str | None = None) -> list[Lookup]:
    with db.reading() as session:
        found = list(session.exec(select(Lookup)).all())
    return sorted((row for row in found if draft in (None, str(row.draft_id))), key=lambda row: (row.asked_at, row.id))


def outcomes(draft: str) -> dict[str, str]:
    return {row.held_by.value: row.outcome.value for row in stored(draft)}


# asking


def test_a_new_draft_begins_with_what_the_registers_would_be_asked(alice: Resident) -> None:
    page = alice.page.get(f"/drafts/{start(alice)}/lookups").text
    for words in (
        "我们替您查，您就不用交",
        "人口信息",
        "婚姻登记",
        "社会保险",
        "居民身份证",
        "卫健",
        "公安",
        "不查",
        "存多久",
    ):
        assert words in page, words
    assert not re.findall(r"<input[^>]*checked", page)


def test_without_consent_nothing_is_asked_and_nothing_is_recorded(alice: Resident) -> None:
    draft = start(alice)
    refused = alice.page.post(f"/drafts/{draft}/lookups", data={"skip": "marriage"})
    assert refused.status_code == 422
    assert "还没有同意，所以没有查" in refused.text
    assert 'href="#f-consent"' in refused.text  # named on top, too: the box is screens further down
    assert re.search(r'value="marriage" checked', refused.text)
    assert stored() == []


def test_consent_is_recorded_with_purpose_and_the_answers_are_shown_masked(alice: Resident) -> None:
    draft = start(alice)
    assert consent(alice, draft).headers["location"] == f"/drafts/{draft}/lookups/results"
    page = results(alice, draft)
    for words in ("查到了", "陈**", "现在有配偶", "江苏省苏州市相城区", "免提交"):
        assert words in page, words
    assert "陈志远" not in page
    rows = stored(draft)
    assert {row.held_by.value for row in rows} == ALL
    for row in rows:
        assert (row.outcome, row.filer_id, row.service_id, row.licence) == (Outcome.FOUND, alice.id, "newborn", "")
        assert row.consented_at is not None
        assert row.consented_at <= row.asked_at
        assert row.as_of is not None
        assert row.purpose["zh"].startswith("新生儿出生一件事：")
    assert {row.held_by.value: row.purpose["en"] for row in rows}["marriage"] == (
        "A child is born: Birth certificate, Household registration"
    )


def test_only_the_fields_that_the_service_needs_are_asked_for(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    kept = {row.held_by.value: set(json.loads(row.answer or "{}")) for row in stored(draft)}
    assert kept == {
        "population": {"hukou", "address", "nation", "head"},
        "marriage": {"married", "spouse_name", "date"},
        "social_security": {"employee_insured"},
    }


def test_a_register_may_be_left_out_and_the_reason_stands_at_its_paper(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft, skip="population")
    assert outcomes(draft) == {"population": "refused", "marriage": "found", "social_security": "found"}
    page = form(alice, draft, "you")
    assert 'data-material="M-ID"' in page
    assert "您没有让我们查，请拍照" in page


def test_the_form_leads_to_what_was_found_only_once_a_register_was_asked(alice: Resident) -> None:
    draft = start(alice)
    alice.page.post(f"/drafts/{draft}/lookups", data={"action": "refuse"})
    page = form(alice, draft, "you")
    assert "看替我查到的" not in page
    assert f'<a href="/drafts/{draft}/lookups">让部门替我查</a>' in page
    consent(alice, draft)
    page = form(alice, draft, "you")
    assert f'<a href="/drafts/{draft}/lookups/results">看替我查到的</a>' in page
    assert "让部门替我查" not in page


def test_who_refuses_fills_in_and_photographs_everything(alice: Resident) -> None:
    draft = start(alice)
    answer = alice.page.post(f"/drafts/{draft}/lookups", data={"action": "refuse"})
    assert "/you?draft=" in answer.headers["location"]
    assert set(outcomes(draft).values()) == {"refused"}
    assert all(row.consented_at is None and row.answer is None for row in stored(draft))
    assert 'data-material="M-ID"' in form(alice, draft, "you")
    alice.page.post(f"/drafts/{draft}/lookups", data={"action": "refuse"})
    assert len(stored(draft)) == 3


def test_what_was_refused_may_be_allowed_later(alice: Resident) -> None:
    draft = start(alice)
    alice.page.post(f"/drafts/{draft}/lookups", data={"action": "refuse"})
    consent(alice, draft)
    assert len(stored(draft)) == 6
    assert 'data-material="M-ID"' not in form(alice, draft, "you")


def test_an_unknown_register_is_refused_and_nothing_is_asked(alice: Resident) -> None:
    draft = start(alice)
    assert consent(alice, draft, only="birth").status_code == 422
    assert consent(alice, draft, skip="nonsense").status_code == 422
    assert stored() == []


def test_who_asks_without_end_is_told_to_wait(alice: Resident) -> None:
    draft = start(alice)
    said = [consent(alice, draft, only="marriage").status_code for _ in range(41)]
    assert set(said[:40]) == {303}
    assert said[40] == 429


# what came, told rightly


def test_nothing_found_is_said_and_the_paper_is_photographed(sign_in: SignIn) -> None:
    nobody = sign_in()
    draft = start(nobody)
    consent(nobody, draft)
    assert outcomes(draft) == dict.fromkeys(ALL, "none")
    assert "没查到，请拍照" in card(results(nobody, draft), "population")
    page = form(nobody, draft, "you")
    assert 'data-material="M-ID"' in page
    assert "没查到，请拍照" in page


def test_somebody_single_is_in_the_register_without_a_certificate(sign_in: SignIn) -> None:
    from app.sandbox.people import DEMO

    single = sign_in(DEMO[3])
    draft = start(single)
    consent(single, draft)
    said = card(results(single, draft), "marriage")
    assert "查到了" in said
    assert "要您拍照" in said
    assert "结婚证" in said


@pytest.mark.parametrize("kind", ["fail", "twice"])
def test_one_failing_answer_is_ridden_out_with_one_look(alice: Resident, sandbox: str, kind: str) -> None:
    draft = start(alice)
    fault(sandbox, "marriage", kind, 1)
    consent(alice, draft)
    assert outcomes(draft) == dict.fromkeys(ALL, "found")
    assert len(stored(draft)) == 3


@pytest.mark.parametrize("kind", ["fail", "twice"])
def test_a_register_that_goes_on_failing_is_said_to_be_down_and_asked_again(alice: Resident, sandbox: str, kind: str) -> None:
    draft = start(alice)
    fault(sandbox, "population", kind, 2)
    consent(alice, draft)
    assert outcomes(draft) == {"population": "down", "marriage": "found", "social_security": "found"}
    said = card(results(alice, draft), "population")
    assert "查询系统现在没有回应，先拍照也行" in said
    assert "再查一次" in said
    assert "查询系统没有回应，可以再查一次，也可以拍照" in form(alice, draft, "you")
    consent(alice, draft, only="population")
    assert [row.outcome.value for row in stored(draft) if row.held_by.value == "population"] == ["down", "found"]
    assert 'data-material="M-ID"' not in form(alice, draft, "you")


def test_a_silent_register_keeps_nobody_waiting_and_the_others_are_shown(alice: Resident, sandbox: str, hasty: None) -> None:
    draft = start(alice)
    fault(sandbox, "social_security", "timeout", 2)
    began = time.monotonic()
    consent(alice, draft)
    assert time.monotonic() - began < 4
    assert outcomes(draft) == {"population": "found", "marriage": "found", "social_security": "down"}
    assert "查询系统现在没有回应" in card(results(alice, draft), "social_security")


def test_all_registers_are_asked_side_by_side(alice: Resident, sandbox: str, hasty: None) -> None:
    draft = start(alice)
    for register in ALL:
        fault(sandbox, register, "timeout", 2)
    began = time.monotonic()
    consent(alice, draft)
    assert time.monotonic() - began < 2.2
    assert outcomes(draft) == dict.fromkeys(ALL, "down")


def test_an_answer_about_somebody_else_is_never_used(alice: Resident, sandbox: str) -> None:
    draft = start(alice)
    fault(sandbox, "population", "lie", 2)
    consent(alice, draft)
    assert outcomes(draft)["population"] == "wrong"
    [row] = [row for row in stored(draft) if row.held_by.value == "population"]
    assert row.answer is None
    said = card(results(alice, draft), "population")
    assert "查到的不是您本人的信息，没有使用" in said
    page = form(alice, draft, "you")
    assert 'data-material="M-ID"' in page
    assert "来自公安人口库" not in page
    assert "查到的不是您本人的信息，没有使用，请拍照" in page


def test_a_register_that_is_silent_now_does_not_unsay_what_it_said(alice: Resident, sandbox: str) -> None:
    draft = start(alice)
    consent(alice, draft)
    fault(sandbox, "population", "fail", 2)
    consent(alice, draft, only="population")
    said = card(results(alice, draft), "population")
    assert "上次查到的还在用" in said
    assert 'data-material="M-ID"' not in form(alice, draft, "you")


# used


def test_what_is_found_is_shown_on_its_page_and_fills_in_answers_with_their_source(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    page = form(alice, draft, "you")
    assert 'data-fetched="M-ID"' in page
    assert "免提交" in page
    assert "来自公安人口库，" in page
    assert "今天查到" in page
    assert re.search(r'<option value="320507" selected', page)
    assert "320507104001" not in page
    assert "对不上？" in page
    assert 'data-material="M-ID"' not in page


def test_a_filled_in_answer_may_be_changed_and_then_is_the_persons_own(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition))
    saved = alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, answers(applicant__hukou="320507"), base=1)).json()
    kept = alice.api.get(f"/api/drafts/{at}").json()["prefilled"]
    assert re.fullmatch(r"population\.hukou@\d{4}-\d\d-\d\d", kept["applicant.hukou"])
    changed = answers(applicant__hukou="340122")
    alice.api.put(f"/api/drafts/{at}", json=draft_body(edition, changed, base=saved["revision"])).raise_for_status()
    assert "applicant.hukou" not in alice.api.get(f"/api/drafts/{at}").json()["prefilled"]


def test_a_draft_whose_registers_answered_is_submitted_without_pictures(alice: Resident, edition: str) -> None:
    draft = start(alice)
    consent(alice, draft)
    sent = alice.api.post(f"/api/drafts/{draft}/submission", json=submission_body(edition))
    assert sent.status_code == 201, sent.text
    assert [row.answer is not None for row in stored(draft)] == [True] * 3
    assert alice.page.get(f"/drafts/{draft}/lookups").status_code == 409
    assert consent(alice, draft).status_code == 409
    number = sent.json()["receipt"]["case"]
    filed = alice.page.get(f"/cases/{number}/filing").text
    assert "免提交" in filed
    assert "居民身份证" in filed
    assert " 的记录" in filed


@pytest.mark.parametrize("outcome", ["none", "down", "wrong", "refused"])
def test_without_an_answer_the_paper_is_wanted_and_named(alice: Resident, session: Session, edition: str, outcome: str) -> None:
    at = factories.new_id()
    factories.make_looks(session, alice.id, at, outcomes={"population": outcome})
    session.commit()
    refused = alice.api.post(f"/api/drafts/{at}/submission", json=submission_body(edition))
    assert refused.status_code == 422
    assert [m["material"] for m in refused.json()["materials"]] == ["M-ID"]
    assert "居民身份证" in refused.json()["materials"][0]["text"]


def test_a_picture_taken_before_the_register_answered_is_welcome(alice: Resident, edition: str) -> None:
    from .test_documents import picture, sent

    draft = start(alice)
    consent(alice, draft)
    documents = [sent(alice, draft, picture(), "M-ID", 1)]
    answer = alice.api.post(f"/api/drafts/{draft}/submission", json=submission_body(edition, documents=documents))
    assert answer.status_code == 201, answer.text


# 对不上


def dispute(who: Resident, draft: str, words: str = "住址早就变了", back: str = "you") -> httpx.Response:
    page = form(who, draft, "you")
    link = re.search(r'href="(/drafts/[^"]+/dispute\?back=you)"', page)
    assert link is not None
    shown = who.page.get(unescape(link[1])).raise_for_status().text
    assert "查到的对不上" in shown
    return who.page.post(link[1].partition("?")[0], data={"words": words, "back": back})


def test_what_does_not_fit_is_photographed_instead_and_fills_in_nothing(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    with db.writing() as session:
        row = session.exec(select(Draft)).one()
        row.answers = json.dumps({"applicant.hukou": "320507104001"})
        row.prefilled = {"applicant.hukou": "population.hukou@2026-11-25", "applicant.name": "profile.name"}
        session.add(row)
    assert dispute(alice, draft).headers["location"].startswith(f"/forms/newborn/{factories.current_edition()}/you?draft=")
    [look] = [row for row in stored(draft) if row.held_by.value == "population"]
    assert (look.disputed_at is not None, look.dispute, look.outcome) == (True, "住址早就变了", Outcome.FOUND)
    page = form(alice, draft, "you")
    assert 'data-material="M-ID"' in page
    assert "您说查到的对不上，请拍照" in page
    assert "来自公安人口库" not in page
    with db.reading() as session:
        row = session.exec(select(Draft)).one()
    assert row.prefilled == {"applicant.name": "profile.name"}
    assert json.loads(row.answers) == {"applicant.hukou": "320507104001"}
    assert "您说对不上" in results(alice, draft)


def test_a_dispute_is_said_once_and_its_words_stay(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    [look] = [row for row in stored(draft) if row.held_by.value == "marriage"]
    for words in ("离婚了", "又改主意"):
        alice.page.post(f"/drafts/{draft}/lookups/{look.id}/dispute", data={"words": words})
    [look] = [row for row in stored(draft) if row.held_by.value == "marriage"]
    assert look.dispute == "离婚了"


def test_after_a_dispute_the_register_may_be_asked_anew(alice: Resident) -> None:
    draft = start(alice)
    consent(alice, draft)
    dispute(alice, draft)
    consent(alice, draft)
    assert 'data-material="M-ID"' not in form(alice, draft, "you")


def test_a_look_that_found_nothing_cannot_be_disputed(sign_in: SignIn) -> None:
    nobody = sign_in()
    draft = start(nobody)
    consent(nobody, draft)
    look = stored(draft)[0]
    assert nobody.page.get(f"/drafts/{draft}/lookups/{look.id}/dispute").status_code == 404
    assert nobody.page.post(f"/drafts/{draft}/lookups/{look.id}/dispute", data={}).status_code == 404

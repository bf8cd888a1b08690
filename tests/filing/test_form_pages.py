"""The form without JavaScript: every page a POST, answers kept whatever happens."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import SessionRow
from app.core import db
from app.core.clock import utcnow
from app.filing.models import Draft
from tests import factories

from .conftest import Resident, answers, days_ago, draft_body, put

#: 王晓兰's number with another last digit.
WRONG_ID = factories.MOTHER.id_number[:-1] + str((int(factories.MOTHER.id_number[-1]) + 1) % 10)


def start(who: Resident, new: str = "") -> str:
    """Start a draft and let the registers be asked; gives the address of its first page."""
    answer = who.page.post("/services/newborn/drafts", data={"new": new})
    assert answer.status_code == 303
    at: str = answer.headers["location"]
    if not at.endswith("/lookups"):
        return at
    results = who.page.post(at, data={"consent": "true"}).headers["location"]
    onward = re.search(r'href="(/forms/[^"]+)"', who.page.get(results).text)
    assert onward is not None
    return unescape(onward[1])


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def send(who: Resident, address: str, fields: dict[str, Any], action: str = "next", **more: str) -> httpx.Response:
    """Send a form page as a browser does: its hidden fields, what was typed, the button."""
    page = who.page.get(address).raise_for_status().text
    kept = {name: hidden(page, name) for name in ("ticket", "base", "back", "seen")}
    return who.page.post(address, data={**kept, **fields, "action": action, **more})


def as_fields(found: dict[str, Any]) -> dict[str, Any]:
    """Answers as form fields."""
    return {k: str(v).lower() if isinstance(v, bool) else v for k, v in found.items()}


def on(page: str, found: dict[str, Any] | None = None) -> dict[str, Any]:
    """The fields of one page of the form out of whole answers."""
    prefixes = {
        "you": "applicant.", "baby": "baby.", "mother": "mother.", "father": "father.", "household": "baby.settle_here",
        "maternity": "mother.employee", "delivery": "delivery.",
    }  # fmt: skip
    others = ("mother.employee_insured", "baby.settle_here") if page in ("mother", "baby") else ()
    chosen = {k: v for k, v in (found or answers()).items() if k.startswith(prefixes[page]) and k not in others}
    return as_fields(chosen)


def draft_of(address: str) -> Draft:
    """The draft behind a form address, as it is stored now."""
    found = re.search(r"draft=([0-9a-f-]{36})", address)
    assert found is not None
    with db.reading() as session:
        return session.exec(select(Draft).where(Draft.id == UUID(found[1]))).one()


def test_the_shell_is_the_same_for_everybody_and_may_be_kept(alice: Resident, edition: str, visit: Any) -> None:
    address = f"/forms/newborn/{edition}/you"
    shell = visit().get(address)
    assert shell.status_code == 200
    assert shell.headers["cache-control"].startswith("public")
    assert "王晓兰" not in alice.page.get(address).text
    assert alice.page.get(address).text == shell.text


def test_an_unknown_page_service_or_edition_is_not_there(alice: Resident, edition: str) -> None:
    for address in (f"newborn/{edition}/nowhere", f"nothing/{edition}/you", f"newborn/{'0' * 16}/you"):
        assert alice.page.get(f"/forms/{address}").status_code == 404


def test_a_whole_filing_without_javascript(alice: Resident, edition: str) -> None:
    at = start(alice)
    assert at.startswith(f"/forms/newborn/{edition}/you?draft=")
    for page in ("you", "baby", "mother", "father", "household", "maternity", "delivery"):
        assert f"/{page}?" in at
        answer = send(alice, at, on(page))
        assert answer.status_code == 303, answer.text
        at = answer.headers["location"]
    assert at.endswith("/review")
    review = alice.page.get(at).raise_for_status().text
    assert "陈一诺" in review
    assert "3205**********" in review
    undeclared = alice.page.post(at.replace("review", "submission"), data={})
    assert undeclared.status_code == 422
    done = alice.page.post(at.replace("review", "submission"), data={"declaration": "true"})
    assert done.status_code == 303
    number = done.headers["location"].removeprefix("/receipts/")
    assert re.fullmatch(r"\d{12}", number)
    receipt = alice.page.get(done.headers["location"]).raise_for_status().text
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in receipt
    assert alice.page.post(at.replace("review", "submission"), data={"declaration": "true"}).headers["location"] == (
        f"/receipts/{number}"
    )
    assert alice.page.get(at).headers["location"] == f"/receipts/{number}"
    draft = at.split("/")[2]
    assert alice.page.get(f"/forms/newborn/{edition}/you?draft={draft}").headers["location"] == f"/receipts/{number}"


def test_pages_with_nothing_to_ask_are_skipped_and_steps_counted(alice: Resident) -> None:
    at = start(alice)
    page = alice.page.get(at).text
    assert "第 1 步，共 7 步" in page
    at = send(alice, at, on("you")).headers["location"]
    found = answers(baby__settle_here=True)
    at = send(alice, at, on("baby")).headers["location"]
    at = send(alice, at, on("mother")).headers["location"]
    at = send(alice, at, on("father")).headers["location"]
    stays = send(alice, at, {"baby.settle_here": "true"})
    assert stays.status_code == 422
    assert "hukou.head" in stays.text
    more = {"hukou.head": "王建国", "hukou.relation": "daughters_daughter", "baby.nation": "han", "baby.settle_here": "true"}
    at = send(alice, at, more).headers["location"]
    assert "/maternity?" in at
    assert "第 6 步，共 9 步" in alice.page.get(at).text
    assert found["baby.settle_here"]


def test_what_is_known_is_proposed_with_its_source_and_may_be_corrected(alice: Resident) -> None:
    at = start(alice)
    page = alice.page.get(at).text
    assert re.search(r'name="applicant.name"[^>]*value="王晓兰"[^>]*readonly', page)
    assert "来自实名核对" in page
    assert draft_of(at).answers == "{}"
    answer = send(alice, at, on("you"), action="", edit="applicant.name")
    assert answer.status_code == 303
    opened = alice.page.get(answer.headers["location"]).text
    field = re.search(r'<input[^>]*name="applicant.name"[^>]*>', opened)
    assert field is not None
    assert "readonly" not in field[0]
    assert draft_of(at).prefilled["applicant.name"] == "profile.name"
    send(alice, at, {**on("you"), "applicant.name": "王小兰"})
    assert "applicant.name" not in draft_of(at).prefilled
    assert draft_of(at).prefilled["applicant.phone"] == "profile.phone"


def test_a_mistake_is_told_at_the_top_and_at_the_field_and_everything_is_kept(alice: Resident) -> None:
    at = start(alice)
    wrong = {**on("you"), "applicant.id_number": WRONG_ID, "applicant.phone": "1380000"}
    answer = send(alice, at, wrong)
    assert answer.status_code == 422
    assert "还有 2 处要改" in answer.text
    assert "最后一位和前面对不上" in answer.text
    assert f'value="{WRONG_ID}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert '"1380000"' in draft_of(at).answers


def test_what_cannot_be_stored_stays_on_the_page_and_spoils_nothing_stored(alice: Resident) -> None:
    at = start(alice)
    send(alice, at, on("you"))
    before = draft_of(at).answers
    answer = send(alice, at, {**on("you"), "applicant.name": "王" * 60}, action="save")
    assert answer.status_code == 422
    assert "王" * 60 in answer.text
    assert draft_of(at).answers == before
    answer = send(alice, at, {**on("you"), "applicant.name": "王\u0007兰"}, action="back")
    assert answer.status_code == 422
    assert draft_of(at).answers == before


def test_back_and_save_keep_a_half_filled_page(alice: Resident) -> None:
    at = start(alice)
    at = send(alice, at, on("you")).headers["location"]
    answer = send(alice, at, {"baby.name": "陈"}, action="back")
    assert (answer.status_code, "/you?" in answer.headers["location"]) == (303, True)
    answer = send(alice, at, {"baby.name": "陈一"}, action="save")
    assert answer.headers["location"] == at
    assert '"陈一"' in draft_of(at).answers


def test_a_picture_that_an_answer_calls_for_is_asked_for_before_going_on(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(mother__employee_insured=True)))
    address = f"/forms/newborn/{edition}/maternity?draft={at}"
    insured = {
        "mother.employee_insured": "true", "baby.delivery_kind": "natural", "leave.from": days_ago(30),
        "stay.settled": "false",
    }  # fmt: skip
    stays = send(alice, address, insured)
    assert stays.headers["location"] == f"{address}#m-P01-bill"
    assert 'id="m-P01-bill"' in alice.page.get(address).text
    assert "/bank?" in send(alice, address, insured).headers["location"]


def test_what_comes_up_and_is_known_is_proposed_before_going_on(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(baby__settle_here=True)))
    address = f"/forms/newborn/{edition}/bank?draft={at}"
    fields = {"subsidy.order": "1", "bank.use_sscard": "true"}
    stays = send(alice, address, fields)
    assert (stays.status_code, stays.headers["location"]) == (303, f"{address}#f-bank-holder")
    assert re.search(r'name="bank.holder"[^>]*value="王晓兰"', alice.page.get(address).text)
    assert "/delivery?" in send(alice, address, {**fields, "bank.holder": "王晓兰"}).headers["location"]
    mixed = send(alice, address, {"bank.use_sscard": "true", "subsidy.order": "99"})
    assert mixed.status_code == 422
    assert re.search(r'name="bank.holder"[^>]*value="王晓兰"', mixed.text)
    assert mixed.text.count('aria-invalid="true"') == 1


def test_changing_from_the_review_returns_there(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(baby__name="陈二诺")))
    review = alice.page.get(f"/drafts/{at}/review").text
    change = unescape(re.findall(r'class="chg" href="([^"]*)"', review)[1])
    assert "/baby?" in change
    answer = send(alice, change, on("baby"))
    assert answer.headers["location"] == f"/drafts/{at}/review"
    assert "陈一诺" in alice.page.get(f"/drafts/{at}/review").text


def test_the_review_says_what_is_missing(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(baby__name=None, delivery__mode=None)))
    review = alice.page.get(f"/drafts/{at}/review").text
    assert "还差 2 处" in review
    refused = alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"})
    assert refused.status_code == 422
    assert "还没有提交" in refused.text


def test_two_devices_change_one_field_and_the_person_chooses(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    address = f"/forms/newborn/{edition}/baby?draft={at}"
    page = alice.page.get(address).text
    kept = {name: hidden(page, name) for name in ("ticket", "base", "back", "seen")}
    put(alice, draft_body(edition, answers(baby__name="陈二诺", baby__hospital="yangcheng"), base=1), at)
    mine = {**on("baby"), "baby.name": "陈三诺"}
    asked = alice.page.post(address, data={**kept, **mine, "action": "next"})
    assert asked.status_code == 409
    assert "陈二诺" in asked.text
    assert "陈三诺" in asked.text
    assert "阳澄人民医院" not in asked.text
    fields = {unescape(k): unescape(v) for k, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)}
    done = alice.page.post(address, data={**fields, "pick.baby.name": "theirs", "action": "save"})
    assert done.status_code == 303
    stored = draft_of(address).answers
    assert "陈二诺" in stored
    assert '"baby.hospital":"yangcheng"' in stored


def test_another_pages_save_is_no_conflict(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    address = f"/forms/newborn/{edition}/baby?draft={at}"
    page = alice.page.get(address).text
    kept = {name: hidden(page, name) for name in ("ticket", "base", "back", "seen")}
    put(alice, draft_body(edition, answers(delivery__mode="pickup"), base=1), at)
    answer = alice.page.post(address, data={**kept, **on("baby"), "baby.name": "陈三诺", "action": "next"})
    assert answer.status_code == 303
    assert '"pickup"' in draft_of(address).answers


def end_sessions(session: Session, how: str) -> None:
    """All sessions run out, or are revoked."""
    for row in session.exec(select(SessionRow)):
        if how == "expired":
            row.expires_at = utcnow() - timedelta(minutes=1)
            session.add(row)
        else:
            session.delete(row)
    session.commit()


@pytest.mark.parametrize("how", ["expired", "revoked", "cookie gone"])
def test_a_session_that_ends_in_mid_form_loses_nothing(alice: Resident, session: Session, how: str) -> None:
    at = start(alice)
    at = send(alice, at, on("you")).headers["location"]
    page = alice.page.get(at).text
    kept = {name: hidden(page, name) for name in ("ticket", "base", "back", "seen")}
    if how == "cookie gone":
        alice.page.cookies.clear()
    else:
        end_sessions(session, how)
    answer = alice.page.post(at, data={**kept, **on("baby"), "action": "next"})
    assert answer.status_code == 303
    to = httpx.URL(answer.headers["location"])
    assert (to.path, to.params["next"]) == ("/sign-in", at)
    assert "陈一诺" not in draft_of(at).answers
    person = session.get(factories.Person, alice.id)
    assert person is not None
    token = factories.make_signed_in(session, person)
    session.commit()
    alice.page.cookies.clear()
    alice.page.cookies.set("linban_session", token, domain="127.0.0.1")
    back = alice.page.get(at).text
    assert 'value="陈一诺"' in back
    assert "登录前填的还没存" in back
    done = send(alice, at, on("baby"))
    assert done.status_code == 303
    draft = draft_of(at)
    assert "陈一诺" in draft.answers
    assert draft.held is None


def test_what_is_held_is_not_shown_to_who_signs_in_instead(alice: Resident, bob: Resident) -> None:
    at = start(alice)
    page = alice.page.get(at).text
    kept = {name: hidden(page, name) for name in ("ticket", "base", "back", "seen")}
    cookie = bob.page.cookies["linban_session"]
    alice.page.cookies.set("linban_session", cookie, domain="127.0.0.1")
    answer = alice.page.post(at, data={**kept, **on("you"), "applicant.name": "王小兰", "action": "next"})
    assert answer.status_code == 404
    assert "王小兰" not in answer.text
    assert bob.page.get(at).status_code == 404
    assert "王小兰" in (draft_of(at).held or "")


def test_a_stranger_cannot_put_answers_into_a_draft_by_holding(alice: Resident, visit: Any) -> None:
    at = start(alice)
    ticket = hidden(alice.page.get(at).text, "ticket")
    other = start(alice, new="1")
    nobody = visit()
    for forged in ("", "x", ticket[:-4] + "AAAA"):
        answer = nobody.post(at, data={"ticket": forged, "applicant.name": "坏人", "action": "next"})
        assert answer.status_code == 303
        assert draft_of(at).held is None
    nobody.post(other, data={"ticket": ticket, "applicant.name": "坏人", "action": "next"})
    assert draft_of(other).held is None


def test_starting_signed_out_resumes_after_sign_in(visit: Any, edition: str, session: Session) -> None:
    answer = visit().post("/services/newborn/drafts")
    to = httpx.URL(answer.headers["location"])
    assert (answer.status_code, to.path, to.params["next"]) == (303, "/sign-in", "/services/newborn/start")
    phone = factories.make_phone(session)
    token = factories.make_signed_in(session, phone)
    session.commit()
    to = httpx.URL(visit(token).post("/services/newborn/drafts").headers["location"])
    assert (to.path, to.params["next"]) == ("/real-name", "/services/newborn/start")


def test_an_unfinished_draft_is_offered_before_a_new_one_is_made(alice: Resident) -> None:
    first = start(alice)
    assert start(alice) == "/services/newborn/start"
    page = alice.page.get("/services/newborn/start").text
    assert unescape(re.findall(r'class="btn pri grow" href="([^"]*)"', page)[0]) == first
    assert start(alice, new="1") not in (first, "/services/newborn/start")


def test_somebody_elses_pages_are_not_there(alice: Resident, bob: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    for address in (f"/forms/newborn/{edition}/baby?draft={at}", f"/drafts/{at}/review", f"/drafts/{at}/removal"):
        assert bob.page.get(address).status_code == 404
    assert bob.page.post(f"/forms/newborn/{edition}/baby?draft={at}", data=on("baby")).status_code == 404
    assert bob.page.post(f"/drafts/{at}/submission", data={"declaration": "true"}).status_code == 404
    assert bob.page.post(f"/drafts/{at}/removal").status_code == 404
    assert bob.page.post(f"/drafts/{at}/edition").status_code == 404


def test_my_drafts_are_listed_and_deleted_only_after_asking(alice: Resident, bob: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers()))
    assert "新生儿出生" in alice.page.get("/drafts").text
    assert "新生儿出生" not in bob.page.get("/drafts").text
    assert "删掉这份草稿" in alice.page.get(f"/drafts/{at}/removal").text
    assert alice.page.post(f"/drafts/{at}/removal").headers["location"] == "/drafts"
    assert "没有草稿" in alice.page.get("/drafts").text


def test_a_closed_edition_is_said_and_the_answers_are_carried_over(alice: Resident, edition: str, session: Session) -> None:
    from app.catalogue.models import EditionRow

    at = put(alice, draft_body(edition, answers()))
    row = session.get(EditionRow, ("newborn", edition))
    assert row is not None
    old = EditionRow(
        service_id="newborn", id="0ld0000000000000", definition=row.definition, published_at=utcnow() - timedelta(days=90),
        closes_at=utcnow() - timedelta(days=1), close_reason_zh="换了新表", close_reason_en="A new form is in force",
    )  # fmt: skip
    session.add(old)
    draft = session.exec(select(Draft)).one()
    draft.edition = old.id
    session.commit()
    assert "换了新表" in alice.page.get("/drafts").text
    assert "换了新表" in alice.page.get(f"/drafts/{at}/review").text
    refused = alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"})
    assert refused.status_code == 409
    moved = alice.page.post(f"/drafts/{at}/edition")
    assert moved.headers["location"].startswith(f"/forms/newborn/{edition}/")
    assert alice.page.post(f"/drafts/{at}/submission", data={"declaration": "true"}).status_code == 303


def test_the_words_are_there_in_english(alice: Resident, edition: str) -> None:
    at = put(alice, draft_body(edition, answers(baby__name=None)))
    alice.page.cookies.set("lang", "en", domain="127.0.0.1")
    for address in (
        f"/forms/newborn/{edition}/father?draft={at}",
        f"/drafts/{at}/review",
        "/drafts",
        "/services/newborn/start",
    ):
        text = re.sub(r"<(script|style).*?</\1>|<[^>]*>|value=\"[^\"]*\"", "", alice.page.get(address).text)
        assert not re.findall(r"[一-鿿]+", text.replace("王晓兰", "").replace("邻", "")), address

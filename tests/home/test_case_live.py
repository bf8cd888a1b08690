"""An open case page follows what departments do: over the wire, and in a browser with focus and scroll kept."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session

from app.accounts.models import Person
from app.cases.models import Case
from app.cases.office import Target
from app.core import db
from app.core.clock import utcnow
from tests import factories as make
from tests.cases.hands import ask, decide
from tests.newborn import answers, picture

NOW = utcnow()


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    made = make.make_case(session, mother, answers=answers(), now=NOW)
    for department in ("health", "psb", "msb"):
        make.make_staff(session, f"{department}1")
    session.commit()
    return made


@pytest.fixture
def token(session: Session, mother: Person, case: Case) -> str:
    made = make.make_signed_in(session, mother)
    session.commit()
    return made


def told(lines: Iterator[str]) -> int:
    """The next version that a stream tells."""
    for line in lines:
        if line.startswith("data: "):
            return int(line.removeprefix("data: "))
    raise AssertionError("the stream ended")


def elsewhere(act: Callable[[Session], None]) -> None:
    with db.writing() as session:
        act(session)


def test_a_decision_reaches_an_open_stream(case: Case, token: str, visit: Any) -> None:
    with visit(token).stream("GET", f"/cases/{case.number}/stream", timeout=20) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        lines = stream.iter_lines()
        assert told(lines) == case.version
        elsewhere(lambda s: decide(s, case, "health.birth_cert", NOW, "accept"))
        assert told(lines) == case.version + 1


def test_a_stream_ends_with_its_session(session: Session, case: Case, token: str, visit: Any) -> None:
    client = visit(token)
    with client.stream("GET", f"/cases/{case.number}/stream", timeout=20) as stream:
        lines = stream.iter_lines()
        told(lines)
        assert visit(token).post("/sign-out").status_code == 303
        elsewhere(lambda s: decide(s, case, "health.birth_cert", NOW, "accept"))
        assert not any(line.startswith("data: ") for line in lines), "nothing is told any more, and the stream ends"


def test_many_streams_share_one_reader(case: Case, token: str, visit: Any) -> None:
    client, versions, ready = visit(token), [], threading.Barrier(6)

    def watch() -> None:
        with client.stream("GET", f"/cases/{case.number}/stream", timeout=20) as stream:
            lines = stream.iter_lines()
            told(lines)
            ready.wait(20)
            versions.append(told(lines))

    threads = [threading.Thread(target=watch) for _ in range(5)]
    for thread in threads:
        thread.start()
    ready.wait(20)
    elsewhere(lambda s: decide(s, case, "health.birth_cert", NOW, "accept"))
    for thread in threads:
        thread.join(20)
    assert versions == [case.version + 1] * 5


def sign_in(page: Page, server: str, token: str) -> None:
    page.context.add_cookies([{"name": "linban_session", "value": token, "url": server}])


def place(link: Locator) -> float:
    """Where an element stands on the screen."""
    box = link.bounding_box()
    assert box is not None
    return box["y"]


def test_the_page_follows_and_keeps_focus_and_scroll(phone: Page, server: str, case: Case, token: str) -> None:
    sign_in(phone, server, token)
    phone.goto(f"{server}/cases/{case.number}")
    link = phone.get_by_role("link", name="不办了？撤回申请")
    link.focus()
    before = place(link)
    elsewhere(lambda s: decide(s, case, "health.birth_cert", NOW, "accept", "approve", "finish"))
    expect(phone.locator("#case-lanes")).to_contain_text("已办结", timeout=15_000)
    assert phone.evaluate("document.activeElement.textContent").strip().startswith("不办了")
    assert place(link) == pytest.approx(before, abs=2), "what I look at stays where it is"
    for item in ("cdc.vacc_cert", "psb.birth_reg", "hrss.sscard_apply"):
        elsewhere(lambda s, item=item: decide(s, case, item, NOW, "accept", "approve", "finish"))  # type: ignore[misc]
    phone.locator("#case-earlier summary").click(timeout=15_000)
    elsewhere(lambda s: ask(s, case, "msb.maternity_benefit", NOW, Target(question="bank.holder")) and None)
    expect(phone.locator("#todo-1")).to_contain_text("户名和身份证上的名字对不上", timeout=15_000)
    expect(phone.locator("#case-earlier")).to_have_attribute("open", "")
    expect(phone.locator("[data-live]")).to_have_text("进度有更新")


def test_a_correction_with_a_picture_is_sent_without_losing_what_is_typed(
    phone: Page, server: str, session: Session, case: Case, token: str, tmp_path: Any
) -> None:
    photo = tmp_path / "card.jpg"
    photo.write_bytes(picture())
    elsewhere(lambda s: decide(s, case, "health.birth_cert", NOW, "accept", "approve"))
    wanted = (Target(question="bank.holder"), Target(material="M-BANK", page=1))
    elsewhere(lambda s: ask(s, case, "msb.maternity_benefit", NOW, *wanted) and None)
    sign_in(phone, server, token)
    phone.goto(f"{server}/cases/{case.number}")
    phone.get_by_role("link", name="去重拍").click()
    phone.get_by_label("户名").fill("陈志远")
    phone.locator("[data-shots] .shot.add input").set_input_files(photo)
    expect(phone.locator("[data-shots] [data-document]")).to_have_count(1, timeout=15_000)
    expect(phone.get_by_label("户名")).to_have_value("陈志远")
    phone.get_by_role("button", name="交给医保").click()
    phone.wait_for_url(f"{server}/cases/{case.number}")
    expect(phone.locator("#case-steps")).to_contain_text("您补交了：生育待遇")


def test_pages_without_script_do_the_same(browser: Any, server: str, case: Case, token: str) -> None:
    elsewhere(lambda s: ask(s, case, "health.birth_cert", NOW, Target(question="bank.holder")) and None)
    page = browser(java_script_enabled=False)
    sign_in(page, server, token)
    page.goto(f"{server}/messages")
    page.get_by_role("link", name="卫健请您补").click()
    page.get_by_role("link", name="去改").click()
    page.get_by_label("户名").fill("陈志远")
    page.get_by_role("button", name="交给卫健").click()
    expect(page.locator("#case-steps")).to_contain_text("您补交了")
    page.get_by_role("link", name="不办了？撤回申请").click()
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.locator("#case")).to_contain_text("办件已撤回")


def test_nobody_opens_streams_without_end(case: Case, token: str, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.home.cases_stream.MOST_WATCHING", 1)
    with visit(token).stream("GET", f"/cases/{case.number}/stream", timeout=20) as stream:
        lines = stream.iter_lines()
        assert told(lines)
        assert visit(token).get(f"/cases/{case.number}/stream").status_code == 429


def test_a_head_request_opens_no_stream(case: Case, token: str, visit: Any) -> None:
    assert visit(token).head(f"/cases/{case.number}/stream", timeout=5).status_code == 200


def test_the_inbox_is_filtered_in_place(phone: Page, server: str, session: Session, case: Case, token: str) -> None:
    elsewhere(lambda s: ask(s, case, "health.birth_cert", NOW, Target(question="bank.holder")) and None)
    sign_in(phone, server, token)
    phone.goto(f"{server}/messages")
    phone.evaluate("document.body.dataset.same = 'yes'")
    everything = phone.locator(".msg").count()
    phone.get_by_role("link", name="要我办 1").press("Enter")
    expect(phone.locator(".msg")).to_have_count(1)
    assert everything > 1
    expect(phone.get_by_role("link", name="要我办 1")).to_have_attribute("aria-current", "true")
    expect(phone.get_by_role("link", name="要我办 1")).to_be_focused()
    assert phone.url == f"{server}/messages?show=your-turn"
    assert phone.evaluate("document.body.dataset.same") == "yes", "the page was not loaded anew"
    phone.go_back()
    expect(phone.locator(".msg")).to_have_count(everything)
    phone.context.clear_cookies()
    phone.get_by_role("link", name="要我办 1").click()
    phone.wait_for_url(f"{server}/sign-in?next=*")

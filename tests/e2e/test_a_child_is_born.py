"""Acceptance scenario 7: one filing; one department asks for a correction, one denies, the others finish; one timeline."""

import re
from typing import Any

import httpx
from sqlmodel import select

from app.cases import history
from app.cases.models import CaseItem
from app.core import db
from tests import newborn
from tests.e2e import steps
from tests.factories import MOTHER


def state_of(item: str) -> str:
    with db.reading() as session:
        return str(session.exec(select(CaseItem.state).where(CaseItem.item_id == item)).one())


def lane(page: Any, item: str) -> Any:
    """One department's lane on the open case page."""
    return page.locator("article.lane", has=page.locator(".it", has_text=re.compile(f"^{item}$")))


def draw_a_mark(desk: Any) -> None:
    """Frame what is wrong on the picture that is shown."""
    desk.click("[data-do=mark]")
    box = desk.locator("[data-sheet]:visible [data-pic]").first.bounding_box()
    desk.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5, steps=5)
    desk.mouse.up()


def test_a_child_is_born(staff: None, phone: Any, desk_page: Any, sandbox: str, server: str) -> None:
    # the mother files from home, with photos
    number = steps.file_newborn(phone, sandbox, MOTHER, newborn.answers())
    assert "交好了" in phone.content()
    phone.click(f"footer.actions a[href='/cases/{number}']")
    phone.wait_for_url(f"**/cases/{number}")
    assert lane(phone, "落户（出生登记）").is_visible()
    phone.evaluate("window.stillTheSamePage = true")

    # the certificate of birth starts everything; the open page moves by itself
    steps.desk_sign_in(desk_page, "health1")
    steps.approve_and_finish(desk_page, number, "health.birth_cert", newborn.picture("birth", seed=77))
    lane(phone, "出生医学证明").get_by_text("已办结").wait_for()
    phone.locator("#case-results a[download]").wait_for()
    assert state_of("psb.birth_reg") == "filed"

    # medical insurance sees the bill, frames what cannot be read, and asks once
    steps.desk_sign_in(desk_page, "msb1")
    steps.open_item(desk_page, number, "msb.maternity_benefit")
    draw_a_mark(desk_page)
    steps.decide(desk_page, "correction", words="清单右下角看不清，请重拍。")
    phone.locator(".fix").get_by_text("清单右下角看不清").wait_for()
    assert state_of("msb.maternity_benefit") == "correction_asked"

    # she opens only what was asked and sends a new picture
    phone.click(".fix a.btn.warn")
    phone.wait_for_url("**/correction")
    phone.locator("footer.actions button[form=reply]").wait_for()
    assert phone.locator("[data-shots]").count() == 1
    assert phone.locator(".proof svg.mark").count() == 1
    assert phone.locator("[data-asked]").count() == 0
    steps.upload(phone, "P01-bill", [newborn.picture("bill again", seed=99)])
    phone.click("footer.actions button[form=reply]")
    phone.wait_for_url(f"**/cases/{number}")
    assert state_of("msb.maternity_benefit") == "resubmitted"
    assert phone.locator(".fix").count() == 0

    # the others go on; one denies, with ground and reason
    steps.approve_and_finish(desk_page, number, "msb.maternity_benefit")
    for username, item in (
        ("cdc1", "cdc.vacc_cert"),
        ("psb1", "psb.birth_reg"),
        ("msb2", "msb.resident_enrol"),
        ("hrss1", "hrss.sscard_apply"),
    ):
        steps.desk_sign_in(desk_page, username)
        steps.approve_and_finish(desk_page, number, item)
    steps.desk_sign_in(desk_page, "health1")
    steps.open_item(desk_page, number, "health.childcare_subsidy")
    steps.decide(desk_page, "accept")
    steps.decide(desk_page, "deny", ground="育儿补贴制度实施方案第 4 条", reason="孩子的户口还没有落在本镇。")

    # the case is over, on the phone, without a tap
    phone.get_by_text("全部办完了").first.wait_for()
    lane(phone, "育儿补贴").get_by_text("孩子的户口还没有落在本镇").wait_for()
    states = {item: state_of(item) for item in ("health.birth_cert", "msb.maternity_benefit", "health.childcare_subsidy")}
    assert states == {
        "health.birth_cert": "finished",
        "msb.maternity_benefit": "finished",
        "health.childcare_subsidy": "denied",
    }

    # one timeline, every step a message, the chain whole
    assert phone.locator("#case-steps li").count() >= 15
    phone.goto(f"/messages?case={number}")
    for text in ("请您补：生育待遇", "全部办完：新生儿出生一件事", "没有同意：育儿补贴"):
        assert phone.get_by_text(text).count() == 1, text
    with db.reading() as session:
        assert history.broken(session) == []

    # the receipt is checked by anybody
    phone.goto(f"/receipts/{number}")
    with phone.expect_navigation():
        phone.click("a[href^='/receipts/verify']")
    assert phone.get_by_text("是真的").is_visible()

    # and a stranger finds nothing of it
    stranger = httpx.Client(base_url=server, trust_env=False)
    for path in (f"/cases/{number}", f"/receipts/{number}"):
        assert stranger.get(path).headers["location"].startswith("/sign-in")
    stranger.close()

"""陈志远 starts a company on his phone, row by row, and six departments decide; a restaurant in a dwelling is refused."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.sandbox.enterprises import MACHINES
from app.sandbox.people import GRANDFATHER, MOTHER, Known
from tests import newborn, services
from tests.e2e import steps
from tests.e2e.kinds import draw
from tests.factories import FATHER, make_staff
from tests.look.walk import complaints

FOUNDERS = services.answers("company-start")
STAFF = ("amr1", "psb1", "tax1", "hrss1", "hpf1", "bank1")


@pytest.fixture
def departments(session: Session, server: str) -> None:
    """Somebody at the desk of each department of a new company."""
    for username in STAFF:
        make_staff(session, username)
    session.commit()


def person(page: Any, name: str, known: Known) -> None:
    page.fill(f"[name='{name}:name']", known.name)
    page.fill(f"[name='{name}:id_number']", known.id_number)


def pick(page: Any, name: str, value: str) -> None:
    page.check(f"[name='{name}'][value='{value}']", force=True)


def add(page: Any, group: str) -> None:
    """One more row, and the cursor in it."""
    box = page.locator(f"[data-asked='{group}']")
    rows = box.locator("fieldset[data-row]")
    before = rows.count()
    box.locator("[data-add]").click()
    expect(rows).to_have_count(before + 1)


def name_the_company(page: Any) -> None:
    pick(page, "co.kind", "llc")
    page.fill("[name='co.words:0:word']", "Pearl")
    add(page, "co.words")
    page.fill("[name='co.words:1:word']", "渭塘明月")
    page.fill("[name='co.industry']", "珍珠饰品加工")
    page.fill("[name='co.scope:0:entry']", "珍珠饰品加工")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    expect(page.locator("#f-co-words-0-word-error")).to_contain_text("汉字")
    page.fill("[name='co.words:0:word']", "珠光")
    steps.go_on(page)


def share_the_capital(page: Any) -> None:
    """Two shareholders and one too many; a cent is missing, then none."""
    page.fill("[name='co.capital']", "300000")
    pick(page, "co.holders:0:kind", "person")
    expect(page.locator("[name='co.holders:0:person:name']")).to_be_visible()
    expect(page.locator("[name='co.holders:0:firm']")).to_be_hidden()
    person(page, "co.holders:0:person", FATHER)
    page.fill("[name='co.holders:0:amount']", "200000.5")
    page.fill("[name='co.holders:0:due']", services.day(900))
    total = page.locator("[data-asked='co.holders'] [data-left]")
    expect(total).to_have_text("还差 99,999.50 元")
    add(page, "co.holders")
    add(page, "co.holders")
    page.fill("[name='co.holders:2:amount']", "5")
    page.locator("[data-row='co.holders:2'] [data-remove]").click()
    expect(page.locator("[data-asked='co.holders'] fieldset[data-row]")).to_have_count(2)
    pick(page, "co.holders:1:kind", "enterprise")
    page.fill("[name='co.holders:1:firm']", MACHINES.name)
    page.fill("[name='co.holders:1:code']", MACHINES.credit_code)
    page.fill("[name='co.holders:1:amount']", "99999.49")
    page.fill("[name='co.holders:1:due']", services.day(365))
    expect(total).to_have_text("还差 0.01 元")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    assert steps.page_id(page) == "money"
    expect(page.locator("#f-co-holders-error")).to_contain_text("299,999.99")
    closed = page.locator("button[value='open:co.holders:1']")
    if closed.count():
        with page.expect_navigation():
            closed.click()
    page.fill("[name='co.holders:1:amount']", "99999.50")
    expect(page.locator("[data-asked='co.holders'] [data-left]")).to_have_text("正好")
    steps.go_on(page)


def name_officers(page: Any) -> None:
    """A director and a supervisor are not enough: the head of finance is asked for in words."""
    pick(page, "co.officers:0:role", "supervisor")
    person(page, "co.officers:0:person", GRANDFATHER)
    pick(page, "co.has_staff", "true")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    expect(page.locator("#f-co-officers-error")).to_contain_text("还差财务负责人")
    add(page, "co.officers")
    pick(page, "co.officers:1:role", "finance")
    person(page, "co.officers:1:person", MOTHER)
    steps.go_on(page)


def choose_seals(page: Any) -> None:
    for kind in ("company", "finance", "invoice", "rep"):
        pick(page, "seal.kinds", kind)
    steps.fill(page, {name: FOUNDERS[name] for name in ("seal.firm", "tax.payer", "tax.invoice")})
    steps.go_on(page)


def found_a_company(page: Any, sandbox: str) -> str:
    """From the guide to the receipt."""
    steps.start(page, sandbox, FATHER, service="company-start")
    pick(page, "co.my_role", "both")
    assert page.locator("[data-shots]:visible").count() == 0  # the population register has answered
    steps.go_on(page)
    name_the_company(page)
    steps.fill(page, {"co.address": FOUNDERS["co.address"], "co.address_promised": True})
    expect(page.locator("[data-asked='co.address'] select:visible").last).to_have_value("320507104203")
    steps.go_on(page)
    share_the_capital(page)
    name_officers(page)
    choose_seals(page)
    assert complaints(page, 48) == []
    steps.fill(page, FOUNDERS)
    steps.go_on(page)
    steps.fill(page, {"delivery.mode": "post", "delivery.to": FOUNDERS["delivery.to"]})
    steps.go_on(page)
    draw(page)
    expect(page.locator("canvas")).to_have_attribute("aria-label", "签名框，已经签了")
    steps.go_on(page)
    page.wait_for_url("**/review")
    for words in ("珠光", "渭塘明月", "凤凰泾村", MACHINES.name, "300,000 元", "财务负责人"):
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
    assert FATHER.id_number not in page.content()
    return steps.submit(page)


def seen(desk: Any, number: str, username: str, item: str) -> str:
    """What a department reads of its item, that on the whole filing unfolded."""
    steps.desk_sign_in(desk, username)
    steps.open_item(desk, number, item)
    for summary in desk.locator("details.more:not([open]) > summary:visible").all():
        summary.click()
    words: str = desk.locator("main").inner_text()
    return words


def finish(desk: Any) -> None:
    """Accept, approve and hand over the item that is open."""
    steps.decide(desk, "accept")
    steps.decide(desk, "approve")
    with desk.expect_navigation():
        desk.click("button[form=finish]")


def test_a_company_starts(departments: None, phone: Any, desk_page: Any, sandbox: str) -> None:
    number = found_a_company(phone, sandbox)

    # the registry keeps the name first; only then is the licence to be decided, with all who answer for the company
    words = seen(desk_page, number, "amr1", "amr.name")
    assert "珠光" in words
    assert "股东和出资" not in words
    finish(desk_page)
    words = seen(desk_page, number, "amr1", "amr.establish")
    for part in ("珍珠饰品加工", "凤凰泾村", MACHINES.name, "99,999.5", "监事", GRANDFATHER.name, "2"):
        assert part in words, part
    assert desk_page.locator("main svg[role=img] path").count() == 1  # the signature as it was drawn
    finish(desk_page)

    # the others follow side by side, and each sees its own
    words = seen(desk_page, number, "hpf1", "hpf.unit_open")
    assert "8" in words
    assert "公积金缴存比例" in words
    for part in ("股东和出资", "要刻哪些章", "开多少发票", "哪家银行", "您的签名"):
        assert part not in words, part
    assert desk_page.locator("main svg[role=img]").count() == 0
    finish(desk_page)
    words = seen(desk_page, number, "psb1", "psb.seal")
    assert "莲池印章社" in words
    assert "公积金缴存比例" not in words
    finish(desk_page)
    for username, item in (("tax1", "tax.new_company"), ("hrss1", "hrss.employer_reg"), ("bank1", "bank.account")):
        seen(desk_page, number, username, item)
        finish(desk_page)

    phone.goto(f"/cases/{number}")
    expect(phone.get_by_text("全部办完了").first).to_be_visible()


def test_a_restaurant_in_a_dwelling_is_refused_in_words(phone: Any, sandbox: str) -> None:
    filled = services.answers("restaurant") | {"premises.use": "home"}
    steps.start(phone, sandbox, FATHER, service="restaurant")
    steps.go_on(phone)
    steps.fill(phone, filled)
    expect(phone.locator("[data-asked='shop.credit_code']")).to_be_hidden()
    steps.go_on(phone)
    assert steps.page_id(phone) == "place"  # no company is to be founded: its page is left out
    steps.fill(phone, filled)
    with phone.expect_navigation():
        phone.click("footer.actions .btn.pri")
    assert steps.page_id(phone) == "place"
    expect(phone.locator("#f-premises-use-error")).to_contain_text("住宅楼里不能开餐饮店。换一个店面，或者打电话问。")
    expect(phone.locator(".errsum, [role=alert]").first).to_contain_text("住宅楼里不能开餐饮店")
    pick(phone, "premises.use", "shop")
    steps.upload(phone, "M-SITE", [newborn.picture("M-SITE", seed=3)])
    steps.go_on(phone)
    assert steps.page_id(phone) == "size", phone.locator(".errsum, [role=alert]").all_inner_texts()

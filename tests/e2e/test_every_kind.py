"""A form that asks a question of every kind, on a phone: filled and filed with script and without, in every look."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.kinds import COMPANY, FATHER, PAGES, Form, draw, fill_people, fill_person_row, fill_plain, saved
from tests.look.walk import complaints, overflow, wear
from tests.support import browsers


def test_it_is_filled_and_filed_with_script(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("plain")
    fill_plain(page)
    assert "/places?" in form.next().url
    page.select_option("#f-b-hukou", label="吴中区")
    page.select_option("#f-b-village", label="渭塘镇")
    page.locator("[data-asked='b.village'] select:visible").nth(1).select_option(label="凤凰泾村")
    home = page.locator("[data-asked='b.home']")
    home.locator("summary").click()
    home.locator("select").nth(0).select_option(label="浙江省")
    home.locator("[data-level='1'] option", has_text="杭州市").wait_for(state="attached")
    home.locator("select").nth(1).select_option(label="杭州市")
    home.locator("[data-level='2'] option", has_text="西湖区").wait_for(state="attached")
    home.locator("select").nth(2).select_option(label="西湖区")
    page.fill("[name='b.home:detail']", "文三路 9 号")
    saved(page)
    assert form.answers["b.home"] == {"division": "330106", "detail": "文三路 9 号"}
    assert home.locator("[data-picked]").inner_text() == "浙江省 杭州市 西湖区"
    assert "/people?" in form.next().url
    fill_people(page)
    fill_person_row(page, 0, "50000")
    expect(page.locator("[data-total]")).to_contain_text("还差 10,000 元")
    page.click("[data-add]")
    assert page.evaluate("document.activeElement.id") == "f-c-holders-1"
    page.check("[name='c.holders:1:kind'][value=company]", force=True)
    page.fill("[name='c.holders:1:code']", COMPANY)
    page.fill("[name='c.holders:1:share']", "10000")
    expect(page.locator("[data-total]")).to_contain_text("正好")
    assert "/sign?" in form.next().url
    page.check("[name='d.agree']", force=True)
    page.locator("canvas").wait_for()
    draw(page)
    assert "已经签了" in page.get_attribute("canvas", "aria-label")
    assert page.locator("[data-typed]").is_hidden()
    assert form.next().url.endswith("/review")
    review = page.inner_text("main")
    assert "浙江省杭州市西湖区文三路 9 号" in review
    assert "60,000 元" in review
    assert "2026年10月" in review
    assert "陈*" in review or "陈志远" in review
    assert FATHER.id_number not in review
    assert page.locator("main svg[role=img] path").count() == 1
    page.check("[name=declaration]", force=True)
    with page.expect_navigation():
        page.click("button[form=submission]")
    assert "/receipts/" in page.url


def test_it_is_filled_and_filed_without_script(browser: Any, signed_in: Any) -> None:
    form = signed_in(browser(**browsers.PHONE, java_script_enabled=False))
    page = form.go("plain")
    fill_plain(page)
    assert "/places?" in form.next().url
    page.select_option("#f-b-hukou", label="吴中区")
    page.select_option("#f-b-village", label="渭塘镇")
    form.press("[value='deeper:b.village']")
    page.select_option("#f-b-village", label="凤凰泾村")
    page.locator("[data-asked='b.home'] summary").click()
    page.locator("[data-asked='b.home'] select").nth(0).select_option(label="浙江省")
    form.press("[value='deeper:b.home']")
    assert page.url.endswith("#f-b-home-division")
    page.select_option("#f-b-home-division", label="杭州市")
    form.press("[value='deeper:b.home']")
    page.select_option("#f-b-home-division", label="西湖区")
    page.fill("[name='b.home:detail']", "文三路 9 号")
    assert "/people?" in form.next().url
    assert form.answers["b.home"] == {"division": "330106", "detail": "文三路 9 号"}
    assert form.answers["b.village"] == "320507104203"
    fill_people(page)
    fill_row_without_script(form, page)
    assert "/sign?" in form.next().url
    page.check("[name='d.agree']", force=True)
    page.fill("[name='d.sign:name']", "王晓兰")
    assert form.next().url.endswith("/review")
    assert "打字签名：王晓兰" in page.inner_text("main")
    page.check("[name=declaration]", force=True)
    with page.expect_navigation():
        page.click("button[form=submission]")
    assert "/receipts/" in page.url


def fill_row_without_script(form: Form, page: Any) -> None:
    """Two rows, of which the first goes again; what a row's answer brings up comes with the next page."""
    page.fill("[name='c.holders:0:share']", "1")
    form.press("[value='add:c.holders']")
    assert page.url.endswith("#f-c-holders-1")
    page.check("[name='c.holders:1:kind'][value=person]", force=True)
    page.fill("[name='c.holders:1:share']", "60000")
    form.press("[value='remove:c.holders:0']")
    assert page.input_value("[name='c.holders:0:share']") == "60000"
    assert "正好" in page.inner_text("[data-total]")
    assert page.locator("[name='c.holders:0:who:name']").is_visible()
    fill_person_row(page, 0, "60000")


def test_nothing_is_cut_too_small_or_unreadable(phone: Any, server: str, signed_in: Any) -> None:
    form = signed_in(phone)
    wrong = []
    for look in ({}, {"mode": "care"}, {"theme": "dark", "lang": "en", "text": "5"}, {"lang": "en"}):
        wear(phone, server, look)
        for name in PAGES:
            form.go(name)
            for state in ("fresh", "wrong"):
                if state == "wrong":
                    form.next()
                tap = 60 if look.get("mode") == "care" else 48
                wrong += [f"{look} {name} {state}: {said}" for said in complaints(phone, tap)]
                phone.set_viewport_size({"width": 320, "height": 640})
                wrong += [f"{look} {name} {state} at 320: {said}" for said in overflow(phone)]
                phone.set_viewport_size({"width": 390, "height": 844})
    assert wrong == [], "\n".join(wrong)

"""What the kinds do for a person at the phone: mistakes told early, keys alone, no network, two people on one phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.sandbox.people import FATHER
from tests.e2e.kinds import Form, draw, fill_people, fill_person_row, saved
from tests.factories import MOTHER, make_person, make_signed_in
from tests.look.walk import overflow, sign_in, wear
from tests.support import browsers

SHORT_ID = FATHER.id_number[:15]


def error(page: Any, name: str) -> Any:
    """The line of a mistake at its field."""
    return page.locator(f"[id='f-{re.sub('[.:]', '-', name)}-error']")


def test_a_mistake_is_told_when_the_field_is_left_and_taken_back_when_it_is_right(phone: Any, signed_in: Any) -> None:
    page = signed_in(phone).go("plain")
    field = page.locator("[name='a.id_number']")
    field.click()
    field.press_sequentially(SHORT_ID)
    expect(error(page, "a.id_number")).to_be_hidden()
    page.locator("[name='a.number']").focus()
    expect(error(page, "a.id_number")).to_have_text("身份证号是 18 位，还差 3 位。")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("form > [role=status]")).to_have_text("身份证号是 18 位，还差 3 位。")
    field.fill(FATHER.id_number)
    expect(error(page, "a.id_number")).to_be_hidden()
    assert field.get_attribute("aria-invalid") is None
    page.locator("[name='a.name']").focus()
    page.locator("[name='a.card']").focus()
    expect(error(page, "a.name")).to_be_hidden()  # what is only empty is not told on the way


def test_a_doubt_is_told_and_refuses_nothing(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("plain")
    page.fill("[name='a.card']", "4111111111111112")
    page.locator("[name='a.code']").focus()
    doubt = page.locator("[data-doubt='a.card']")
    expect(doubt).to_contain_text("这个卡号可能打错了一位")
    assert page.get_attribute("[name='a.card']", "aria-invalid") is None
    page.fill("[name='a.card']", "4111111111111111")
    page.locator("[name='a.code']").focus()
    expect(doubt).to_be_hidden()


def test_the_same_in_english_and_for_a_part_of_a_row(phone: Any, server: str, signed_in: Any) -> None:
    form = signed_in(phone)
    wear(phone, server, {"lang": "en"})
    page = form.go("people")
    page.check("[name='c.holders:0:kind'][value=person]", force=True)
    page.fill("[name='c.holders:0:who:id_number']", SHORT_ID)
    page.locator("[name='c.holders:0:share']").focus()
    expect(error(page, "c.holders:0:who:id_number")).to_be_visible()
    assert "3" in error(page, "c.holders:0:who:id_number").inner_text()
    assert not re.search(r"[一-鿿]", error(page, "c.holders:0:who:id_number").inner_text())


def test_the_list_of_mistakes_leads_to_the_fields_and_grows_shorter(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    form.go("people")
    page = form.next()
    summary = page.locator("[data-errors]")
    expect(summary.locator("h2")).to_have_text("还有 5 处要改")
    summary.get_by_text("法定代表人 · 身份证号").click()
    assert page.evaluate("document.activeElement.name") == "c.rep:id_number"
    page.keyboard.insert_text(FATHER.id_number)
    expect(summary.locator("h2")).to_have_text("还有 4 处要改")
    fill_people(page)
    fill_person_row(page, 0, "60000")
    expect(summary).to_be_hidden()
    assert "/sign?" in form.next().url


def test_no_mistake_stops_anybody_from_going_on_without_network(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("places")
    page.context.set_offline(True)
    page.locator("[data-asked='b.home'] summary").click()
    page.locator("[data-asked='b.home'] select").nth(0).select_option(label="浙江省")
    told = page.locator("[data-asked='b.home'] [data-told]")
    expect(told).to_have_text("没有网，下一级列不出来。先填别的，有网再选")
    assert page.locator("[data-asked='b.home'] select").nth(0).input_value() == "330000"
    page.fill("[name='b.home:detail']", "文三路 9 号")
    page.context.set_offline(False)
    page.locator("[data-asked='b.home'] [data-level='1'] option", has_text="杭州市").wait_for(state="attached")
    expect(told).to_be_hidden()
    saved(page)
    assert form.answers["b.home"] == {"division": "330000", "detail": "文三路 9 号"}


def press_until(page: Any, selector: str, most: int = 60) -> None:
    """Tab until something has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def arrow_to(page: Any, label: str) -> None:
    """Down the list that has the focus."""
    for _ in range(40):
        page.keyboard.press("ArrowDown")
        if page.evaluate("document.activeElement.selectedOptions[0].textContent") == label:
            return
    raise AssertionError(f"no {label} in the list")


def test_places_rows_and_signature_by_keyboard_alone(browser: Any, signed_in: Any) -> None:
    form = signed_in(browser(**browsers.DESK))
    page = form.go("places")
    press_until(page, "#f-b-village")
    arrow_to(page, "渭塘镇")
    village = page.locator("[data-asked='b.village'] select").nth(1)
    expect(village).to_be_visible()
    press_until(page, "[data-asked='b.village'] select:not(#f-b-village)")
    arrow_to(page, "凤凰泾村")
    expect(village).to_have_value("320507104203")
    press_until(page, "[data-asked='b.home'] summary")
    page.keyboard.press("Enter")
    press_until(page, "[data-asked='b.home'] select")
    arrow_to(page, "浙江省")
    expect(page.locator("[data-asked='b.home'] [data-level='1'] option", has_text="杭州市")).to_have_count(1)
    page = form.go("people")
    press_until(page, "[data-add]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-c-holders-1"
    press_until(page, "[name='c.holders:1:share']")
    page.keyboard.insert_text("7")
    press_until(page, "[value='remove:c.holders:1']")
    page.keyboard.press("Enter")
    expect(page.locator("[data-rows-told]")).to_contain_text("删掉了")
    press_until(page, "[data-rows-told] button")
    page.keyboard.press("Enter")
    expect(page.locator("[name='c.holders:1:share']")).to_have_value("7")
    page = form.go("sign")
    press_until(page, "[name='d.sign:name']")
    page.keyboard.insert_text("王晓兰")
    saved(page)
    assert form.answers["d.sign"] == {"way": "typed", "name": "王晓兰"}


def test_rows_count_again_when_one_in_the_middle_goes(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("people")
    for n, share in enumerate(("1", "2", "3")):
        if n:
            page.click("[data-add]")
        page.fill(f"[name='c.holders:{n}:share']", share)
    page.click("[value='remove:c.holders:1']")
    expect(page.locator("[data-asked='c.holders'] legend:visible").nth(1)).to_have_text("股东 1")
    assert [page.input_value(f"[name='c.holders:{n}:share']") for n in range(2)] == ["1", "3"]
    assert page.inner_text("[value='remove:c.holders:1']").strip() == "删掉股东 2"
    saved(page)
    assert form.answers["c.holders"] == [{"share": 1}, {"share": 3}]
    page.check("[name='c.holders:1:kind'][value=company]", force=True)
    expect(page.locator("[name='c.holders:1:code']")).to_be_visible()
    expect(page.locator("[name='c.holders:0:code']")).to_be_hidden()


def test_a_signature_can_be_written_again_and_survives_turning_the_phone(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("sign")
    draw(page)
    saved(page)
    first = form.answers["d.sign"]["strokes"]
    page.set_viewport_size({"width": 844, "height": 390})
    assert overflow(page) == []
    assert page.locator("canvas").bounding_box()["width"] > 780  # the whole width of a phone on its side
    assert page.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v)", page.query_selector("canvas")
    )
    page.click("[data-again]")
    expect(page.locator("[data-typed]")).to_be_visible()
    with page.expect_response(lambda r: r.request.method == "PUT" and "drawn" in (r.request.post_data or "")):
        draw(page)
    saved(page)
    assert form.answers["d.sign"]["strokes"] != first
    page = form.go("sign")
    expect(page.locator("[data-typed]")).to_be_hidden()
    assert "已经签了" in page.get_attribute("canvas", "aria-label")


def test_too_short_a_signature_is_told(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("sign")
    page.check("[name='d.agree']", force=True)
    box = page.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 50, box["y"] + 50)
    page = form.next()
    expect(error(page, "d.sign")).to_have_text("签得太少，看不出名字。请清掉重签，或者改用打字。")
    draw(page)
    expect(error(page, "d.sign")).to_be_hidden()


def elsewhere(form: Form, answers: dict[str, Any]) -> None:
    """Another device of the same person saves these answers."""
    form.page.evaluate(
        """async ([id, edition, more]) => {
          const draft = await (await fetch(`/api/drafts/${id}`)).json();
          const answers = {...draft.answers, ...more};
          const body = {service: 'every-kind', edition, base_revision: draft.revision, page: 'people', answers};
          const headers = {'Content-Type': 'application/json'};
          await fetch(`/api/drafts/${id}`, {method: 'PUT', headers, body: JSON.stringify(body)});
        }""",
        [form.draft, form.edition, answers],
    )


def test_what_another_device_answered_comes_into_the_page(phone: Any, signed_in: Any) -> None:
    form = signed_in(phone)
    page = form.go("places")
    elsewhere(form, {"b.home": {"division": "330106", "detail": "文三路 9 号"}, "b.village": "320507104203"})
    page.select_option("#f-b-hukou", label="吴中区")
    home = page.locator("[data-asked='b.home']")
    expect(home.locator("[data-picked]")).to_have_text("浙江省 杭州市 西湖区")
    expect(page.locator("[name='b.home:detail']")).to_have_value("文三路 9 号")
    expect(page.locator("[data-asked='b.village'] select").nth(1)).to_have_value("320507104203")
    saved(page)
    assert form.answers["b.home"] == {"division": "330106", "detail": "文三路 9 号"}
    assert form.answers["b.hukou"] == "320506"
    page = form.go("people")
    rows = [{"kind": "company", "share": 1}, {"kind": "person", "share": 2, "who": {"name": "李一"}}]
    elsewhere(form, {"c.holders": rows, "c.rep": {"name": "李一"}})
    page.fill("[name='c.capital']", "3")
    expect(page.locator("[name='c.rep:name']")).to_have_value("李一")
    expect(page.locator("[name='c.holders:1:who:name']")).to_have_value("李一")
    expect(page.locator("[data-total]")).to_contain_text("正好")
    saved(page)
    assert form.answers["c.holders"] == rows
    page = form.go("sign")
    elsewhere(form, {"d.sign": {"way": "drawn", "strokes": [[100, 100, 600, 120]]}})
    page.check("[name='d.agree']", force=True)
    expect(page.locator("canvas")).to_have_attribute("aria-label", "签名框，已经签了")
    saved(page)
    assert form.answers["d.sign"] == {"way": "drawn", "strokes": [[100, 100, 600, 120]]}


def test_two_devices_that_differ_in_a_large_answer_choose_on_the_servers_page(
    phone: Any, signed_in: Any, session: Session
) -> None:
    form = signed_in(phone)
    page = form.go("people")
    page.fill("[name='c.rep:name']", "陈志远")
    saved(page)
    elsewhere(form, {"c.rep": {"name": "李一"}, "c.capital": 5})
    with page.expect_navigation():
        page.fill("[name='c.rep:name']", "陈志高")
    assert "1 处不一样" in page.inner_text("main")
    page.get_by_label("李一").check(force=True)
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    assert form.answers["c.rep"] == {"name": "李一"}
    assert form.answers["c.capital"] == 5


@pytest.fixture
def father(session: Session) -> str:
    """The session of another person of the same household."""
    token = make_signed_in(session, make_person(session, FATHER))
    session.commit()
    return token


def test_nothing_of_one_person_comes_into_anothers_form(phone: Any, server: str, signed_in: Any, father: str) -> None:
    hers: Form = signed_in(phone)
    page = hers.go("people")
    page.fill("[name='c.rep:id_number']", MOTHER.id_number)
    saved(page)
    page.goto(f"{server}/me")
    with page.expect_navigation():
        page.locator("form[action='/sign-out'] button").click()
    sign_in(phone, server, father)
    his = Form(page, server, hers.edition)
    page = his.go("people")
    assert page.input_value("[name='c.rep:id_number']") == ""
    assert MOTHER.id_number not in page.content()
    for _ in range(6):  # back to her page, whatever the browser kept of it
        page.go_back()
        page.wait_for_load_state()
        assert MOTHER.id_number not in page.content()
    assert all(
        value == "off" for value in page.evaluate("[...document.querySelectorAll('form[data-form]')].map(f => f.autocomplete)")
    )


def test_her_open_page_saves_nothing_for_him(phone: Any, server: str, signed_in: Any, father: str) -> None:
    hers: Form = signed_in(phone)
    page = hers.go("people")
    sign_in(phone, server, father)  # in another tab of the same phone
    page.fill("[name='c.rep:id_number']", MOTHER.id_number)
    page.locator("[data-savebar].bad, [data-savebar].warn").wait_for()
    tab = page.context.new_page()
    answer = tab.goto(f"{server}/api/drafts")
    assert MOTHER.id_number not in answer.text()
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    assert MOTHER.id_number not in page.content()


def test_her_page_out_of_the_browsers_memory_is_gone_for_him(phone: Any, server: str, signed_in: Any, father: str) -> None:
    page = signed_in(phone).go("people")
    page.fill("[name='c.rep:id_number']", MOTHER.id_number)
    saved(page)
    sign_in(phone, server, father)
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.locator("[data-form]").count() == 0
    assert MOTHER.id_number not in page.content()

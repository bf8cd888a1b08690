"""What people do, in a browser: sign in with the code on their phone, file, decide. Each step works with and without script."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from app.sandbox.people import Known
from tests import newborn
from tests.factories import PASSWORD
from tests.support import authenticator

Page = Any
SERVICE = "newborn"


def code_on(sandbox: str, number: str) -> str:
    """The newest code that a phone received."""
    answer = httpx.get(f"{sandbox}/sandbox/phones/{number}", headers={"Accept": "application/json"}, trust_env=False)
    found = re.search(r"\d{6}", answer.json()[0]["text"])
    assert found is not None
    return found[0]


def sign_in(page: Page, sandbox: str, number: str) -> None:
    """From the sign-in page to wherever it leads: the number, then the code that the phone got."""
    page.fill("[name=phone]", number)
    page.click("main form[action='/sign-in'] button")
    page.wait_for_url("**/sign-in/code")
    page.fill("[name=code]", code_on(sandbox, number))
    page.click("main form[action='/sign-in/code'] button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def real_name(page: Page, known: Known) -> None:
    """Name, ID number, the separate consent."""
    page.fill("[name=name]", known.name)
    page.fill("[name=id_number]", known.id_number)
    page.check("[name=consent]", force=True)
    page.click("button[form=check]")
    page.wait_for_url(lambda url: "/real-name" not in url)


def ask_registers(page: Page, *, consent: bool = True) -> None:
    """On the page of consent: let the registers be asked and go on, or refuse."""
    if not consent:
        with page.expect_navigation():
            page.click("footer.actions button[value=refuse]")
        return
    page.check("[name=consent]", force=True)
    with page.expect_navigation():
        page.click("footer.actions button[value=look]")
    page.wait_for_url("**/lookups/results")
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")


def start(page: Page, sandbox: str, known: Known, *, consent: bool = True, service: str = SERVICE) -> None:
    """From the guide to the first page of the form, signing in on the way; with or without the registers."""
    page.goto(f"/services/{service}")
    page.click(f"form[action='/services/{service}/drafts'] button, button[form=start], footer.actions .btn.pri")
    page.wait_for_load_state()
    if "/sign-in" in page.url:
        sign_in(page, sandbox, known.phone)
    if "/real-name" in page.url:
        real_name(page, known)
    if page.url.split("?")[0].endswith("/start"):
        page.click("footer.actions .btn.pri")
    page.wait_for_url(lambda url: "/lookups" in url or "draft=" in url)
    if page.url.endswith("/lookups"):
        ask_registers(page, consent=consent)
    page.wait_for_url("**/forms/**draft=**")


def shown(page: Page) -> list[tuple[str, str]]:
    """(question, kind) of every question that the page shows now, in its order."""
    asked = page.locator("[data-asked]:visible")
    return [(one.get_attribute("data-asked"), one.get_attribute("data-kind")) for one in asked.all()]


def answer(page: Page, question: str, value: Any) -> None:
    """Answer one question as a person would: pick, or type."""
    box = page.locator(f"[data-asked='{question}']")
    if box.locator("[data-places]").count():
        place, detail = (value["division"], value["detail"]) if isinstance(value, dict) else (value, "")
        pick_place(box, place)
        if detail:
            page.fill(f"[name='{question}:detail']", detail)
        return
    said = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    radio = box.locator(f"input[type=radio][value='{said}']")
    if radio.count():
        radio.check(force=True)
        return
    if box.locator("select").count():
        box.locator("select").select_option(said)
        return
    field = box.locator("input, textarea").first
    text = str(int(value)) if isinstance(value, float) else str(value)
    if field.input_value() != text:
        field.fill(text)


def pick_place(box: Any, code: str) -> None:
    """From list to list down to a place; what is picked already stays."""
    for part in (f"{code[:2]}0000", f"{code[:4]}00", *(code[:n] for n in (6, 9, 12) if n <= len(code))):
        option = box.locator(f"option[value='{part}']")
        if len(part) > 6:  # comes once the level above is picked
            option.first.wait_for(state="attached")
        if option.count() and not box.locator(f"option[value='{part}']:checked").count():
            box.locator("select", has=box.page.locator(f"option[value='{part}']")).select_option(part, force=True)
            box.page.wait_for_load_state("networkidle")


def fill(page: Page, filled: Mapping[str, Any]) -> None:
    """Answer all that the page asks, also what only an answer brings up."""
    done: set[str] = set()
    while left := [name for name, _kind in shown(page) if name not in done]:
        done.add(left[0])
        if left[0] in filled:
            answer(page, left[0], filled[left[0]])


def page_id(page: Page) -> str:
    """Which page of the form this is; "review" at its end."""
    path: str = page.url.split("?")[0].split("#")[0]
    return path.rsplit("/", 1)[1]


def go_on(page: Page) -> None:
    """The one primary button, and what it leads to."""
    with page.expect_navigation():
        page.click("footer.actions .btn.pri")
    page.wait_for_load_state("networkidle")


def upload(page: Page, material: str, bodies: list[bytes], *, script: bool = True) -> None:
    """Send a material's pictures, one after the other, and see that they have arrived."""
    for number, body in enumerate(bodies, 1):
        box = page.locator(f"[data-shots][data-material='{material}']")
        picture = {"name": f"{material}-{number}.jpg", "mimeType": "image/jpeg", "buffer": body}
        box.locator("input[type=file]").first.set_input_files(picture)
        if not script:
            box.locator("[data-add] button").click()
            page.wait_for_load_state()
        page.locator(f"[data-shots][data-material='{material}'] [data-document]").nth(number - 1).wait_for()


def fill_form(page: Page, filled: Mapping[str, Any], *, script: bool = True) -> None:
    """From where the form stands to its review."""
    pictures = 0
    for _ in range(20):
        here = page_id(page)
        if here == "review":
            return
        fill(page, filled)
        for box in page.locator("[data-shots]").all():
            material, least = box.get_attribute("data-material"), int(box.get_attribute("data-min"))
            if box.locator("[data-document]").count() < least:
                if not script:
                    page.click("footer.actions button[value=save]")
                    page.wait_for_load_state()
                bodies = [newborn.picture(material, seed=pictures + n) for n in range(least)]
                pictures += least
                upload(page, material, bodies, script=script)
        go_on(page)
    raise AssertionError(f"the form does not come to an end; it stands at {page.url}")


def submit(page: Page) -> str:
    """Declare, submit; gives the case number of the receipt."""
    page.check("[name=declaration]", force=True)
    page.click("button[form=submission], footer.actions .btn.pri")
    page.wait_for_url("**/receipts/*")
    number: str = page.url.rsplit("/", 1)[1]
    return number


def file_newborn(
    page: Page, sandbox: str, known: Known, filled: Mapping[str, Any], *, script: bool = True, consent: bool = True
) -> str:
    """The whole filing of a person; gives the case number."""
    start(page, sandbox, known, consent=consent)
    fill_form(page, filled, script=script)
    return submit(page)


def desk_sign_in(page: Page, username: str) -> None:
    """A member of staff at the desk; whoever sat there before is signed out."""
    page.context.clear_cookies()
    authenticator.sign_in(page, username, PASSWORD)
    page.wait_for_url(lambda url: url.split("?")[0].endswith("/desk"))


def open_item(page: Page, number: str, item: str) -> None:
    """One item of the queue."""
    page.goto("/desk")
    page.click(f"a[data-open][href*='/desk/items/{number}/{item}']")
    page.wait_for_url(f"**/desk/items/{number}/{item}*")


def decide(page: Page, decision: str, **written: str) -> None:
    """Choose a decision, write what it wants, send it."""
    page.check(f"#d-{decision}", force=True)
    for name, text in written.items():
        page.fill(f"#decision [name={name}]", text)
    with page.expect_navigation():
        page.click("[data-go]")


def approve_and_finish(page: Page, number: str, item: str, result: bytes | None = None) -> None:
    """Accept, approve, hand over."""
    open_item(page, number, item)
    decide(page, "accept")
    decide(page, "approve")
    if result is not None:
        page.set_input_files("#finish [name=file]", {"name": "结果.jpg", "mimeType": "image/jpeg", "buffer": result})
    with page.expect_navigation():
        page.click("button[form=finish]")

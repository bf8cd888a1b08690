"""A filing with the keyboard alone: everything can be reached, seen to be reached, and done."""

from typing import Any

from tests import newborn
from tests.e2e import steps
from tests.factories import MOTHER
from tests.support import browsers

#: What has the focus: its question, kind and whether a ring shows on it, its label or its frame.
FOCUS = """() => {
  const e = document.activeElement, label = e.closest('label');
  const seen = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const ring = [e, label, label && label.querySelector('span'), e.parentElement].some((one) => one && seen(one));
  return {tag: e.tagName, type: e.type || '', name: e.name || '', value: e.value || '', text: (e.innerText || '').trim(),
          form: e.getAttribute('form') || '', ring};
}"""


def tab_to(page: Any, wanted: Any, most: int = 80) -> dict[str, Any]:
    """Press Tab until what has the focus is wanted; every stop on the way shows its focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus: dict[str, Any] = page.evaluate(FOCUS)
        if focus["tag"] != "BODY":
            assert focus["ring"], f"no focus is seen on {focus}"
        if wanted(focus):
            return focus
    raise AssertionError(f"the keyboard does not reach it on {page.url}")


def pick(page: Any, name: str, value: str) -> None:
    """Reach a group of radio buttons, then move with the arrows."""
    tab_to(page, lambda f: f["name"] == name)
    for _ in range(60):
        focus = page.evaluate(FOCUS)
        if focus["value"] == value:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator(f"[name='{name}'][value='{value}']").is_checked()


def answer_place(page: Any, name: str, value: Any) -> None:
    """A place that is proposed, or where the picker starts, and the line below it."""
    code = value["division"] if isinstance(value, dict) else value
    assert page.locator(f"[data-asked='{name}'] option[value='{code}']:checked").count()
    if isinstance(value, dict):
        tab_to(page, lambda f: f["name"] == f"{name}:detail")
        page.keyboard.insert_text(value["detail"])


def answer(page: Any, name: str, kind: str, value: Any) -> None:
    """Answer by keys."""
    if kind in ("division", "address"):
        answer_place(page, name, value)
    else:
        answer_field(page, name, kind, value)


def answer_field(page: Any, name: str, kind: str, value: Any) -> None:
    """One field, or one group of radio buttons."""
    said = str(value).lower() if isinstance(value, bool) else str(int(value)) if isinstance(value, float) else str(value)
    box = page.locator(f"[data-asked='{name}']")
    if box.locator("input[type=radio]").count():
        pick(page, name, said)
        return
    tab_to(page, lambda f: f["name"] == name)
    field = box.locator("input, textarea, select").first
    if field.get_attribute("readonly") is not None:
        return
    if box.locator("select").count():
        words = box.locator(f"option[value='{said}']").inner_text()
        page.keyboard.type(words[:1])
        assert field.input_value() == said
    elif kind == "date":
        year, month, day = said.split("-")
        for keys in ((year, month, day), (month, day, year)):  # the order of the parts is the browser's own
            for key in ("ArrowLeft",) * 3:
                page.keyboard.press(key)
            for part in keys:
                page.keyboard.type(part)
                if part == year and part is not keys[-1]:
                    page.keyboard.press("ArrowRight")
            if field.input_value() == said:
                break
        assert field.input_value() == said
    else:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(said)


def test_a_filing_by_keyboard_alone(browser: Any, sandbox: str) -> None:
    page = browser(**browsers.DESK)
    # settled elsewhere and not insured: the shortest way through the form, without pictures
    filled = newborn.answers(**{"baby.settle_here": False, "mother.employee_insured": False, "father.employee_insured": False})
    page.goto("/services/newborn")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["text"] == "跳到正文"
    tab_to(page, lambda f: f["tag"] == "BUTTON" and "在线办理" in f["text"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in?**")
    tab_to(page, lambda f: f["name"] == "phone")
    page.keyboard.insert_text(MOTHER.phone)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    if page.evaluate(FOCUS)["name"] != "code":
        tab_to(page, lambda f: f["name"] == "code")
    page.keyboard.insert_text(steps.code_on(sandbox, MOTHER.phone))
    page.keyboard.press("Enter")
    page.wait_for_url("**/real-name**")
    tab_to(page, lambda f: f["name"] == "name")
    page.keyboard.insert_text(MOTHER.name)
    tab_to(page, lambda f: f["name"] == "id_number")
    page.keyboard.insert_text(MOTHER.id_number)
    tab_to(page, lambda f: f["name"] == "consent")
    page.keyboard.press("Space")
    tab_to(page, lambda f: f["form"] == "check")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/real-name" not in url)
    if page.url.split("?")[0].endswith("/start"):
        tab_to(page, lambda f: f["tag"] == "BUTTON" and "开始填" in f["text"])
        page.keyboard.press("Enter")
    page.wait_for_url("**/lookups")
    tab_to(page, lambda f: f["name"] == "consent")
    page.keyboard.press("Space")
    tab_to(page, lambda f: f["tag"] == "BUTTON" and "同意，查一查" in f["text"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/results")
    tab_to(page, lambda f: f["tag"] == "A" and "接着填" in f["text"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/forms/**draft=**")
    for _ in range(20):
        if steps.page_id(page) == "review":
            break
        page.wait_for_load_state("networkidle")
        done: set[str] = set()
        while left := [asked for asked in steps.shown(page) if asked[0] not in done]:
            name, kind = left[0]
            done.add(name)
            if name in filled:
                answer(page, name, kind, filled[name])
        before = page.url
        tab_to(page, lambda f: f["tag"] == "BUTTON" and f["value"] == "next" and f["text"] != "")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    tab_to(page, lambda f: f["name"] == "declaration", most=120)
    page.keyboard.press("Space")
    tab_to(page, lambda f: f["tag"] == "BUTTON" and f["form"] == "submission")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts/*")
    assert "交好了" in page.content()

"""The first sign-in of a member of staff in a real browser, by keyboard alone; its pages in every look; a demo in two taps."""

from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.models import Role
from app.accounts.passwords import give_one_time
from app.accounts.second_factor import code_at, step_of
from app.accounts.staff import DEMO_PASSWORD
from app.core.clock import utcnow
from tests import factories
from tests.look.walk import LOOKS, complaints, overflow, wear
from tests.support import authenticator, databases
from tests.support.browsers import DESK, PHONE, Open

OWN = "Rote-Laterne-7"
FOCUS = "() => ({name: document.activeElement.name || '', text: (document.activeElement.innerText || '').trim()})"


@pytest.fixture
def newcomer(session: Session) -> str:
    """An account that nobody has used yet; gives its one-time password."""
    staff = factories.make_staff(session, second_factor=False)
    staff.password_changed_at = None
    password = give_one_time(staff, utcnow())
    session.commit()
    return password


def tab_to(page: Any, name: str = "", text: str = "") -> None:
    """Press Tab until the field of this name, or what says this, has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if (name and focus["name"] == name) or (text and focus["text"] == text):
            return
    raise AssertionError(f"the keyboard does not reach {name or text} on {page.url}")


def secret_on(page: Any) -> str:
    text: str = page.locator("code.num").inner_text()
    return text.replace(" ", "")


def test_the_first_sign_in_by_keyboard_alone(browser: Open, newcomer: str) -> None:
    page = browser(**DESK)
    page.goto("/desk")
    tab_to(page, "username")
    page.keyboard.type("msb1")
    tab_to(page, "password")
    page.keyboard.type(newcomer)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "new")
    page.keyboard.type("Rote-")
    kept = page.locator("[data-rule] [data-kept]:not([hidden])")
    assert kept.count() == 3
    page.keyboard.type("Laterne-7")
    assert kept.count() == 4
    assert page.locator("[data-rule=former] [data-open]:not([hidden])").count() == 1
    tab_to(page, "again")
    page.keyboard.type(OWN)
    tab_to(page, text="换好，继续登录")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    box = page.locator("[role=img] svg").bounding_box()
    assert box["width"] == box["height"] >= 200
    tab_to(page, "code")
    page.keyboard.type(code_at(secret_on(page), step_of(utcnow())))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("code.num").count() == 10
    assert page.get_by_role("button", name="打印").is_visible()
    tab_to(page, text="存好了，往下走")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    assert page.get_by_role("heading", name="待我审").is_visible()


def test_the_first_sign_in_without_a_script(browser: Open, newcomer: str) -> None:
    page = browser(**PHONE, java_script_enabled=False)
    page.goto("/desk/sign-in")
    page.fill("[name=username]", "msb1")
    page.fill("[name=password]", newcomer)
    with page.expect_navigation():
        page.click("main form button.pri")
    page.fill("[name=new]", "short")
    page.fill("[name=again]", "shorter")
    with page.expect_navigation():
        page.click("main form button.pri")
    assert page.get_by_text("两次填的不一样").is_visible()
    page.fill("[name=new]", OWN)
    page.fill("[name=again]", OWN)
    with page.expect_navigation():
        page.click("main form button.pri")
    page.fill("[name=code]", code_at(secret_on(page), step_of(utcnow())))
    with page.expect_navigation():
        page.click("main form button.pri")
    assert page.locator("code.num").count() == 10
    assert page.locator("[data-print]:visible").count() == 0
    with page.expect_navigation():
        page.click("main form button.pri")
    page.wait_for_url("**/desk")


@pytest.mark.parametrize("script", [True, False])
def test_a_newcomer_on_a_phone_is_in_the_demo_with_two_taps(
    session: Session, browser: Open, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    factories.make_staff(session, password=DEMO_PASSWORD)
    session.commit()
    monkeypatch.setenv("DEMO", "1")
    databases.forget_settings()
    page = browser(**PHONE, java_script_enabled=script)
    page.goto("/desk/sign-in")
    with page.expect_navigation():
        page.get_by_role("button", name="msb1").tap()
    with page.expect_navigation():
        page.get_by_role("button", name="登录").tap()
    page.wait_for_url("**/desk")


@pytest.mark.parametrize(
    ("screen", "look"),
    [*(("phone", look) for look in LOOKS[:4]), ("desk", {}), ("desk", {"mode": "care", "theme": "dark"})],
    ids=str,
)
def test_the_pages_before_a_session_in_every_look(
    browser: Open, server: str, newcomer: str, look: dict[str, str], screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO", "1")
    databases.forget_settings()
    page = browser(**{"phone": PHONE, "desk": DESK}[screen])
    wear(page, server, look)
    tap = 48 if screen == "phone" else 40
    wrong: list[str] = []

    def look_at(name: str) -> None:
        wrong.extend(f"{name}: {said}" for said in complaints(page, tap))
        size = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        wrong.extend(f"{name} at 320: {said}" for said in overflow(page))
        page.set_viewport_size(size)

    def send(**fields: str) -> None:
        for name, value in fields.items():
            page.fill(f"[name={name}]:not([type=hidden])", value)
        with page.expect_navigation():
            page.click("main form button.pri")

    page.goto("/desk/sign-in")
    look_at("sign-in")
    send(username="msb1", password="wrong")
    look_at("wrong password")
    send(username="msb1", password=newcomer)
    look_at("password")
    send(new="short", again="shorter")
    look_at("refused password")
    send(new=OWN, again=OWN)
    look_at("second factor")
    secret = secret_on(page)
    send(code="000000")
    look_at("wrong first code")
    send(code=code_at(secret, step_of(utcnow())))
    look_at("recovery codes")
    page.goto("/desk/account")
    look_at("account")
    page.goto("/desk/account/password")
    look_at("new password")
    page.context.clear_cookies(name="linban_desk")
    page.goto("/desk/sign-in")
    send(username="msb1", password=OWN)
    look_at("code")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("look", [{}, {"theme": "dark"}, {"lang": "en"}], ids=str)
@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_the_auditors_and_the_supervisors_pages_in_every_look(
    session: Session, browser: Open, server: str, look: dict[str, str], screen: str
) -> None:
    auditor = factories.make_staff(session, "das1", role=Role.AUDITOR)
    supervisor = factories.make_staff(session, "das2", role=Role.SUPERVISOR)
    tokens = {"auditor": factories.make_staff_signed_in(session, auditor)}
    tokens["supervisor"] = factories.make_staff_signed_in(session, supervisor)
    session.commit()
    wrong = []
    page = browser(**{"phone": PHONE, "desk": DESK}[screen])
    authenticator.sign_in(page, "das1", factories.PASSWORD)
    page.wait_for_url("**/desk/records")
    wear(page, server, look)
    for who, path in (
        ("auditor", "/desk/records"), ("auditor", "/desk/records?who=nobody"), ("auditor", "/desk/looks"),
        ("supervisor", "/desk/overview"),
    ):  # fmt: skip
        page.context.add_cookies([{"name": "linban_desk", "value": tokens[who], "url": server}])
        page.goto(path)
        wrong += [f"{path}: {said}" for said in complaints(page, 48 if screen == "phone" else 40)]
    assert wrong == [], "\n".join(wrong)

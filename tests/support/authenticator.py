"""The phone of a member of staff made by the factories: the code that their authenticator shows, each once."""

from typing import Any

from sqlmodel import select

from app.accounts.models import Staff
from app.accounts.second_factor import WINDOW, code_at, step_of
from app.core import db
from app.core.clock import utcnow


def code_of(username: str) -> str:
    """A code that will be taken now: two sign-ins in the same half minute are possible, as clocks may be a step off."""
    with db.reading() as session:
        staff = session.exec(select(Staff).where(Staff.username == username)).one()
    assert staff.totp_secret is not None
    step = max(step_of(utcnow()), (staff.totp_step or 0) + 1)
    assert step <= step_of(utcnow()) + WINDOW, "a third sign-in within half a minute"
    return code_at(staff.totp_secret, step)


def sign_in(page: Any, username: str, password: str) -> None:
    """Through the two pages of the desk's sign-in; works with and without script, in both languages."""
    page.goto("/desk/sign-in")
    form = page.locator("main form:has([name=password]:not([type=hidden]))")
    form.locator("[name=username]").fill(username)
    form.locator("[name=password]").fill(password)
    with page.expect_navigation():
        form.locator("button").click()
    page.fill("[name=code]", code_of(username))
    with page.expect_navigation():
        page.click("main form[action='/desk/sign-in/code'] button")

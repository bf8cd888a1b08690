"""The operator's page of deliveries in a browser: fit for everybody on desk and phone, filtered and acted upon by keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from app.accounts.models import Role
from app.accounts.tokens import STAFF_COOKIE
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages.models import Alert, Channel, Delivery, DeliveryState, Message
from tests import factories
from tests.look.walk import complaints, wear
from tests.support.browsers import DESK, PHONE, Open

S = DeliveryState
LOOKS: tuple[dict[str, str], ...] = ({}, {"theme": "dark"}, {"lang": "en"}, {"mode": "care"})


@pytest.fixture
def token(session: Session) -> str:
    """An administrator's session; deliveries in every state over both channels, alerts of each kind."""
    staff = factories.make_staff(session, "das1", role=Role.ADMINISTRATOR, name="顾云")
    case, now = factories.make_case(session, factories.make_person(session)), utcnow()
    message = session.exec(select(Message).where(Message.case_id == case.id)).one()
    message.read_at = None
    session.add(message)
    at = now - timedelta(minutes=9)
    for channel, host in ((Channel.PUSH, "web.push.example"), (Channel.SMS, "sms")):
        for state, because in zip(S, ("unreachable", "", "", "", "vapid_refused", "read"), strict=True):
            live = state in (S.QUEUED, S.SENDING)
            taken = at + timedelta(seconds=2) if state in (S.ACCEPTED, S.SHOWN) else None
            session.add(
                Delivery(
                    message_id=message.id, channel=channel, target=new_id(), host=host, state=state, queued_at=at, due_at=at,
                    give_up_at=now + timedelta(hours=1), because=because, attempts=1, accepted_at=taken,
                    shown_at=taken if state is S.SHOWN else None, ended_at=None if live else at,
                )
            )  # fmt: skip
    for kind, subject in (("event_without_message", case.number), ("delivery_late", "push web.push.example")):
        detail = {"n": 2} if subject == case.number else {"n": 2, "channel": "push", "because": "unreachable"}
        session.add(Alert(kind=kind, subject=subject, detail=detail, opened_at=at))
    made = factories.make_staff_signed_in(session, staff)
    session.commit()
    return made


def enter(page: Any, server: str, token: str, path: str = "/desk/deliveries") -> Any:
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": server}])
    page.goto(path)
    return page


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_wrong_with_it(browser: Open, server: str, token: str, look: dict[str, str], screen: dict[str, Any]) -> None:
    page = browser(**screen)
    wear(page, server, look)
    enter(page, server, token)
    tap, wrong = (40 if screen is DESK else 48), []
    for path in ("/desk/deliveries", "/desk/deliveries?state=all", "/desk/deliveries?number=1"):
        page.goto(path)
        wrong += [f"{path}: {said}" for said in complaints(page, tap) if '<a href="/desk/' not in said]  # the rail
    page.goto("/desk/deliveries")
    page.locator(".tbl a.b").first.click()
    page.wait_for_url("**/desk/deliveries/*-*")
    wrong += [said for said in complaints(page, tap) if '<a href="/desk/' not in said]
    assert wrong == []


def test_by_keyboard_from_the_number_to_the_delivery_that_is_sent_again(desk_page: Any, server: str, token: str) -> None:
    page = enter(desk_page, server, token)
    page.get_by_role("navigation", name="手机通知").get_by_role("link", name="没送成").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".tbl a.b")).to_have_count(1)
    page.locator(".tbl a.b").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name="再发一次").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="排上队了")).to_be_visible()
    expect(page.get_by_role("button", name="再发一次")).to_have_count(0)


def test_without_a_script_it_is_filtered_and_an_alert_is_closed(browser: Open, server: str, token: str) -> None:
    page = enter(browser(**DESK, java_script_enabled=False), server, token)
    page.get_by_label("状态：").select_option("all")
    page.get_by_label("哪一种：").select_option("sms")
    with page.expect_navigation():
        page.get_by_role("button", name="筛选").click()
    expect(page.locator(".tbl a.b")).to_have_count(6)
    with page.expect_navigation():
        page.get_by_role("button", name="另外告诉过了").click()
    expect(page.get_by_role("button", name="另外告诉过了")).to_have_count(0)

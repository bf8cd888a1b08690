"""The number of unread messages on the app's icon, where there is one; nothing unread leaves nothing on the screen."""

from app.accounts.parties import Party
from app.core.clock import utcnow
from app.messages import service

from .conftest import Phone

NOTED = """window.badges = []; navigator.setAppBadge = async (n) => { window.badges.push(n); };
navigator.clearAppBadge = async () => { window.badges.push(0); };"""


def test_at_open_the_icon_shows_what_is_unread_and_afterwards_nothing(mother: Phone) -> None:
    mother.turn_on()
    mother.page.add_init_script(NOTED)
    delivery = mother.told()
    mother.receives(delivery)
    mother.open("/")
    mother.page.wait_for_function("() => window.badges.length")
    [unread] = mother.page.evaluate("window.badges")
    assert unread == int(mother.page.locator(".tabbar .dot").inner_text())
    mother.shown(1)
    service.read_all(mother.session, Party(mother.person.id), utcnow())
    mother.session.commit()
    mother.open("/")
    mother.page.wait_for_function("() => window.badges.length")
    assert mother.page.evaluate("window.badges") == [0]
    mother.shown(0)


def test_a_page_that_does_not_know_the_number_leaves_the_icon_alone(mother: Phone) -> None:
    mother.page.add_init_script(NOTED)
    mother.open("/me/settings")
    assert mother.page.evaluate("window.badges") == []

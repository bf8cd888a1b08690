"""发一条试试, the whole way: the button, the real sender, the gateway's phone, its report, and what the page then says."""

from sqlmodel import Session

from tests.conftest import Visit
from tests.factories import MOTHER, make_person, make_signed_in
from tests.messages.test_sms_whole_way import send, state
from tests.messages.texting import received


def test_a_test_rings_at_any_hour_in_the_language_chosen_and_the_page_says_that_it_arrived(
    server: str, sandbox: str, session: Session, visit: Visit
) -> None:
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()
    client = visit(token)
    client.post("/settings", data={"lang": "en"})
    page = client.post("/me/notifications/test").headers["location"]
    send(state("shown"))
    [text] = received(sandbox, MOTHER.phone)
    assert "It works: this number gets our texts." in text
    assert "Delivered today" in client.get(page).text
    assert "Under Messages, not read yet" in client.get(page).text

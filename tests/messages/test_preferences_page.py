"""我的 → 消息通知: works without JavaScript, keeps answers, one channel stays for what the law demands."""

import re

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.core import db
from app.messages.models import Delivery, Message, Preference, SmsWhen
from tests.conftest import Visit
from tests.factories import MOTHER, make_person, make_signed_in, make_staff, make_staff_signed_in

CHOSEN = {
    "sms": "late", "lang": "zh", "night": "on", "quiet_from": "22", "quiet_to": "7", "turn": ["push", "sms"],
    "result": ["push", "sms"], "progress": ["push"],
}  # fmt: skip
AT = "/me/notifications"


@pytest.fixture
def mother(session: Session) -> Person:
    return make_person(session, MOTHER)


@pytest.fixture
def token(session: Session, mother: Person) -> str:
    made = make_signed_in(session, mother)
    session.commit()
    return made


def ticked(page: str) -> set[tuple[str, str]]:
    return set(re.findall(r'name="(\w+)" value="(\w*)"[^>]* checked', page))


def row_of(session: Session, person: Person) -> Preference | None:
    session.rollback()  # on SQLite it holds the write lock
    with db.reading() as fresh:
        return fresh.get(Preference, person.id)


def test_who_never_chose_sees_the_defaults(token: str, visit: Visit) -> None:
    page = visit(token).get(AT).text
    shown = {("sms", "late"), ("lang", "zh"), ("night", "on"), ("progress", "push")}
    assert ticked(page) == shown | {(group, way) for group in ("turn", "result") for way in ("push", "sms")}
    assert re.findall(r'<option value="(\d+)" selected', page) == ["22", "7"]
    assert "138****6021" in page
    assert "20 分钟" in page
    assert "行政许可法第三十二、三十八、四十四条" in page


def test_what_is_saved_is_shown_and_said(session: Session, mother: Person, token: str, visit: Visit) -> None:
    client = visit(token)
    sent = CHOSEN | {"sms": "at_once", "lang": "en", "quiet_from": "21", "quiet_to": "6", "progress": []}
    saved = client.post(AT, data=sent)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{AT}?done=saved")
    page = client.get(f"{AT}?done=saved").text
    assert "存好了" in page
    assert ("sms", "at_once") in ticked(page)
    assert ("progress", "push") not in ticked(page)
    row = row_of(session, mother)
    assert row is not None
    assert (row.sms, row.lang, row.quiet_from, row.quiet_to, row.muted) == (SmsWhen.AT_ONCE, "en", 21, 6, ["progress.push"])


def test_nights_can_be_for_messages_too(session: Session, mother: Person, token: str, visit: Visit) -> None:
    client = visit(token)
    client.post(AT, data=CHOSEN | {"night": ""})
    page = client.get(AT).text
    assert ("night", "") in ticked(page)
    assert re.findall(r'<option value="(\d+)" selected', page) == ["22", "7"]
    row = row_of(session, mother)
    assert row is not None
    assert row.quiet_from == row.quiet_to


@pytest.mark.parametrize(
    ("sent", "beside"),
    [
        ({"turn": []}, "f-turn-error"),
        ({"result": []}, "f-result-error"),
        ({"sms": "never", "result": ["sms"]}, "f-result-error"),
        ({"quiet_from": "8", "quiet_to": "8"}, "f-quiet_from-error"),
    ],
)
def test_what_cannot_be_is_said_beside_it_and_nothing_is_lost(
    session: Session, mother: Person, token: str, visit: Visit, sent: dict[str, object], beside: str
) -> None:
    answer = visit(token).post(AT, data=CHOSEN | {"lang": "en"} | sent)
    assert answer.status_code == 422
    assert re.findall(r'id="(f-[\w-]+-error)" data-error role="alert"', answer.text) == [beside]
    assert f'<a href="#{beside.removesuffix("-error")}">' in answer.text
    assert ("lang", "en") in ticked(answer.text)
    assert row_of(session, mother) is None


def test_without_sms_notifications_must_stay_for_both(token: str, visit: Visit) -> None:
    assert visit(token).post(AT, data=CHOSEN | {"sms": "never"}).status_code == 303


def test_no_sms_is_not_said_of_somebody_who_still_gets_those_that_no_notification_brings(token: str, visit: Visit) -> None:
    client = visit(token)
    client.post(AT, data=CHOSEN | {"sms": "never"})
    assert "要是没有手机开着通知，要您办的和结果，没看到还是发。" in client.get(AT).text
    assert "收不到通知才发" in client.get("/messages").text


@pytest.mark.parametrize("sent", [{"sms": "soon"}, {"lang": "fr"}, {"quiet_from": "24"}, {"quiet_to": "x"}])
def test_what_our_page_cannot_send_is_refused(token: str, visit: Visit, sent: dict[str, str]) -> None:
    assert visit(token).post(AT, data=CHOSEN | sent).status_code == 422


def test_unknown_switches_are_left_out(session: Session, mother: Person, token: str, visit: Visit) -> None:
    assert visit(token).post(AT, data=CHOSEN | {"progress": ["push", "sms", "pigeon"]}).status_code == 303
    row = row_of(session, mother)
    assert row is not None
    assert row.muted == []


def test_two_people_have_their_own(session: Session, mother: Person, token: str, visit: Visit) -> None:
    other = make_signed_in(session, make_person(session))
    session.commit()
    visit(token).post(AT, data=CHOSEN | {"sms": "never"})
    assert ("sms", "never") in ticked(visit(token).get(AT).text)
    assert ("sms", "late") in ticked(visit(other).get(AT).text)


def test_a_test_message_goes_out_at_once_and_shows_what_becomes_of_it(
    session: Session, mother: Person, token: str, visit: Visit
) -> None:
    client = visit(token)
    sent = client.post(f"{AT}/test")
    assert sent.status_code == 303
    message = session.exec(select(Message).where(Message.person_id == mother.id)).one()
    assert sent.headers["location"] == f"/messages/{message.id}/deliveries"
    (delivery,) = session.exec(select(Delivery).where(Delivery.message_id == message.id)).all()
    assert (delivery.channel, delivery.due_at) == ("sms", message.created_at)
    page = client.get(sent.headers["location"]).text
    assert "试发的消息到了" in page
    assert "马上就发" in page
    session.rollback()
    assert session.exec(select(Message.read_at)).one() is None


def test_tests_have_a_budget_and_a_refusal_changes_nothing(token: str, visit: Visit) -> None:
    client = visit(token)
    answers = [client.post(f"{AT}/test") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "试得太多了" in answers[-1].text
    assert "存好" in answers[-1].text


def test_staff_have_no_such_page(session: Session, visit: Visit) -> None:
    staff = make_staff_signed_in(session, make_staff(session))
    session.commit()
    assert visit(staff=staff).get(AT).headers["location"].startswith("/sign-in")

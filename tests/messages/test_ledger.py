"""What became of a message, in plain words: every state and reason has some, in both languages, for its owner alone."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

import app.messages
from app.accounts import enterprises
from app.accounts.models import Person, SessionRow
from app.accounts.parties import Party
from app.core.clock import SHANGHAI
from app.core.errors import NotFound
from app.core.i18n import english
from app.core.ids import new_id
from app.messages import ledger, reasons, service
from app.messages.ledger import Told, lines
from app.messages.models import Channel, Delivery, DeliveryState, Message
from tests.architecture.test_queries import queries
from tests.cases.hands import ask
from tests.conftest import Visit
from tests.factories import FATHER, MOTHER, make_case, make_enterprise, make_person, make_signed_in
from tests.messages.test_preferences import subscribe

NOW = datetime(2026, 11, 25, 11, 30, tzinfo=SHANGHAI).astimezone(UTC)
S = DeliveryState


@pytest.fixture
def mother(session: Session) -> Person:
    return make_person(session, MOTHER)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return NOW.astimezone(SHANGHAI).replace(hour=int(hour), minute=int(minute)).astimezone(UTC)


def entry(channel: Channel, state: DeliveryState, **known: Any) -> ledger.Entry:
    empty = {"due_at": at("10:50"), "attempts": 0, "accepted_at": None, "shown_at": None, "because": "", "device": "小米"}
    return ledger.Entry(channel, state, **{**empty, **known})


def told(*entries: ledger.Entry, read: str = "", kind: str = "correction_asked", own: bool = False) -> Told:
    read_at = at("10:50") if own else at(read) if read else None
    return Told(new_id(), "261125000018", kind, {}, at("10:50"), read_at, list(entries))


def said(found: Told, lang: str = "zh") -> list[str]:
    return [line.said for line in lines(found, lang, NOW)]


def test_the_ledger_reads_as_people_would_say_it() -> None:
    push = entry(Channel.PUSH, S.SHOWN, shown_at=at("10:52"))
    found = told(push, entry(Channel.SMS, S.NOT_NEEDED, because="read", device=""), read="11:05")
    shown = [(line.channel, line.where, line.said) for line in lines(found, "zh", NOW)]
    assert shown == [
        ("站内", "", "今天 11:05 已读"), ("手机通知", "小米", "今天 10:52 已显示"), ("短信", "", "没有发：您已经看过了")
    ]  # fmt: skip
    assert said(found, "en")[:2] == ["Read today 11:05", "Shown today 10:52"]


@pytest.mark.parametrize(
    ("entry_", "words"),
    [
        (entry(Channel.PUSH, S.QUEUED), "马上就发"),
        (entry(Channel.PUSH, S.QUEUED, due_at=at("23:00")), "今天 23:00 发，这之前看过就不发"),
        (entry(Channel.SMS, S.QUEUED, due_at=at("11:40")), "今天 11:40 还没看到就发"),
        (entry(Channel.SMS, S.QUEUED, attempts=2, because="busy"), "还没发出去，在接着试：对方太忙，让我们等一等"),
        (entry(Channel.PUSH, S.SENDING), "正在发"),
        (entry(Channel.PUSH, S.ACCEPTED, accepted_at=at("10:51")), "今天 10:51 已发出，手机还没显示"),
        (entry(Channel.SMS, S.ACCEPTED, accepted_at=at("10:51")), "今天 10:51 已发出"),
        (entry(Channel.SMS, S.SHOWN, shown_at=at("10:52")), "今天 10:52 已送到"),
        (entry(Channel.PUSH, S.FAILED, because="gone"), "没发出去：这台手机不再接收通知"),
        (entry(Channel.SMS, S.NOT_NEEDED, because="shown"), "没有发：手机通知已经显示"),
    ],
)
def test_every_state_has_its_words(entry_: ledger.Entry, words: str) -> None:
    assert words in said(told(entry_))


def test_what_was_not_used_says_why() -> None:
    assert said(told()) == ["在“消息”里，还没看", "没有发：没有手机开着通知，或您选了不要", "没有发：您选了不要"]
    assert said(told(kind="item_accepted"))[2] == "没有发：只有要紧的才发短信"
    assert said(told(own=True)) == ["您自己办的，记在“消息”里", "不用发", "不用发"]


def test_a_browser_that_signed_out_is_named_as_such() -> None:
    (_, push, _) = lines(told(entry(Channel.PUSH, S.ACCEPTED, accepted_at=at("10:51"), device="")), "zh", NOW)
    assert push.where == "已退出登录的手机"


@pytest.mark.parametrize("because", ["", *reasons.Because])
def test_no_state_for_no_reason_is_without_words_in_either_language(because: str) -> None:
    for channel, state in product(Channel, DeliveryState):
        found = told(entry(channel, state, because=because, accepted_at=at("10:51"), shown_at=at("10:52"), attempts=1))
        zh, en = said(found), said(found, "en")
        assert "%(" not in "".join(zh + en)
        assert not because or because not in "".join(zh)
        assert all(line.isascii() for line in en), en


def test_every_reason_has_english() -> None:
    assert [word for word in reasons.WORDS.values() if word not in english()] == []
    assert set(reasons.WORDS) == set(reasons.Because)


def _reasons_given() -> Iterator[tuple[str, ast.expr]]:
    """What the sources hand to Outcome as its reason."""
    for path in sorted(Path(app.messages.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Outcome":
                named = [word.value for word in call.keywords if word.arg == "because"]
                for given in [*call.args[1:2], *named]:
                    yield f"{path.name}:{given.lineno}", given


def test_no_channel_gives_a_reason_of_its_own_that_nobody_has_words_for() -> None:
    literal = [(place, given.value) for place, given in _reasons_given() if isinstance(given, ast.Constant)]
    assert [one for one in literal if one[1] and one[1] not in set(reasons.Because)] == []
    kinds = tuple(f"f'{{Because.{one.name}}}_" for one in reasons.KINDS)
    made_up = [(place, ast.unparse(given)) for place, given in _reasons_given() if isinstance(given, ast.JoinedStr)]
    assert [one for one in made_up if not one[1].startswith(kinds)] == []


def test_the_page_shows_it_to_the_person_and_to_nobody_else(session: Session, mother: Person, visit: Visit) -> None:
    token, other = make_signed_in(session, mother), make_signed_in(session, make_person(session))
    subscribe(session, mother, token)
    message = service.tell(session, mother.id, None, "", "test", {}, False, NOW)
    session.commit()
    page = visit(token).get(f"/messages/{message.id}/deliveries")
    assert page.status_code == 200
    assert "Android Chrome" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert visit(other).get(f"/messages/{message.id}/deliveries").status_code == 404
    session.rollback()
    assert session.exec(select(Message.read_at).where(Message.id == message.id)).one() is None


def test_an_enterprises_message_is_shown_in_its_identity_only(session: Session, mother: Person) -> None:
    food = make_enterprise(session, mother)
    message = service.tell(session, mother.id, None, "", "item_accepted", {}, False, NOW, enterprise_id=food.id)
    session.flush()
    assert ledger.told(session, Party(mother.id, food.id), message.id).entries == []
    with pytest.raises(NotFound):
        ledger.told(session, Party(mother.id), message.id)
    assert enterprises.agents(session, food.id) == {mother.id}


def test_a_device_that_signed_out_leaves_the_ledger_whole(session: Session, mother: Person) -> None:
    token = make_signed_in(session, mother)
    subscribe(session, mother, token)
    message = service.tell(session, mother.id, None, "", "test", {}, False, NOW)
    session.flush()
    session.delete(session.exec(select(SessionRow).where(SessionRow.person_id == mother.id)).one())
    session.flush()
    entries = ledger.told(session, Party(mother.id), message.id).entries
    assert {(one.channel, one.device) for one in entries} == {(Channel.PUSH, ""), (Channel.SMS, "")}


def test_the_page_costs_two_queries_however_many_browsers(
    session: Session, mother: Person, visit: Visit, database: Engine
) -> None:
    token = make_signed_in(session, mother)
    for _ in range(4):
        subscribe(session, mother, token)
    message = service.tell(session, mother.id, None, "", "test", {}, False, NOW)
    session.commit()
    assert len(queries(database, visit(token), f"/messages/{message.id}/deliveries")) == 2


def test_a_page_looks_again_only_while_something_is_under_way() -> None:
    def moving(age: timedelta, *entries: ledger.Entry) -> bool:
        return told(*entries).moving(at("10:50") + age)

    sent = entry(Channel.PUSH, S.ACCEPTED, accepted_at=at("10:50"))
    assert moving(timedelta(seconds=10), sent)
    assert moving(timedelta(seconds=10), entry(Channel.SMS, S.QUEUED))
    assert not moving(timedelta(seconds=10), entry(Channel.SMS, S.QUEUED, due_at=at("11:10")))
    assert not moving(timedelta(minutes=10), sent)
    assert not moving(timedelta(seconds=10), entry(Channel.PUSH, S.SHOWN, shown_at=at("10:50")))


def test_deliveries_are_written_once_a_target(session: Session, mother: Person) -> None:
    token = make_signed_in(session, mother)
    subscribe(session, mother, token)
    message = service.tell(session, mother.id, None, "", "correction_asked", {"service": "newborn"}, True, NOW)
    rows = session.exec(select(Delivery).where(Delivery.message_id == message.id)).all()
    assert sorted((row.channel, row.due_at - NOW) for row in rows) == [
        ("push", timedelta(0)), ("sms", timedelta(minutes=20))
    ]  # fmt: skip


def test_the_timeline_of_a_case_says_how_its_reader_was_told(session: Session, mother: Person, visit: Visit) -> None:
    father = make_person(session, FATHER)
    case = make_case(session, mother, filer=father)
    tokens = make_signed_in(session, mother), make_signed_in(session, father)
    subscribe(session, mother, tokens[0])
    ask(session, case, "health.birth_cert", NOW)
    for row in session.exec(select(Delivery)):
        row.state = S.SHOWN if row.channel is Channel.PUSH else S.ACCEPTED
    for delivery in session.exec(
        select(Delivery).join(Message, col(Message.id) == Delivery.message_id).where(Message.person_id == father.id)
    ):
        delivery.state = S.QUEUED
    session.commit()
    hers, his = (visit(token).get(f"/cases/{case.number}").text for token in tokens)
    assert hers.count("，已发手机通知和短信</time>") == 1
    assert "已发" not in his
    english_page = visit(tokens[0], **{"Accept-Language": "en"}).get(f"/cases/{case.number}").text
    assert "notification and text message sent" in english_page

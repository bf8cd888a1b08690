"""消息 over the wire: by case, what asks first, filters, search, what is read, pages that stay, identities apart."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import service
from app.messages.models import Message
from tests import factories as make
from tests.cases.hands import ask

from .inbox import fours, groups, moving

NOW = utcnow()
BIRTH, SHOTS = "health.birth_cert", "cdc.vacc_cert"


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def client(session: Session, mother: Person, visit: Callable[..., httpx.Client]) -> httpx.Client:
    token = make.make_signed_in(session, mother)
    session.commit()
    return visit(token)


def test_messages_stand_by_case_and_the_one_that_moved_last_comes_first(
    session: Session, mother: Person, client: httpx.Client
) -> None:
    old, new = moving(session, mother, BIRTH, minutes=-60), moving(session, mother, BIRTH, minutes=-50)
    session.commit()
    assert [g.label for g in groups(client)] == [f"新生儿出生一件事 {fours(new)}", f"新生儿出生一件事 {fours(old)}"]
    service.tell(session, mother.id, old.id, old.number, "dates_moved", {"service": "newborn"}, False, NOW)
    session.commit()
    first = groups(client)[0]
    assert fours(old) in first.label
    assert len(first.titles) == 3, "of each case the newest few"
    assert f'href="/cases/{old.number}"' in first.html
    assert re.search(r"全部 \d+ 条", first.html)


def test_what_asks_for_something_stands_first_and_says_what_to_do(
    session: Session, mother: Person, client: httpx.Client
) -> None:
    asked, newer = moving(session, mother, BIRTH, minutes=-90), moving(session, mother, BIRTH, minutes=-5)
    ask(session, asked, "msb.maternity_benefit", utcnow() - timedelta(minutes=80))
    moving_on = service.tell(
        session, mother.id, asked.id, asked.number, "dates_moved", {"service": "newborn"}, False,
        utcnow() - timedelta(minutes=70),
    )  # fmt: skip
    session.commit()
    first, second = groups(client)
    assert (fours(asked) in first.label, fours(newer) in second.label) == (True, True)
    assert first.titles[0].startswith("医保请您补"), "before what is newer in the same case"
    assert "要您办：去补" in first.html
    assert str(moving_on.id) in first.html
    assert [g.key for g in groups(client, "/messages?show=your-turn")] == [first.key]


def test_the_older_messages_of_a_case_are_one_link_away(session: Session, mother: Person, client: httpx.Client) -> None:
    case = moving(session, mother, BIRTH, SHOTS, "psb.birth_reg")
    moving(session, mother, BIRTH)
    session.commit()
    link = next(m for g in groups(client) if (m := re.search(rf'href="(/messages\?case={case.number})"', g.html)))
    (whole,) = groups(client, link[1])
    many = len(session.exec(select(Message).where(Message.case_id == case.id)).all())
    assert len(whole.titles) == many > 10
    assert "怎么告诉您的" in whole.html
    assert [g.key for g in groups(client, f"/messages?case={fours(case)}")] == [whole.key]


def test_a_case_that_nobody_told_me_of_is_not_there(session: Session, client: httpx.Client) -> None:
    theirs = moving(session, make.make_person(session, make.FATHER), BIRTH)
    session.commit()
    assert client.get(f"/messages?case={theirs.number}").status_code == 404
    assert client.get("/messages?case=000000000000").status_code == 404


@pytest.mark.parametrize(
    ("show", "there", "not_there"),
    [
        ("progress", "轮到", "已办结"),
        ("result", "已办结", "轮到"),
        ("your-turn", "请您补", "已办结"),
        ("nonsense", "已办结", "!"),
    ],
)
def test_filters(
    session: Session, mother: Person, client: httpx.Client, show: str, there: str, not_there: str
) -> None:  # fmt: skip
    ask(session, moving(session, mother, BIRTH), "msb.maternity_benefit", NOW)
    session.commit()
    page = "".join(g.html for g in groups(client, f"/messages?show={show}"))
    assert there in page
    assert not_there not in page


WORDS = [
    ("医保", "医保请您补"), ("医保请您补", "医保请您补"), ("请您补 生育", "医保请您补"), ("MATERNITY", "医保请您补"),
    ("新生儿", "医保请您补"), ("受理", "卫健已受理"), ("出生医学证明 办结", "卫健已办结"), ("asks you", "医保请您补"),
    ("卫健已受理出生医学证明", "卫健已受理"), ("医保请您补：生育待遇", "医保请您补"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "title"), WORDS)
def test_search_finds_what_is_read(session: Session, mother: Person, client: httpx.Client, words: str, title: str) -> None:
    ask(session, moving(session, mother, BIRTH), "msb.maternity_benefit", NOW)
    session.commit()
    assert any(t.startswith(title) for g in groups(client, f"/messages?q={words}") for t in g.titles), words


def test_search_finds_a_case_by_its_number_and_nothing_where_nothing_fits(
    session: Session, mother: Person, client: httpx.Client
) -> None:
    case, _other = moving(session, mother, BIRTH), moving(session, mother, BIRTH)
    session.commit()
    for words in (case.number, fours(case), case.number[-6:]):
        assert [g.key for g in groups(client, f"/messages?q={words}")] == [str(case.id)], words
    for words in ("龙舟", "医保 龙舟", "%", "_", "\\", "'"):
        page = client.get("/messages", params={"q": words}).text
        assert "没有找到" in page, words
    assert "没有找到" in client.get("/messages", params={"q": "卫健", "show": "your-turn"}).text


def test_one_a_case_and_all_are_marked_read(session: Session, mother: Person, client: httpx.Client) -> None:
    first, second = moving(session, mother, BIRTH), moving(session, mother, BIRTH)
    one = session.exec(select(Message).where(Message.case_id == first.id, Message.kind == "item_finished")).one()
    session.commit()
    unread = {g.key: g.unread for g in groups(client)}
    assert client.get(f"/messages/{one.id}").headers["location"] == f"/cases/{first.number}"
    assert {g.key: g.unread for g in groups(client)} == {**unread, str(first.id): unread[str(first.id)] - 1}
    sent = {"group": str(first.id), "back": "/messages?show=result"}
    assert client.post("/messages/reading", data=sent).headers["location"] == "/messages?show=result"
    assert {g.key: g.unread for g in groups(client)} == {str(first.id): 0, str(second.id): unread[str(second.id)]}
    client.post("/messages/reading")
    assert not any(g.unread for g in groups(client))


@pytest.mark.parametrize("sent", [{"group": "x"}, {"back": "//elsewhere.example"}])
def test_odd_wishes_to_mark_something_read_do_no_harm(client: httpx.Client, sent: dict[str, str]) -> None:
    answer = client.post("/messages/reading", data=sent)
    assert answer.status_code == 422 or answer.headers["location"] == "/"


def test_nobody_marks_a_strangers_messages_read(session: Session, client: httpx.Client) -> None:
    theirs = moving(session, make.make_person(session, make.FATHER), BIRTH)
    session.commit()
    client.post("/messages/reading", data={"group": str(theirs.id)})
    client.post("/messages/reading")
    with db.reading() as after:
        assert not any(m.read_at for m in after.exec(select(Message).where(Message.kind == "item_finished")))


def test_a_message_about_no_case_and_one_of_an_unknown_kind_are_shown(
    session: Session, mother: Person, client: httpx.Client
) -> None:
    loose = service.tell(session, mother.id, None, "", "from_a_later_release", {}, False, NOW)
    gone = service.tell(session, mother.id, new_id(), "261125000018", "item_accepted", {"service": "was-closed"}, False, NOW)
    session.commit()
    shown = {g.key: g for g in groups(client)}
    assert shown[str(loose.id)].titles == ["有新进展"]
    assert "was-closed" in shown[str(gone.case_id)].label
    assert client.get(f"/messages/{loose.id}").headers["location"] == f"/messages/{loose.id}/deliveries"
    assert str(loose.id) in {g.key for g in groups(client, "/messages?show=progress")}


def test_pages_do_not_shift_while_new_messages_come(
    session: Session, mother: Person, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.messages.routes.A_PAGE", 2)
    cases = [moving(session, mother, BIRTH, minutes=-60 + n) for n in range(5)]
    ask(session, cases[1], "msb.maternity_benefit", utcnow() - timedelta(minutes=58))
    session.commit()
    expected, seen, address = [c.number for c in (cases[1], *reversed(cases)) if c], list[str](), "/messages"
    expected = [n for i, n in enumerate(expected) if n not in expected[:i]]
    while address:
        seen += [g.label.split(" ", 1)[1].replace(" ", "") for g in groups(client, address)]
        more = re.search(r'id="older" href="([^"]+)"', client.get(address).text)
        address = more[1].replace("&amp;", "&") if more else ""
        late = cases[0]  # of the last page: it moves while we turn pages
        service.tell(session, mother.id, late.id, late.number, "dates_moved", {"service": "newborn"}, False, utcnow())
        session.commit()
    assert seen == expected, "every case once, where it stood when we began"
    assert fours(cases[0]) in groups(client)[1].label, "and from the beginning, where it stands now"


def test_the_page_of_one_case_is_turned_too(
    session: Session, mother: Person, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.messages.routes.OF_ONE", 4)
    case = moving(session, mother, BIRTH, SHOTS)
    session.commit()
    seen, address = list[str](), f"/messages?case={case.number}"
    while address:
        html = client.get(address).text
        seen += re.findall(r'id="m-([0-9a-f-]+)"', html)
        more = re.search(r'id="older" href="([^"]+)"', html)
        address = more[1].replace("&amp;", "&") if more else ""
    ids = {str(m.id) for m in session.exec(select(Message).where(Message.case_id == case.id))}
    assert len(seen) == len(set(seen)) == len(ids)
    assert set(seen) == ids


@pytest.mark.parametrize("after", ["x", "1.2.3", "1.x.y.z", f"1.{'9' * 30}.{UUID(int=1)}.1", "a.1.b.2"])
def test_a_broken_cursor_leads_nowhere(client: httpx.Client, after: str) -> None:
    assert client.get("/messages", params={"after": after}).status_code == 404


def test_identities_are_apart_and_say_that_there_is_more_elsewhere(
    session: Session, mother: Person, visit: Callable[..., httpx.Client]
) -> None:
    food = make.make_enterprise(session, mother)
    own, theirs = moving(session, mother, BIRTH), moving(session, mother, BIRTH, enterprise=food)
    for_me, for_food = make.make_signed_in(session, mother), make.make_signed_in(session, mother, acting=food)
    session.commit()
    for token, case, other in ((for_me, own, theirs), (for_food, theirs, own)):
        client = visit(token)
        assert [g.key for g in groups(client)] == [str(case.id)]
        assert "您的其他身份有" in client.get("/messages").text
        assert client.get(f"/messages?case={other.number}").status_code == 404
        assert "没有找到" in client.get(f"/messages?q={other.number}").text
        client.post("/messages/reading", data={"group": str(other.id)})
    assert all(g.unread for token in (for_me, for_food) for g in groups(visit(token)))


def test_a_push_about_another_identity_says_whose_it_is_and_leads_there(
    session: Session, mother: Person, visit: Callable[..., httpx.Client]
) -> None:
    food = make.make_enterprise(session, mother)
    theirs, own = moving(session, mother, BIRTH, enterprise=food), moving(session, mother, BIRTH)
    of_food, of_mine = (session.exec(select(Message).where(Message.case_id == c.id)).first() for c in (theirs, own))
    for_me, for_food = make.make_signed_in(session, mother), make.make_signed_in(session, mother, acting=food)
    session.commit()
    assert of_food is not None
    assert of_mine is not None
    page = visit(for_me).get(f"/messages/{of_food.id}")
    assert page.status_code == 200
    for words in ("这条消息是企业的", food.name, f'name="enterprise" value="{food.id}"', f'value="/messages/{of_food.id}"'):
        assert words in page.text, words
    assert "新生儿" not in page.text, "nothing of what it says"
    assert "这条消息是您个人的" in visit(for_food).get(f"/messages/{of_mine.id}").text
    with db.reading() as after:
        assert after.get_one(Message, of_food.id).read_at == of_food.read_at, "looking from elsewhere reads nothing"
    assert visit(for_food).get(f"/messages/{of_food.id}").headers["location"] == f"/cases/{theirs.number}"


def test_who_may_act_no_more_for_an_enterprise_is_told_so(
    session: Session, mother: Person, visit: Callable[..., httpx.Client]
) -> None:
    food = make.make_enterprise(session, mother)
    case = moving(session, mother, BIRTH, enterprise=food)
    told = session.exec(select(Message).where(Message.case_id == case.id)).first()
    assert told is not None
    from app.accounts import enterprises

    enterprises.note(session, mother.id, [], NOW)
    token = make.make_signed_in(session, mother)
    session.commit()
    page = visit(token).get(f"/messages/{told.id}").text
    assert "您现在不能代表这家企业了" in page
    assert food.name not in page


def test_a_strangers_message_is_not_there(session: Session, client: httpx.Client) -> None:
    theirs = moving(session, make.make_person(session, make.FATHER), BIRTH)
    told = session.exec(select(Message).where(Message.case_id == theirs.id)).first()
    session.commit()
    assert told is not None
    assert client.get(f"/messages/{told.id}").status_code == 404


def test_what_still_asks_leads_to_the_card_that_says_how(session: Session, mother: Person, client: httpx.Client) -> None:
    case: Case = moving(session, mother, BIRTH)
    ask(session, case, "msb.maternity_benefit", NOW)
    told = session.exec(select(Message).where(Message.kind == "correction_asked")).one()
    session.commit()
    assert client.get(f"/messages/{told.id}").headers["location"] == f"/cases/{case.number}#todo-1"


@pytest.mark.parametrize("name", ["case", "q", "after", "show"])
def test_what_no_row_can_hold_finds_nothing_and_breaks_nothing(client: httpx.Client, name: str) -> None:
    for value in ("%00", "2611%002500", "%00%20%00"):
        assert client.get(f"/messages?{name}={value}").status_code in (200, 404, 422)

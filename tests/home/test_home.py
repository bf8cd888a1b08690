"""The front door: who is greeted how, which case stands first, what it costs, and that nobody sees another's."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from app.accounts.models import Staff
from app.cases import office
from app.cases.models import Case, CaseItem
from app.core.clock import utcnow
from tests.conftest import Visit
from tests.factories import MOTHER, make_case, make_person, make_phone, make_signed_in, make_staff


@pytest.fixture
def queries(database: Engine) -> Iterator[list[str]]:
    """Every statement sent to the database."""
    sent: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            sent.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield sent
    event.remove(database, "before_cursor_execute", note)


def ask_correction(session: Session, case: Case, item_id: str = "health.birth_cert") -> None:
    """The department asks the applicant for something."""
    item = session.exec(select(CaseItem).where(CaseItem.case_id == case.id, CaseItem.item_id == item_id)).one()
    staff = session.exec(select(Staff).where(Staff.department_id == item.department_id)).first()
    who = staff or make_staff(session, f"{item.department_id}1")
    office.request_correction(
        session, office.Reviewer(who.id, who.department_id, who.jurisdiction), case.id, item_id, item.version,
        [office.Target(question="mother.phone")], "请再看一遍。", utcnow() + timedelta(days=5), utcnow(),
    )  # fmt: skip


def test_a_stranger_is_greeted_and_asked_to_sign_in_without_any_query(visit: Visit, queries: list[str]) -> None:
    page = visit().get("/")
    assert page.status_code == 200
    assert "登录，看您的办件" in page.text
    assert "新生儿出生" in page.text
    assert queries == []


def test_the_running_case_is_shown_with_its_departments_in_three_queries(
    session: Session, visit: Visit, queries: list[str]
) -> None:  # fmt: skip
    person = make_person(session, MOTHER)
    token, case = make_signed_in(session, person), make_case(session, person)
    session.commit()
    queries.clear()
    page = visit(token).get("/")
    assert f'href="/cases/{case.number}"' in page.text
    assert "0/5 部门已办结" in page.text
    assert "王晓兰" in page.text
    assert len(queries) <= 3


def test_with_nothing_running_it_still_counts_messages_in_three_queries(
    session: Session, visit: Visit, queries: list[str]
) -> None:  # fmt: skip
    token = make_signed_in(session, make_person(session))
    session.commit()
    queries.clear()
    assert "没有在办的事" in visit(token).get("/").text
    assert len(queries) <= 3


def test_the_case_that_waits_for_me_comes_before_a_newer_one(session: Session, visit: Visit) -> None:
    person = make_person(session)
    token = make_signed_in(session, person)
    older = make_case(session, person, now=utcnow() - timedelta(days=2))
    make_case(session, person)
    ask_correction(session, older)
    session.commit()
    page = visit(token).get("/").text
    assert f"/cases/{older.number}" in page
    assert "请您补正" in page
    assert "在办的全部 2 件" in page


def test_another_persons_case_is_nowhere(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_person(session))
    theirs = make_case(session, make_person(session))
    session.commit()
    assert theirs.number not in visit(token).get("/").text


def test_a_phone_without_a_person_sees_no_case_and_the_next_step(session: Session, visit: Visit) -> None:
    token = make_signed_in(session, make_phone(session))
    session.commit()
    assert "还差一步：核对本人" in visit(token).get("/").text


def test_unread_messages_are_counted_on_the_tab(session: Session, visit: Visit) -> None:
    person = make_person(session)
    token, case = make_signed_in(session, person), make_case(session, person)
    ask_correction(session, case)
    session.commit()
    assert "条未读" in visit(token).get("/").text


def test_the_senior_view_has_four_doors_and_a_way_back(session: Session, visit: Visit) -> None:
    person = make_person(session, MOTHER)
    token = make_signed_in(session, person)
    make_case(session, person)
    session.commit()
    client = visit(token)
    client.cookies.set("mode", "care", domain="127.0.0.1")
    page = client.get("/").text
    assert 'data-mode="care"' in page
    assert page.count("<a", page.index('class="big4"'), page.index("</nav>", page.index('class="big4"'))) == 4
    assert "标准版" in page


@pytest.mark.parametrize(("name", "value", "shown"), [
    ("theme", "dark", 'data-theme="dark"'), ("text", "5", 'data-text="5"'), ("mode", "care", 'data-mode="care"'),
    ("lang", "en", 'lang="en"'),
])  # fmt: skip
def test_the_choice_made_in_settings_is_there_before_the_first_paint(visit: Visit, name: str, value: str, shown: str) -> None:
    client = visit()
    kept = client.post("/settings", data={name: value, "back": "/me/settings"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/me/settings")
    assert shown in client.get("/").text.split("<head>", 1)[0]


def test_following_the_device_leaves_the_theme_open(visit: Visit) -> None:
    client = visit()
    client.post("/settings", data={"theme": "dark"})
    client.post("/settings", data={"theme": "auto"})
    assert "data-theme" not in client.get("/").text.split("<head>", 1)[0]


@pytest.mark.parametrize("cookie", ["theme=<b>", "mode=x", "text=9", "lang=fr"])
def test_a_cookie_that_says_nonsense_is_ignored(server: str, cookie: str) -> None:
    page = httpx.get(f"{server}/", headers={"Cookie": cookie}, trust_env=False)
    assert page.text.split("<head>", 1)[0].split("<html", 1)[1].strip() == 'lang="zh-CN">'


def test_what_cannot_be_chosen_is_refused(visit: Visit) -> None:
    assert visit().post("/settings", data={"theme": "pink"}).status_code == 422

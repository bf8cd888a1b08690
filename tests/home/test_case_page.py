"""The pages of a case, the list, what was filed, taking it back, the inbox: over HTTP, with their queries counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.parties import Party
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.documents import queries as documents
from app.documents import service as shelf
from app.home.cases_routes import shelf as kept
from tests import factories as make
from tests.cases.hands import ask, decide, item_of
from tests.newborn import answers, picture

NOW = utcnow()


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    made = make.make_case(session, mother, answers=answers(), now=NOW)
    session.commit()
    return made


@pytest.fixture
def client(session: Session, mother: Person, case: Case, visit: Any) -> httpx.Client:
    token = make.make_signed_in(session, mother)
    session.commit()
    kept.kept.clear()
    return visit(token)  # type: ignore[no-any-return]


@contextmanager
def queries() -> Iterator[list[str]]:
    """What the server asks or changes meanwhile."""
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_the_page_says_whose_turn_it_is_and_what_waits_for_what(client: httpx.Client, case: Case) -> None:
    page = client.get(f"/cases/{case.number}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for words in ("新生儿出生", "等受理", "等卫健出生医学证明办好", "5 个部门同时办，已办完 0 个", "您提交了申请", "撤回申请"):
        assert words in page.text, words


def test_what_is_asked_of_me_comes_first(session: Session, client: httpx.Client, case: Case) -> None:
    ask(session, case, "health.birth_cert", NOW)
    session.commit()
    text = client.get(f"/cases/{case.number}").text
    assert text.index("要您办") < text.index("各部门进度")
    assert "户名和身份证上的名字对不上" in text
    assert f"/cases/{case.number}/items/health.birth_cert/correction" in text
    assert "补正后，最晚" in text


def test_a_denial_is_shown_with_ground_reason_remedies_and_what_it_ends(
    session: Session, client: httpx.Client, case: Case
) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "deny")
    session.commit()
    text = client.get(f"/cases/{case.number}").text
    for words in (
        "没有同意",
        "材料不齐",
        "社会保险法第五十四条",
        "行政复议",
        "要先办好卫健出生医学证明，那边没有办成",
        "全部办完了",
    ):
        assert words in text, words


def test_items_that_are_not_needed_stay_visible_and_say_why(session: Session, mother: Person, client: httpx.Client) -> None:
    items = [i for i in make.NEWBORN if i.item_id != "psb.birth_reg"] + [
        type(i)(i.item_id, i.department_id, False, i.after, i.after_any, i.promised_days, i.legal_days)
        for i in make.NEWBORN
        if i.item_id == "psb.birth_reg"
    ]
    made = make.make_case(session, mother, items=items)
    session.commit()
    text = client.get(f"/cases/{made.number}").text
    assert "不用办" in text
    assert "照您填的，用不着办" in text


def test_a_result_can_be_downloaded(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    item = item_of(session, case, "health.birth_cert")
    item.result_document_id = shelf.store_result(session, mother.id, case.id, item.id, "出生医学证明.jpg", picture(), NOW)
    decide_version = case.version
    session.add(item)
    case.version = decide_version + 1
    session.commit()
    text = client.get(f"/cases/{case.number}").text
    assert f"/cases/{case.number}/documents/{item.result_document_id}/original" in text
    assert client.get(f"/cases/{case.number}/documents/{item.result_document_id}/original").status_code == 200


def test_the_page_costs_at_most_five_queries_and_two_when_nothing_changed(
    session: Session, client: httpx.Client, case: Case
) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    session.commit()
    with queries() as seen:
        client.get(f"/cases/{case.number}")
    assert len(seen) <= 5, seen
    counts = []
    for _ in range(3):  # a new minute may begin between two of them
        with queries() as seen:
            client.get(f"/cases/{case.number}")
        counts.append(len(seen))
    assert min(counts) == 2, seen


@pytest.mark.parametrize(("path", "most"), [("/cases", 3), ("/messages", 4)])
def test_lists_cost_few_queries(session: Session, mother: Person, client: httpx.Client, path: str, most: int) -> None:
    for _ in range(4):
        make.make_case(session, mother)
    session.commit()
    with queries() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= most, seen


def test_a_kept_page_is_never_shown_to_somebody_else_or_in_another_language(
    session: Session, client: httpx.Client, case: Case, visit: Any
) -> None:
    father = make.make_signed_in(session, make.make_person(session, make.FATHER))
    session.commit()
    assert client.get(f"/cases/{case.number}").status_code == 200
    assert visit(father).get(f"/cases/{case.number}").status_code == 404
    english = client.get(f"/cases/{case.number}", headers={"Accept-Language": "en"})
    assert "Case progress" in english.text
    assert "办理经过" not in english.text


def test_opening_a_case_reads_its_messages(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept")
    session.commit()
    assert 'aria-label="1 条未读"' in client.get("/cases").text
    assert "1 条未读" not in client.get(f"/cases/{case.number}").text
    assert 'aria-label="1 条未读"' not in client.get("/cases").text


def test_the_list_puts_my_turn_first(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    newer = make.make_case(session, mother, now=NOW + timedelta(minutes=5))
    ask(session, case, "health.birth_cert", NOW)
    session.commit()
    text = client.get("/cases").text
    assert text.index(f"/cases/{case.number}") < text.index(f"/cases/{newer.number}")


def test_an_empty_list_says_what_will_be_there(session: Session, visit: Any) -> None:
    token = make.make_signed_in(session, make.make_person(session, make.FATHER))
    session.commit()
    client = visit(token)
    assert "还没有办件" in client.get("/cases").text
    assert "还没有消息" in client.get("/messages").text


def test_what_i_filed_can_be_seen_again(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    shelf.receive(shelf.Place(mother.id, case.draft_id, "M-BANK", 1), "card.jpg", picture(), NOW)
    rows = documents.of_draft(session, Party(mother.id), case.draft_id)
    wanted = [shelf.WantedDocument(r.material, r.page, r.sha256, r.size, r.filename) for r in rows]
    shelf.attach(session, Party(mother.id), case.draft_id, case.id, wanted)
    session.commit()
    text = client.get(f"/cases/{case.number}/filing").text
    for words in ("陈安宁", "社保卡或银行卡照片", f"/cases/{case.number}/documents/{rows[0].id}/pages/1?thumb=1"):
        assert words in text, words
    assert make.MOTHER.id_number not in text, "long numbers are masked"


ADDRESSES = (
    "/cases/{n}", "/cases/{n}/filing", "/cases/{n}/withdrawal", "/cases/{n}/stream", "/api/cases/{n}",
    "/cases/{n}/items/psb.birth_reg/correction",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_somebody_elses_case_is_not_there(session: Session, case: Case, visit: Any, address: str) -> None:
    token = make.make_signed_in(session, make.make_person(session, make.FATHER))
    session.commit()
    client = visit(token)
    assert client.get(address.format(n=case.number)).status_code == 404
    assert client.get(address.format(n="000000000000")).status_code == 404


@pytest.mark.parametrize("address", ["/cases/{n}/withdrawal", "/cases/{n}/items/psb.birth_reg/correction"])
def test_somebody_elses_case_cannot_be_acted_on(session: Session, case: Case, visit: Any, address: str) -> None:
    token = make.make_signed_in(session, make.make_person(session, make.FATHER))
    session.commit()
    answer = visit(token).post(address.format(n=case.number), data={"key": "0123456789", "version": str(case.version)})
    assert answer.status_code == 404


def test_signed_out_every_page_leads_to_sign_in(case: Case, visit: Any) -> None:
    client = visit()
    for address in ("/cases", "/messages", f"/cases/{case.number}", f"/cases/{case.number}/filing"):
        assert client.get(address).headers["location"].startswith("/sign-in?next=")


def test_taking_a_case_back_asks_first_and_is_done_once(session: Session, client: httpx.Client, case: Case) -> None:
    page = client.get(f"/cases/{case.number}/withdrawal").text
    assert "撤回后不能恢复" in page
    sent = {"key": page.split('name="key" value="')[1].split('"')[0], "version": str(case.version)}
    for _ in range(2):
        answer = client.post(f"/cases/{case.number}/withdrawal", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case.number}")
    assert "办件已撤回" in client.get(f"/cases/{case.number}").text


def test_a_withdrawal_of_what_moved_on_shows_what_is_true_now(session: Session, client: httpx.Client, case: Case) -> None:
    sent = {"key": "0123456789", "version": str(case.version)}
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    session.commit()
    answer = client.post(f"/cases/{case.number}/withdrawal", data=sent)
    assert answer.status_code == 409
    assert "已经有决定，不受影响" in answer.text


@pytest.mark.parametrize(
    "sent", [{}, {"key": "0123456789"}, {"key": "k" * 81, "version": "1"}, {"key": "0123456789", "version": "x"}]
)
def test_a_withdrawal_without_key_or_version_is_refused(client: httpx.Client, case: Case, sent: dict[str, str]) -> None:
    assert client.post(f"/cases/{case.number}/withdrawal", data=sent).status_code == 422


def test_the_inbox_shows_marks_filters_and_reads(session: Session, client: httpx.Client, case: Case) -> None:
    decide(session, case, "health.birth_cert", NOW, "accept", "approve")
    ask(session, case, "psb.birth_reg", NOW)
    session.commit()
    page = client.get("/messages").text
    for words in ("公安请您补", "轮到", "未读", "要我办 1", "要您办"):
        assert words in page, words
    only = client.get("/messages?show=your-turn").text
    assert "公安请您补" in only
    assert "轮到" not in only
    assert client.post("/messages/reading").headers["location"] == "/messages"
    assert 'aria-label="未读"' not in client.get("/messages").text

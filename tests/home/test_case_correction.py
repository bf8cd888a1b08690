"""Answering a correction: only what was asked is open; late, changed and repeated replies; the way without script."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.accounts.parties import Party
from app.cases.models import Case, CaseEvent, Correction
from app.cases.office import Target
from app.cases.queries import answers as answers_of
from app.cases.queries import own
from app.core import db
from app.core.clock import utcnow
from app.documents import queries as documents
from app.documents import service as shelf
from tests import factories as make
from tests.cases.hands import ask, decide, item_of
from tests.newborn import answers, picture

NOW = utcnow()
ITEM = "msb.maternity_benefit"
CARD = Target(material="M-BANK", page=1, mark=(0.5, 0.25, 0.3, 0.2))
HOLDER = Target(question="bank.holder")


@pytest.fixture
def mother(session: Session) -> Person:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def case(session: Session, mother: Person) -> Case:
    made = make.make_case(session, mother, answers=answers(), now=NOW)
    decide(session, made, "health.birth_cert", NOW, "accept", "approve")
    attach_card(session, mother, made)
    session.commit()
    return made


def attach_card(session: Session, mother: Person, case: Case) -> None:
    session.commit()
    shelf.receive(shelf.Place(mother.id, case.draft_id, "M-BANK", 1), "card.jpg", picture(), NOW)
    rows = documents.of_draft(session, Party(mother.id), case.draft_id)
    wanted = [shelf.WantedDocument(r.material, r.page, r.sha256, r.size, r.filename) for r in rows]
    shelf.attach(session, Party(mother.id), case.draft_id, case.id, wanted)


@pytest.fixture
def client(session: Session, mother: Person, case: Case, visit: Any) -> httpx.Client:
    token = make.make_signed_in(session, mother)
    session.commit()
    return visit(token)  # type: ignore[no-any-return]


def asked(session: Session, case: Case, *targets: Target) -> UUID:
    made = ask(session, case, ITEM, NOW, *targets)
    session.commit()
    return made


def address(case: Case) -> str:
    return f"/cases/{case.number}/items/{ITEM}/correction"


def hidden(page: str) -> dict[str, str]:
    """Key and version as the page carries them."""
    form = page[page.index('id="reply"') :]
    return {name: re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in ("key", "version")}  # type: ignore[index]


def stored(mother: Person, case: Case) -> str:
    """The answers as they stand, read apart from the test's session, which would hold the write lock."""
    with db.reading() as fresh:
        return answers_of(fresh, own(fresh, Party(mother.id), case.number))


def test_the_page_opens_only_what_was_asked(session: Session, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER, CARD)
    page = client.get(address(case))
    assert page.status_code == 200
    for words in ("共 2 项", "户名和身份证上的名字对不上", "医保 周敏", "圈出来的地方有问题", "其余的不用动", "交给医保"):
        assert words in page.text, words
    assert 'name="bank.holder"' in page.text
    assert 'name="baby.name"' not in page.text
    assert re.search(r'<rect x="600\.0" y="225\.0" width="360\.0" height="180\.0"', page.text)


def test_a_question_and_a_picture_go_back_to_the_department(
    session: Session, mother: Person, client: httpx.Client, case: Case
) -> None:
    correction = asked(session, case, HOLDER, CARD)
    back = address(case)
    sent = client.post(
        f"/drafts/{correction}/documents", data={"material": "M-BANK", "page": "1", "next": back},
        files={"file": ("new.jpg", picture(seed=7), "image/jpeg")},
    )  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, back)
    page = client.get(back).text
    assert 'data-sha256="' in page
    answer = client.post(back, data={**hidden(page), "bank.holder": "陈志远"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case.number}")
    assert '"bank.holder":"陈志远"' in stored(mother, case)
    assert '"baby.name":"陈安宁"' in stored(mother, case), "the rest stands as it was filed"
    item = item_of(session, case, ITEM)
    assert item.state == "resubmitted"
    kept = documents.of_case(session, case.id, {"M-BANK"})
    assert [d.revision for d in kept] == [1, 2], "what was sent before is kept"
    assert client.get(back).headers["location"] == f"/cases/{case.number}"
    decide(session, case, ITEM, NOW, "accept", "approve", "finish")
    assert item_of(session, case, ITEM).state == "finished"


def test_a_missing_picture_keeps_what_was_typed(session: Session, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER, CARD)
    answer = client.post(address(case), data={**hidden(client.get(address(case)).text), "bank.holder": "陈志远"})
    assert answer.status_code == 422
    assert "这张照片还没有传" in answer.text
    assert 'value="陈志远"' in answer.text


def test_a_wrong_answer_is_said_beside_its_question(session: Session, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER)
    for wrong in ("", "😀", "x" * 300):
        answer = client.post(address(case), data={**hidden(client.get(address(case)).text), "bank.holder": wrong})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert item_of(session, case, ITEM).state == "correction_asked"


@pytest.mark.parametrize("strange", [{"baby.name": "别的名字"}, {"hukou.head": "李四"}])
def test_a_reply_that_changes_what_was_not_asked_is_refused(
    session: Session, mother: Person, client: httpx.Client, case: Case, strange: dict[str, str]
) -> None:
    asked(session, case, HOLDER)
    before = stored(mother, case)
    answer = client.post(address(case), data={**hidden(client.get(address(case)).text), "bank.holder": "陈志远", **strange})
    assert answer.status_code == 422
    assert "补正只能改部门请您改的" in answer.text
    assert stored(mother, case) == before


def test_a_picture_that_was_not_asked_is_refused(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    correction = asked(session, case, HOLDER)
    shelf.receive(shelf.Place(mother.id, correction, "M-HK", 1), "x.jpg", picture(seed=3), NOW)
    answer = client.post(address(case), data={**hidden(client.get(address(case)).text), "bank.holder": "陈志远"})
    assert answer.status_code == 422
    assert "M-HK 1" in answer.text


def test_the_same_reply_again_leads_to_the_case(session: Session, mother: Person, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER)
    sent = {**hidden(client.get(address(case)).text), "bank.holder": "陈志远"}
    for _ in range(2):
        assert client.post(address(case), data=sent).headers["location"] == f"/cases/{case.number}"
    found = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "correction_answered")
    assert len(session.exec(found).all()) == 1


def test_a_reply_to_what_moved_on_shows_what_was_typed(session: Session, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER)
    page = hidden(client.get(address(case)).text)
    client.post(address(case), data={**page, "bank.holder": "陈志远"})
    answer = client.post(address(case), data={**page, "key": "another-key-here", "bank.holder": "王晓兰"})
    assert answer.status_code == 409
    assert "王晓兰" in answer.text
    assert "原来的决定有效" in answer.text


def test_progress_elsewhere_does_not_hurt_a_reply(session: Session, client: httpx.Client, case: Case) -> None:
    asked(session, case, HOLDER)
    page = hidden(client.get(address(case)).text)
    decide(session, case, "psb.birth_reg", NOW, "accept", "approve")
    session.commit()
    assert client.post(address(case), data={**page, "bank.holder": "陈志远"}).status_code == 303


def test_a_late_reply_is_taken_while_the_department_waits_and_noted(session: Session, client: httpx.Client, case: Case) -> None:
    correction = session.get(Correction, asked(session, case, HOLDER))
    assert correction is not None
    correction.reply_by = utcnow() - timedelta(hours=1)
    session.add(correction)
    session.commit()
    page = client.get(address(case)).text
    assert "过了日子也能交" in page
    assert client.post(address(case), data={**hidden(page), "bank.holder": "陈志远"}).status_code == 303
    found = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "correction_answered")
    assert session.exec(found).one().data == {"revision": 2, "late": True}


def test_two_departments_corrections_do_not_undo_each_other(
    session: Session, mother: Person, client: httpx.Client, case: Case
) -> None:
    asked(session, case, HOLDER)
    ask(session, case, "psb.birth_reg", NOW, Target(question="hukou.head"))
    session.commit()
    other = f"/cases/{case.number}/items/psb.birth_reg/correction"
    first, second = hidden(client.get(address(case)).text), hidden(client.get(other).text)
    assert client.post(address(case), data={**first, "bank.holder": "陈志远"}).status_code == 303
    assert client.post(other, data={**second, "hukou.head": "陈建国"}).status_code == 303
    now = stored(mother, case)
    assert '"bank.holder":"陈志远"' in now
    assert '"hukou.head":"陈建国"' in now


def test_no_correction_asked_leads_back_or_nowhere(client: httpx.Client, case: Case) -> None:
    assert client.get(address(case)).status_code == 404
    assert client.get(f"/cases/{case.number}/items/no.such_item/correction").status_code == 404


def test_somebody_elses_correction_is_not_there(session: Session, case: Case, visit: Any) -> None:
    asked(session, case, HOLDER)
    token = make.make_signed_in(session, make.make_person(session, make.FATHER))
    session.commit()
    other = visit(token)
    assert other.get(address(case)).status_code == 404
    data = {"key": "0123456789", "version": "3", "bank.holder": "陈志远"}
    assert other.post(address(case), data=data).status_code == 404

"""A correction loses nothing: a session that ends while it is typed, a photo sent without script, two people, somebody else."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session, delete, select

from app.accounts.models import Person, SessionRow
from app.accounts.parties import Party
from app.cases.models import Case
from app.cases.office import Target
from app.core import db
from app.core.clock import utcnow
from app.documents import queries as documents
from app.filing.models import CorrectionDraft
from tests import factories as make
from tests.cases.hands import ask, decide, item_of
from tests.newborn import answers, picture

from .test_case_correction import CARD, HOLDER, ITEM, NOW, address, attach_card, stored


class Waiting:
    """A case of 王晓兰's, filed by 陈志远, whose correction waits; both are signed in."""

    def __init__(self, session: Session, visit: Any, *targets: Target) -> None:
        self.session, self.visit = session, visit
        self.mother, self.father = make.make_person(session, make.MOTHER), make.make_person(session, make.FATHER)
        self.case: Case = make.make_case(session, self.mother, filer=self.father, answers=answers(), now=NOW)
        decide(session, self.case, "health.birth_cert", NOW, "accept", "approve")
        attach_card(session, self.mother, self.case)
        self.correction: UUID = ask(session, self.case, ITEM, NOW, *targets)
        session.commit()
        self.at = address(self.case)

    def client(self, person: Person) -> httpx.Client:
        token = make.make_signed_in(self.session, person)
        self.session.commit()
        return self.visit(token)  # type: ignore[no-any-return]

    def end_sessions(self) -> None:
        self.session.execute(delete(SessionRow))
        self.session.commit()

    def photo(self, seed: int = 7, body: bytes | None = None) -> dict[str, Any]:
        return {"file.M-BANK-1": ("new.jpg", body or picture(seed=seed), "image/jpeg")}

    def sent(self, person: Person) -> list[int]:
        with db.reading() as fresh:
            return [d.page for d in documents.of_draft(fresh, Party(person.id), self.correction)]

    def stored(self) -> str:
        """The answers as they stand; the test's session lets go of its lock."""
        found = stored(self.mother, self.case)
        self.session.rollback()
        return found

    def state(self) -> str:
        """Where the item stands; the test's session lets go of its lock."""
        found = item_of(self.session, self.case, ITEM).state.value
        self.session.rollback()
        return found

    def drafts(self) -> list[CorrectionDraft]:
        with db.reading() as fresh:
            return list(fresh.exec(select(CorrectionDraft)))


@pytest.fixture
def waiting(session: Session, visit: Any) -> Waiting:
    return Waiting(session, visit, HOLDER, CARD)


def fields(page: httpx.Response) -> dict[str, str]:
    """What the page's form carries beside what is typed."""
    names = ("key", "version", "ticket", "correction")
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page.text)[1] for name in names}  # type: ignore[index]


def test_a_session_that_ends_while_a_correction_is_typed_loses_nothing(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    kept = fields(client.get(waiting.at))
    waiting.end_sessions()
    answer = client.post(waiting.at, data={**kept, "bank.holder": "陈志远", "action": "send"})
    to = httpx.URL(answer.headers["location"])
    assert (answer.status_code, to.path, to.params["next"]) == (303, "/sign-in", waiting.at)
    back = waiting.client(waiting.mother)
    page = back.get(waiting.at)
    assert 'value="陈志远"' in page.text
    assert "登录前填的还没交" in page.text
    assert "陈志远" not in waiting.stored().partition("bank.holder")[2], "nothing was sent"
    answer = back.post(waiting.at, data={**fields(page), "bank.holder": "陈志远"}, files=waiting.photo())
    assert answer.headers["location"] == f"/cases/{waiting.case.number}"
    assert '"bank.holder":"陈志远"' in waiting.stored()
    assert waiting.drafts() == [], "what was answered needs no draft"


def test_what_is_held_is_shown_only_to_its_writer(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    kept = fields(client.get(waiting.at))
    waiting.end_sessions()
    father = waiting.client(waiting.father)
    answer = father.post(waiting.at, data={**kept, "bank.holder": "陈安宁", "action": "send"}, files=waiting.photo())
    assert answer.status_code == 404, "a page made for somebody else"
    assert "陈安宁" not in answer.text + father.get(waiting.at).text
    assert waiting.sent(waiting.father) == []
    assert 'value="陈安宁"' in waiting.client(waiting.mother).get(waiting.at).text


def test_what_is_held_does_not_cover_what_was_kept(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    kept = fields(client.get(waiting.at))
    client.post(waiting.at, data={**kept, "bank.holder": "王晓兰兰", "action": "save"})
    waiting.end_sessions()
    client.post(waiting.at, data={**kept, "bank.holder": "陈志远", "action": "send"})
    [draft] = waiting.drafts()
    assert ("王晓兰兰" in draft.answers, "陈志远" in (draft.held or "")) == (True, True)


def test_a_forged_ticket_holds_nothing(waiting: Waiting, visit: Any) -> None:
    kept = fields(waiting.client(waiting.mother).get(waiting.at))
    for changed in ({"ticket": "x"}, {"ticket": ""}, {"ticket": kept["ticket"][:-6] + "AAAAAA"}, {"correction": "nonsense"},
                    {"correction": "01936f2e-7a00-7000-8000-000000000001"}):  # fmt: skip
        answer = visit().post(waiting.at, data={**kept, **changed, "bank.holder": "坏人", "action": "send"})
        assert answer.headers["location"].startswith("/sign-in?")
    elsewhere = waiting.at.replace(ITEM, "psb.birth_reg")
    visit().post(elsewhere, data={**kept, "bank.holder": "坏人"})
    assert waiting.drafts() == []


def test_typing_is_kept_while_it_goes_on_and_on_another_device(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    said = {"Accept": "application/json"}
    answer = client.post(
        waiting.at, data={**fields(client.get(waiting.at)), "bank.holder": "陈", "action": "save"}, headers=said
    )
    assert answer.status_code == 204
    page = waiting.client(waiting.mother).get(waiting.at).text
    assert 'value="陈"' in page
    assert "换手机也能接着填" in page
    assert 'value="陈"' not in waiting.client(waiting.father).get(waiting.at).text, "each their own"
    waiting.end_sessions()
    gone = client.post(waiting.at, data={"bank.holder": "陈志", "action": "save"}, headers=said)
    assert (gone.status_code, gone.json()["type"]) == (401, "/problems/sign-in-needed")


def test_without_script_what_is_typed_goes_with_the_photo(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    kept = fields(client.get(waiting.at))
    answer = client.post(waiting.at, data={**kept, "bank.holder": "陈志远", "action": "upload"}, files=waiting.photo())
    assert (answer.status_code, answer.headers["location"]) == (303, waiting.at)
    page = client.get(waiting.at)
    assert 'value="陈志远"' in page.text
    assert waiting.sent(waiting.mother) == [1]
    assert waiting.state() == "correction_asked"
    answer = client.post(waiting.at, data={**fields(page), "bank.holder": "陈志远", "action": "send"})
    assert answer.headers["location"] == f"/cases/{waiting.case.number}"
    assert [d.revision for d in documents.of_case(waiting.session, waiting.case.id, {"M-BANK"})] == [1, 2]


@pytest.mark.parametrize("action", ["upload", "send"])
def test_a_refused_photo_keeps_what_is_typed_and_sends_nothing(waiting: Waiting, action: str) -> None:
    client = waiting.client(waiting.mother)
    data = {**fields(client.get(waiting.at)), "bank.holder": "陈志远", "action": action}
    answer = client.post(waiting.at, data=data, files=waiting.photo(body=b"<html><script>alert(1)</script>"))
    assert answer.status_code == 422
    assert "只收照片" in answer.text
    for page in (answer, client.get(waiting.at)):
        assert 'value="陈志远"' in page.text
    assert waiting.sent(waiting.mother) == []
    assert waiting.state() == "correction_asked"


def test_a_photo_of_30_megabytes_is_refused_beside_its_field(waiting: Waiting) -> None:
    client = waiting.client(waiting.mother)
    data = {**fields(client.get(waiting.at)), "bank.holder": "陈志远", "action": "upload"}
    answer = client.post(waiting.at, data=data, files=waiting.photo(body=bytes(30 * 1024 * 1024)))
    assert answer.status_code == 422
    assert "20 MB" in answer.text
    assert 'value="陈志远"' in answer.text


def test_applicant_and_filer_both_see_the_pictures_and_results_of_the_case(waiting: Waiting, visit: Any) -> None:
    [card] = documents.of_case(waiting.session, waiting.case.id, {"M-BANK"})
    waiting.session.commit()
    base = f"/cases/{waiting.case.number}/documents/{card.id}"
    for person in (waiting.mother, waiting.father):
        client = waiting.client(person)
        assert f"{base}/pages/1" in client.get(waiting.at).text
        assert f"{base}/pages/1?thumb=1" in client.get(f"/cases/{waiting.case.number}/filing").text
        for address_of in (f"{base}/pages/1", f"{base}/pages/1?thumb=1"):
            answer = client.get(address_of)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        original = client.get(f"{base}/original")
        assert "attachment" in original.headers["content-disposition"]
        assert original.content == picture()
        assert client.get(f"{base}/pages/2").status_code == 404


def test_to_others_and_under_another_case_its_documents_are_not_there(waiting: Waiting, visit: Any) -> None:
    [card] = documents.of_case(waiting.session, waiting.case.id, {"M-BANK"})
    stranger = make.make_person(waiting.session, make.GRANDFATHER)
    own = make.make_case(waiting.session, stranger, answers=answers(), now=utcnow())
    waiting.session.commit()
    client = waiting.client(stranger)
    for number in (waiting.case.number, own.number, "nonsense"):
        for rest in ("pages/1", "pages/1?thumb=1", "original"):
            assert client.get(f"/cases/{number}/documents/{card.id}/{rest}").status_code == 404
            assert visit().get(f"/cases/{number}/documents/{card.id}/{rest}").status_code in (303, 404)

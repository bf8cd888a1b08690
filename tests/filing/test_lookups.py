"""免提交: asked only with consent, shown as it came, used only for the person's own draft."""

import re

import httpx
from sqlmodel import Session, select

from app.filing.models import Lookup, Outcome
from tests.filing.conftest import Resident

ALL = {"population", "marriage", "social_security"}


def start(who: Resident) -> str:
    """A new draft of P01; gives its id."""
    answer = who.page.post("/services/newborn/drafts", data={"new": "1"})
    found = re.fullmatch(r"/drafts/([0-9a-f-]{36})/lookups", answer.headers["location"])
    assert found is not None
    return found[1]


def consent(who: Resident, draft: str, **more: object) -> httpx.Response:
    return who.page.post(f"/drafts/{draft}/lookups", data={"consent": "true", **more})


def rows(session: Session) -> dict[str, Lookup]:
    session.expire_all()
    found = session.exec(select(Lookup).order_by(Lookup.asked_at)).all()  # type: ignore[arg-type]
    session.rollback()
    return {row.held_by.value: row for row in found}


def test_a_new_draft_begins_with_what_the_registers_would_be_asked(alice: Resident) -> None:
    draft = start(alice)
    page = alice.page.get(f"/drafts/{draft}/lookups").text
    for words in ("我们替您查，您就不用交", "人口信息", "婚姻登记", "社会保险", "居民身份证", "卫健", "公安", "不查，自己拍"):
        assert words in page, words
    assert "checked" not in page


def test_consent_is_recorded_and_the_answers_are_shown(alice: Resident, session: Session) -> None:
    draft = start(alice)
    assert consent(alice, draft).headers["location"] == f"/drafts/{draft}/lookups/results"
    page = alice.page.get(f"/drafts/{draft}/lookups/results").text
    for words in ("查到了", "陈**", "现在有配偶"):
        assert words in page, words
    assert "陈志远" not in page
    found = rows(session)
    assert set(found) == ALL
    assert all(row.consented_at and row.outcome is Outcome.FOUND for row in found.values())

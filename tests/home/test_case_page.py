"""The case page, its list and what was filed, over HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.cases import office
from app.cases.models import Case
from app.cases.office import Reviewer, Target
from app.core import db
from app.core.clock import utcnow
from tests import factories as make
from tests.cases.hands import item_of, reply_by, reviewer


@pytest.fixture
def mother(session: Session) -> Any:
    return make.make_person(session, make.MOTHER)


@pytest.fixture
def signed(session: Session, mother: Any, visit: Any) -> Iterator[tuple[httpx.Client, Case]]:
    case = make.make_case(session, mother)
    token = make.make_signed_in(session, mother)
    session.commit()
    yield visit(token), case


def test_the_page_says_whose_turn_it_is_and_what_waits(signed: tuple[httpx.Client, Case]) -> None:
    client, case = signed
    page = client.get(f"/cases/{case.number}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for words in ("新生儿出生", "等受理", "等卫健出生证办好", "个部门同时办，已办完 0 个", "您提交了申请", "撤回申请"):
        assert words in page.text, words

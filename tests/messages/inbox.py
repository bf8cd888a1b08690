"""What tests see of an inbox page: its groups, each with its title, number and the titles of its messages."""

import re
from typing import NamedTuple

import httpx
from sqlmodel import Session

from app.accounts.models import Person
from app.cases.models import Case
from app.core.clock import utcnow
from tests import factories as make
from tests.cases.hands import decide

SECTION = re.compile(r'<section class="card" id="g-([0-9a-f-]+)" aria-label="([^"]*)">(.*?)</section>', re.S)
TITLE = re.compile(r"<h3>(?:<span[^>]*></span>)?(?:<a[^>]*>)?([^<]+)")
UNREAD = re.compile(r'<span class="tag lake">(\d+) 条未读')


class Shown(NamedTuple):
    """A group on the page."""

    key: str
    label: str
    titles: list[str]
    unread: int
    html: str


def groups(client: httpx.Client, address: str = "/messages") -> list[Shown]:
    """The groups of a page in their order."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    found = []
    for key, label, html in SECTION.findall(answer.text):
        unread = UNREAD.search(html)
        found.append(Shown(key, label, TITLE.findall(html), int(unread[1]) if unread else 0, html))
    return found


def fours(case: Case) -> str:
    """A case number as it is shown."""
    return f"{case.number[:4]} {case.number[4:8]} {case.number[8:]}"


def moving(session: Session, person: Person, *items: str, minutes: int = 0, **more: object) -> Case:
    """A case of which these items are finished, so many minutes from now on the clock."""
    from datetime import timedelta

    now = utcnow() + timedelta(minutes=minutes)
    case = make.make_case(session, person, now=now, **more)  # type: ignore[arg-type]
    for item in items:
        decide(session, case, item, now, "accept", "approve", "finish")
    return case

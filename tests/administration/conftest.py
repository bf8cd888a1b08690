"""What the administrators' tests share: an administrator with a browser, and what forms send."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session

from app.accounts.models import Role
from tests import factories
from tests.conftest import Visit

FIELD = re.compile(r"<input\b[^>]*>")
AREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>([^<]*)</textarea>')
NAME, VALUE = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"')
SELECTED = re.compile(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.S)


@dataclass(frozen=True)
class At:
    """An administrator at their desk."""

    id: UUID
    client: httpx.Client


Seat = Callable[..., At]


@pytest.fixture
def seat(session: Session, visit: Visit) -> Seat:
    """seat("das1", jurisdiction=…, role=…): a member of staff with a browser that is signed in."""

    def take(
        username: str = "das1", *, jurisdiction: str = factories.DIVISION, role: Role = Role.ADMINISTRATOR, name: str = "顾云"
    ) -> At:
        staff = factories.make_staff(session, username, jurisdiction=jurisdiction, role=role, name=name)
        token = factories.make_staff_signed_in(session, staff)
        session.commit()
        return At(staff.id, visit(staff=token))

    return take


def form_of(page: str) -> dict[str, str]:
    """What the page's forms would send: names and values of all fields, the last of a name wins."""
    found = {name: unescape(text) for name, text in AREA.findall(page)}
    for tag in FIELD.findall(page):
        name, value = NAME.search(tag), VALUE.search(tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in SELECTED.findall(page):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def send(client: httpx.Client, path: str, **changes: str) -> httpx.Response:
    """Open a page, change some fields, send its form back to the same address."""
    page = client.get(path)
    assert page.status_code == 200, page.text[:300]
    return client.post(path.split("?")[0], data={**form_of(page.text), **changes})

"""The town's staff, as the demo has them."""

from typing import Any

import pytest
from sqlmodel import Session

from tests.e2e.kinds import Form
from tests.every_kind import every_kind
from tests.factories import MOTHER, make_person, make_signed_in, make_staff
from tests.look.walk import sign_in

__all__ = ["every_kind"]

STAFF = ("health1", "cdc1", "psb1", "msb1", "msb2", "hrss1")


@pytest.fixture
def staff(session: Session) -> None:
    """Everybody at the desk."""
    for username in STAFF:
        make_staff(session, username)
    session.commit()


@pytest.fixture
def signed_in(session: Session, server: str, every_kind: str) -> Any:
    """signed_in(page): 王晓兰's form of every kind in this page."""
    token = make_signed_in(session, make_person(session, MOTHER))
    session.commit()

    def enter(page: Any) -> Form:
        sign_in(page, server, token)
        return Form(page, server, every_kind)

    return enter

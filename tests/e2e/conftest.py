"""The town's staff, as the demo has them."""

import pytest
from sqlmodel import Session

from tests.factories import make_staff

STAFF = ("health1", "cdc1", "psb1", "msb1", "msb2", "hrss1")


@pytest.fixture
def staff(session: Session) -> None:
    """Everybody at the desk."""
    for username in STAFF:
        make_staff(session, username)
    session.commit()

"""What filing's tests share: 王晓兰 signed in, whole answers of P01, and a submission over the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session

from app.core import db
from app.core.clock import local, utcnow
from app.core.ids import new_id
from tests import factories
from tests.conftest import Visit

SERVICE = "newborn"


def days_ago(days: int) -> str:
    """A date as answers carry it."""
    return (local(utcnow()) - timedelta(days=days)).date().isoformat()


def answers(**changed: Any) -> dict[str, Any]:
    """Right answers of a mother whose child settles elsewhere: no picture is wanted. None removes one; `__` is a dot."""
    found: dict[str, Any] = {
        "applicant.role": "mother", "applicant.name": factories.MOTHER.name,
        "applicant.id_number": factories.MOTHER.id_number, "applicant.phone": factories.MOTHER.phone,
        "applicant.hukou": "320507", "baby.name": "陈一诺", "baby.surname": "father", "baby.sex": "female",
        "baby.birth_at": days_ago(20), "baby.hospital": "pearl_lake", "mother.name": factories.MOTHER.name,
        "mother.id_number": factories.MOTHER.id_number, "mother.has_residence_permit": False, "father.known": False,
        "baby.settle_here": False, "mother.employee_insured": False, "delivery.mode": "electronic",
    }  # fmt: skip
    for name, value in changed.items():
        question = name.replace("__", ".")
        found.pop(question, None)
        if value is not None:
            found[question] = value
    return found


@dataclass
class Resident:
    """A person with a browser and an API client."""

    id: UUID
    page: httpx.Client
    api: httpx.Client


SignIn = Callable[..., Resident]


@pytest.fixture
def sign_in(session: Session, visit: Visit) -> SignIn:
    """sign_in(known): one of the cast, or somebody new, with a browser and an API client."""

    def enter(known: Any = None) -> Resident:
        person = factories.make_person(session, known)
        cookie = factories.make_signed_in(session, person)
        bearer = factories.make_signed_in(session, person, bearer=True)
        session.commit()
        return Resident(person.id, visit(cookie), visit(bearer, bearer=True, Accept="application/json"))

    return enter


@pytest.fixture
def alice(sign_in: SignIn) -> Resident:
    """王晓兰, the mother."""
    return sign_in(factories.MOTHER)


@pytest.fixture
def bob(sign_in: SignIn) -> Resident:
    """陈志远, the father."""
    return sign_in(factories.FATHER)


@pytest.fixture
def edition(server: str) -> str:
    """The edition in force."""
    return factories.current_edition()


def draft_body(edition: str, found: dict[str, Any] | None = None, base: int = 0, page: str = "") -> dict[str, Any]:
    """A draft on the wire."""
    return {"service": SERVICE, "edition": edition, "base_revision": base, "answers": found or {}, "page": page}


def submission_body(edition: str, found: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    """A submission on the wire."""
    return {
        "service": SERVICE, "edition": edition, "applicant": "self", "mandate": None, "answers": found or answers(),
        "documents": [], **changed,
    }  # fmt: skip


def draft_id(who: Resident | None = None) -> str:
    """An id as a phone makes it; of somebody, for whose draft the registers have answered, so that no picture is wanted."""
    made = new_id()
    if who is not None:
        with db.writing() as session:
            factories.make_looks(session, who.id, made)
    return str(made)


def put(who: Resident, body: dict[str, Any], at: str | None = None) -> str:
    """Save a draft over the API; gives its id. For a new one the registers have answered."""
    at = at or draft_id(who)
    who.api.put(f"/api/drafts/{at}", json=body).raise_for_status()
    return at

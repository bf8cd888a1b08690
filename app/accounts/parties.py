"""Whose things a request is about: a person's own, or those of the enterprise for which they act in this session."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam


class Acting(NamedTuple):
    """The enterprise for which somebody acts."""

    id: UUID
    name: str
    credit_code: str


class Party(NamedTuple):
    """A signed-in person in one identity; without an enterprise they act for themself."""

    person_id: UUID
    enterprise_id: UUID | None = None

    @property
    def values(self) -> dict[str, UUID | None]:
        """The parameters `person` and `enterprise` of prepared statements."""
        return {"person": self.person_id, "enterprise": self.enterprise_id}


def own(person: Any, enterprise: Any) -> ColumnElement[bool]:
    """The one rule for what a person made or was told (drafts, uploads, messages), for statements that bind `Party.values`:

    theirs, and of the identity in which they are now. Two identities of one person never see each other's things.
    """
    return and_(person == bindparam("person"), enterprise.is_not_distinct_from(bindparam("enterprise")))

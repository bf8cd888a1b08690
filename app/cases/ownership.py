"""Whose a case is: the one rule that every read and write of a resident goes through.

A person who acts for themself has the cases that are theirs or that they filed, of no enterprise. Acting for an enterprise
they have all of its cases, also those that a colleague filed, and none of their own.
"""

from typing import Any

from sqlalchemy import Select, and_, bindparam, or_
from sqlmodel import col

from app.accounts.parties import Party

from .models import Case

c = Case
_PERSONS = and_(
    col(c.enterprise_id).is_(None),
    or_(col(c.applicant_id) == bindparam("person"), col(c.filer_id) == bindparam("person")),
)
_ENTERPRISES = col(c.enterprise_id) == bindparam("enterprise")


class Mine:
    """A select over cases in both its forms, prepared once; each binds `Party.values`."""

    def __init__(self, found: Select[*tuple[Any, ...]]) -> None:
        self._persons, self._enterprises = found.where(_PERSONS), found.where(_ENTERPRISES)

    def of(self, party: Party) -> Select[*tuple[Any, ...]]:
        """The select of this party's cases and no others."""
        return self._persons if party.enterprise_id is None else self._enterprises

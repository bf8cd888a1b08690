"""What somebody answered the last time: the same question in their newest cases, never across persons or identities.

An enterprise's forms propose what this very person filed for it: what a colleague gave (their ID number as the contact, say)
is not shown whole to another.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session, col

from app.accounts.parties import Party
from app.cases.models import Case, CaseRevision
from app.cases.ownership import Mine
from app.catalogue import editions
from app.core.clock import local
from app.core.errors import N_, NotFound
from app.core.i18n import gettext, pick
from app.core.words import WORDS
from app.forms.definition import Text

#: Cases that are looked at: each is one blob to decrypt.
NEWEST = 5
SOURCE = "earlier"
WHEN, WHICH = N_("上次办事时填的（%(day)s）"), N_("上次办%(service)s时填的（%(day)s）")

c, r = Case, CaseRevision
#: What somebody filed for another person says things of that person, so it is no source for either of them.
_CASES = Mine(
    select(col(c.service_id), col(c.filed_at), col(r.answers))
    .join(r, and_(col(r.case_id) == col(c.id), col(r.revision) == col(c.revision)))
    .where(col(c.filer_id) == bindparam("person"), col(c.applicant_id) == col(c.filer_id))
    .order_by(col(c.filed_at).desc(), col(c.id).desc())
    .limit(NEWEST)
)


class Before(NamedTuple):
    """An answer of before: `of` names the case it stood in, as `<service>:<day filed>`."""

    value: Any
    of: str


def answers(session: Session, party: Party, questions: Collection[str]) -> dict[str, Before]:
    """For each question the newest answer in a case that this person filed in this identity: one query, however many cases."""
    found: dict[str, Before] = {}
    for service_id, filed_at, text in session.execute(_CASES.of(party), party.values):
        given = json.loads(text)
        for name in questions:
            if name not in found and given.get(name) is not None:
                found[name] = Before(given[name], f"{service_id}:{local(filed_at).date().isoformat()}")
    return found


def words(source: str) -> Text:
    """A source `earlier:<service>:<day>` in both languages: 上次办新生儿出生时填的（3月18日）."""
    _, service_id, day = source.split(":")
    at = local(datetime.fromisoformat(f"{day}T12:00:00+08:00"))
    try:
        title = editions.current(service_id).service.title
    except NotFound:
        title = None

    def said(lang: str) -> str:
        values = {"day": WORDS.date(at, lang), "service": pick(title, lang) if title else ""}
        return gettext(WHICH if title else WHEN, lang) % values

    return Text(zh=said("zh"), en=said("en"))

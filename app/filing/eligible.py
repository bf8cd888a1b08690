"""Whether somebody may file at all, told on the way to the form rather than after it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from app.accounts.parties import Party
from app.catalogue import browse, eligibility
from app.catalogue.definition import Edition
from app.core.errors import N_, AppError
from app.core.i18n import pick
from app.core.unit import Unit
from app.core.web import render
from app.forms.definition import Text

from . import prefill

OTHERS = 4


class NotEligible(AppError):
    """A requirement of the service is not met by what is known of whoever files."""

    status = 409
    type = "not-eligible"
    what = N_("这件事您现在办不了：%(why)s")
    kept = N_("您填的都还在。")
    todo = N_("请打电话问一声，有人帮您看怎么办。")


def refusals(
    session: Session, party: Party, edition: Edition, now: datetime, answered: Mapping[str, object] | None = None
) -> tuple[Text, ...]:
    """Why this party may not file, by what is known of them; nothing when they may. One query if the service asks for it.

    `answered`: what registers said for the draft. Before the form nothing is: what only a register knows (where somebody is
    registered) needs their consent.
    """
    if not edition.service.requirements:
        return ()
    known = {**(answered or {}), **prefill.profile(session, party.person_id)}
    if party.enterprise_id is not None:
        known["enterprise.credit_code"] = str(party.enterprise_id)
    return eligibility.unmet(edition.service, known, now)


def check(session: Session, party: Party, edition: Edition, answered: Mapping[str, object], now: datetime, lang: str) -> None:
    """Raises NotEligible with the reasons, for whoever came to the submission by another way than the form's."""
    why = refusals(session, party, edition, now, answered)
    if why:
        raise NotEligible(why="".join(pick(one, lang) for one in why))


def say(unit: Unit, edition: Edition, why: tuple[Text, ...]) -> Response:
    """The page that says why, and what to do instead: ask a person, come to the counter, or another service."""
    mine = set(edition.service.events)
    others = [one for one in browse.guides() if mine & set(one.service.events) and one.service.id != edition.service.id]
    return render(unit.request, "filing/not_eligible.html", {"edition": edition, "why": why, "others": others[:OTHERS]})

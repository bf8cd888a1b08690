"""Whether somebody may file at all, told on the way to the form rather than after it."""

from starlette.responses import Response

from app.accounts.sessions import Resident
from app.catalogue import browse, eligibility
from app.catalogue.definition import Edition
from app.core.unit import Unit
from app.core.web import render
from app.forms.definition import Text

from . import prefill

OTHERS = 4


def refusals(unit: Unit, resident: Resident, edition: Edition) -> tuple[Text, ...]:
    """Why this person may not file, by what is known of them; nothing when they may. One query if the service asks for it.

    What only a register knows (where somebody is registered) is not asked before the form: that needs their consent.
    """
    if not edition.service.requirements:
        return ()
    known: dict[str, object] = dict(prefill.profile(unit.session, resident.person_id))
    if resident.enterprise is not None:
        known["enterprise.credit_code"] = resident.enterprise.credit_code
    return eligibility.unmet(edition.service, known, unit.now)


def say(unit: Unit, edition: Edition, why: tuple[Text, ...]) -> Response:
    """The page that says why, and what to do instead: ask a person, come to the counter, or another service."""
    mine = set(edition.service.events)
    others = [one for one in browse.guides() if mine & set(one.service.events) and one.service.id != edition.service.id]
    return render(unit.request, "filing/not_eligible.html", {"edition": edition, "why": why, "others": others[:OTHERS]})

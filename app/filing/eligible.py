"""Whether somebody may file at all, told on the way to the form rather than after it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from app.accounts.parties import Party
from app.catalogue import browse, eligibility
from app.catalogue.definition import Edition, Service, ServiceKind
from app.catalogue.guides import Guide
from app.core.errors import N_, AppError
from app.core.i18n import pick
from app.core.unit import Unit
from app.core.web import render
from app.forms.definition import Text

from . import filers, prefill

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
    return eligibility.unmet(edition.service, {**(answered or {}), **_known(session, party)}, now)


def _known(session: Session, party: Party) -> dict[str, object]:
    """What requirements may look at without asking a register: one query."""
    known: dict[str, object] = {**prefill.profile(session, party.person_id)}
    if party.enterprise_id is not None:
        known["enterprise.credit_code"] = str(party.enterprise_id)
    return known


def check(session: Session, party: Party, edition: Edition, answered: Mapping[str, object], now: datetime, lang: str) -> None:
    """Raises NotEligible with the reasons, for whoever came to the submission by another way than the form's."""
    why = refusals(session, party, edition, now, answered)
    if why:
        raise NotEligible(why="".join(pick(one, lang) for one in why))


def others(session: Session, party: Party, edition: Edition, now: datetime) -> list[Guide]:
    """What else this party may file in the same events of a life: what is done at once first, then the nearest.

    Near is what shares most events, then most departments.
    A service whose requirements are not met either is left out: nobody is sent from one refusal to the next. One query.
    """
    mine, known = set(edition.service.events), _known(session, party)

    def fits(one: Guide) -> bool:
        service = one.service
        return (
            service.id != edition.service.id
            and bool(mine & set(service.events))
            and filers.may_file(service, party)
            and not eligibility.unmet(service, known, now)
        )

    def place(one: Guide) -> tuple[bool, int, int]:
        near = _departments(one.service) & _departments(edition.service)
        return one.service.kind is not ServiceKind.ONE_THING, -len(mine & set(one.service.events)), -len(near)

    return sorted(filter(fits, browse.guides()), key=place)[:OTHERS]


def _departments(service: Service) -> set[str]:
    return {item.department for item in service.items}


def say(unit: Unit, party: Party, edition: Edition, why: tuple[Text, ...]) -> Response:
    """The page that says why, and what to do instead: ask a person, come to the counter, or another service."""
    context = {"edition": edition, "why": why, "others": others(unit.session, party, edition, unit.now)}
    return render(unit.request, "filing/not_eligible.html", context)

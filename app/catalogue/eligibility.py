"""Who may file, asked before the form: a service's requirements over what is known of whoever is signed in. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.forms.conditions import broken
from app.forms.definition import Text

from .definition import Service


def facts(known: Mapping[str, Any]) -> dict[str, Any]:
    """What requirements may look at, from the same sources as proposals.

    Age and sex are read off profile.id_number. The household register alone says where somebody is registered
    (population.hukou): the ID number only says where they first were. Nobody signed in: nothing is known.
    """
    if "profile.id_number" not in known:
        return {}
    return {
        "applicant.id_number": known["profile.id_number"],
        "applicant.hukou": known.get("population.hukou"),
        "applicant.enterprise": "enterprise.credit_code" in known,
    }


def unmet(service: Service, known: Mapping[str, Any], now: datetime) -> tuple[Text, ...]:
    """What to tell somebody who may not file, in the definition's order; a requirement whose facts are unknown is not unmet."""
    mine, district = facts(known), service.form.district
    return tuple(rule.say for rule in service.requirements if broken(rule.must, mine, now, district))

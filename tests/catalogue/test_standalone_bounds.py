"""What the facts forbid in the standalone services is refused at its place: sums, words, dates, figures."""

from typing import Any

import pytest

from app.forms import mistakes as m
from app.forms.answers import check_answers
from tests import services
from tests.services import day, month

from .test_standalone import FATHER, FIRM, HOLDER, MOTHER, NEW_COMPANY, ONE, Changes
from .test_themes import now, service

PAID = {"place": "310115", "from": month(-3), "years": 1.0}


def mistakes(name: str, **changes: Any) -> dict[str, str]:
    """What is wrong, by place."""
    found = check_answers(service(name).form, services.answers(name, **changes), now()).mistakes
    return {mistake.question_id: mistake.text_msgid for mistake in found}


@pytest.mark.parametrize("amount", [99999.49, 99999.51])
def test_contributions_that_miss_the_capital_by_a_cent_are_a_mistake(amount: float) -> None:
    holders = services.answers("company-start")["co.holders"]
    holders = [holders[0], holders[1] | {"amount": amount}]
    assert mistakes("company-start", co__holders=holders) == {"co.holders": m.TOTAL}
    shares = [{"person": FATHER, "amount": 60000.0}, {"person": MOTHER, "amount": round(amount - 59999.5, 2)}]
    assert mistakes("restaurant", **NEW_COMPANY | {"shop__holders": shares}) == {"shop.holders": m.TOTAL}


@pytest.mark.parametrize(
    ("name", "changes", "at"),
    [
        ("company-start", {"co__words": [{"word": "珠"}]}, "co.words:0:word"),
        ("company-start", {"co__words": [{"word": "渭塘珍珠湖明月"}]}, "co.words:0:word"),
        ("company-start", {"co__words": [{"word": "珠光"}, {"word": "Pearl"}]}, "co.words:1:word"),
        ("company-start", {"co__words": [{"word": "珠光88"}]}, "co.words:0:word"),
        ("company-start", {"co__words": []}, "co.words"),
        ("company-start", {"co__holders": [ONE[0] | {"due": day(1830)}]}, "co.holders:0:due"),
        ("company-start", {"co__holders": [FIRM[0] | {"code": "91320507MA1TEKT00X"}]}, "co.holders:0:code"),
        ("company-start", {"co__holders": [{"kind": "person", "amount": 300000.0, "due": day(9)}]}, "co.holders:0:person:name"),
        ("company-start", {"co__capital": 0.0}, "co.capital"),
        ("company-start", {"co__address": {"division": "320507104", "detail": "渭中路 1 号"}}, "co.address:division"),
        ("company-start", {"co__sign": None}, "co.sign"),
        ("company-start", {"hpf__rate": 4.0}, "hpf.rate"),
        ("company-start", {"hpf__rate": 8.5}, "hpf.rate"),
        ("company-start", {"delivery__mode": "electronic"}, "delivery.mode"),
        ("company-start", HOLDER | {"co__rep": MOTHER}, "co.rep:phone"),
        ("restaurant", {"shop__staff": []}, "shop.staff"),
        ("restaurant", {"food__items": []}, "food.items"),
        ("restaurant", {"shop__seats": 20.5}, "shop.seats"),
        ("restaurant", {"shop__staff": [{"person": FATHER, "has_cert": True, "until": day(-1)}]}, "shop.staff:0:until"),
        ("dog-registration", {"home__address": {"division": "310115101", "detail": "1 号"}}, "home.address:division"),
        ("pension-transfer", {"transfer__places": [PAID | {"place": "31"}]}, "transfer.places:0:place"),
        ("pension-transfer", {"transfer__places": [PAID | {"from": month(1)}]}, "transfer.places:0:from"),
        ("contribution-proof", {"cert__from": month(1)}, "cert.from"),
        ("id-card", {"id__reason": "expired", "id__expires": day(93)}, "id.expires"),
        ("id-card", {"id__lost_on": day(1)}, "id.lost_on"),
        ("no-crime", {"use__purpose": "abroad"}, "use.country"),
        ("marriage-record", {"record__month": month(1)}, "record.month"),
        ("rent-withdrawal", {"rent__from": month(-13)}, "rent.from"),
        ("rent-withdrawal", {"rent__month": 1800.005}, "rent.month"),
        ("temporary-stall", {"occupy__days": 16.0}, "occupy.days"),
        ("temporary-stall", {"occupy__from": day(-1)}, "occupy.from"),
        ("outdoor-advertising", {"ad__years": 6.0}, "ad.years"),
        ("outdoor-advertising", {"ad__boards": [{"width": 61.0, "height": 3.0, "light": True}]}, "ad.boards:0:width"),
        ("legal-aid", {"aid__story": "一" * 1001}, "aid.story"),
    ],
)  # fmt: skip
def test_what_the_facts_forbid_is_a_mistake_at_its_place(name: str, changes: Changes, at: str) -> None:
    assert at in mistakes(name, **changes)

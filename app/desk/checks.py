"""What the system knows for a fact about an item before a person looks. Pure; each check says what it found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from stdnum.cn import ric

from app.cases.history import START, digest_of
from app.cases.models import CaseEvent
from app.core.errors import N_
from app.core.words import WORDS
from app.forms.definition import Kind, Question

from .papers import Papers


class Check(NamedTuple):
    """A fact: `good` None means that nothing can be said either way."""

    name: str
    good: bool | None
    found: str
    params: dict[str, object] = {}  # noqa: RUF012 - never changed


def real_name() -> Check:
    """A case can only be filed by a person whom the identity register confirmed."""
    return Check(N_("申请人实名"), True, N_("身份登记库核对过"))


def agency(at: datetime | None, lang: str) -> Check:
    """When the register of enterprises last confirmed that the filer may act for the applicant."""
    name = N_("经办人资格")
    if at is None:
        return Check(name, None, N_("没有核对的记录"))
    return Check(name, True, N_("登记机关 %(when)s 核对过"), {"when": WORDS.moment(at, lang)})


def id_numbers(questions: Iterable[Question], answers: Mapping[str, Any], own: str) -> list[Check]:
    """Whether the ID numbers hold by their check digit, and whether one is the applicant's own."""
    given = [str(answers[q.id]) for q in questions if q.kind is Kind.ID_NUMBER and answers.get(q.id)]
    if not given:
        return []
    wrong = sum(not _holds(number) for number in given)
    found = Check(
        N_("证件号校验位"), wrong == 0, N_("%(n)s 个都对") if not wrong else N_("%(n)s 个不对"), {"n": wrong or len(given)}
    )
    same = own in given
    return [found, Check(N_("与实名一致"), True if same else None, N_("申请人本人的号") if same else N_("不是申请人本人的号"))]


def _holds(number: str) -> bool:
    """The check digit only (GB 11643): whether the division existed then is no question of the number's form."""
    return len(number) == 18 and number[:-1].isdecimal() and number[-1] == ric.calc_check_digit(number)


def materials(papers: Papers) -> Check:
    """Whether every wanted material came."""
    missing = len(papers.missing)
    if not papers.wanted:
        return Check(N_("要交的材料"), None, N_("这一项不用交材料"))
    if missing:
        return Check(N_("要交的材料"), False, N_("还缺 %(n)s 份"), {"n": missing})
    return Check(N_("要交的材料"), True, N_("%(n)s 份都在"), {"n": papers.wanted})


def registers(papers: Papers) -> Check | None:
    """What the registers answered instead of the applicant; None when none was asked for this item."""
    answered = sum(1 for one in papers.fetched if one.look)
    if papers.disputed:
        return Check(N_("登记库查到的"), None, N_("%(n)s 份申请人说对不上"), {"n": len(papers.disputed)})
    if answered:
        return Check(N_("登记库查到的"), True, N_("%(n)s 份，申请人同意后查的"), {"n": answered})
    return None


def receipt(genuine: bool | None) -> Check | None:
    """Whether what is shown is what the signed receipt states; None for a case without a receipt."""
    if genuine is None:
        return None
    return Check(N_("收件回执"), genuine, N_("与收到时一字不差") if genuine else N_("与收到时不一样"))


def history(events: Sequence[CaseEvent]) -> Check:
    """Whether the chain of events of the case holds."""
    previous, good = START, True
    for number, event in enumerate(events, 1):
        good = good and (event.sequence, event.previous) == (number, previous) and digest_of(event) == event.digest
        previous = event.digest
    return Check(N_("办件记录"), good, N_("%(n)s 条，前后相接") if good else N_("记录被改动过"), {"n": len(events)})

"""What a reviewer sent with the decision form, read and carried out. Raises BadInput, NotNow, ClaimedByAnother."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Limited
from sqlmodel import Session

from app.accounts.officers import Officer
from app.cases import office
from app.cases.office import Reviewer, Target
from app.catalogue.definition import Service
from app.core.errors import N_, BadInput
from app.core.workdays import due

from .words import CORRECTION_DAYS

WORDS_LENGTH = 500
MARK_LEAST = 0.01


class Typed(BaseModel):
    """The decision form as it was sent; shown again as it is when the decision was refused."""

    decision: str = Limited("", max_length=20)
    target: list[str] = Limited([], max_length=200)
    mark: list[str] = Limited([], max_length=200)
    words: str = Limited("", max_length=5000)
    days: int = 5
    ground: str = Limited("", max_length=500)
    reason: str = Limited("", max_length=5000)
    version: int = 0
    then: str = Limited("", max_length=20)


def reviewer(officer: Officer) -> Reviewer:
    """The part of an officer that the engine needs."""
    return Reviewer(officer.staff_id, officer.department_id, officer.jurisdiction)


def reply_by(days: int, now: datetime) -> datetime:
    """The close of the n-th working day from now; only the offered numbers of days."""
    if days not in CORRECTION_DAYS:
        raise BadInput(N_("补正期限请从列出的天数里选。"))
    return due(now, days).at


def targets(typed: Typed, service: Service, item_id: str) -> list[Target]:
    """What is asked for again, each named once; only what this item may see. A mark asks for its page."""
    questions, materials = service.seen_by({item_id})
    marks = dict(_mark(text) for text in typed.mark if text.strip())
    found: dict[str, Target] = {}
    for name in dict.fromkeys([*typed.target, *marks]):
        kind, _, rest = name.partition(":")
        if kind == "q" and rest in questions:
            found[name] = Target(question=rest)
        elif kind == "m":
            material, _, page = rest.rpartition(":")
            most = service.material(material).max_pages if material in materials else 0
            if page not in {str(number) for number in range(1, most + 1)}:
                raise BadInput(N_("要补的内容里有一项不是本部门的。"))
            found[name] = Target(material=material, page=int(page), mark=marks.get(name))
        else:
            raise BadInput(N_("要补的内容里有一项不是本部门的。"))
    return list(found.values())


def _mark(text: str) -> tuple[str, tuple[float, float, float, float]]:
    """`m:material:page@x,y,w,h`, parts of 1, kept within the picture."""
    name, _, numbers = text.rpartition("@")
    try:
        x, y, w, h = (float(part) for part in numbers.split(","))
    except ValueError:
        raise BadInput(N_("圈出的地方看不懂，请重新圈一次。")) from None
    inside = 0 <= x <= 1 and 0 <= y <= 1 and w >= MARK_LEAST and h >= MARK_LEAST and x + w <= 1.001 and y + h <= 1.001
    if not inside:
        raise BadInput(N_("圈出的地方看不懂，请重新圈一次。"))
    x, y, w, h = (round(part, 4) for part in (x, y, min(w, 1 - x), min(h, 1 - y)))
    return name, (x, y, w, h)


def marks_by_target(typed: Typed) -> dict[str, str]:
    """The numbers of each mark as sent, for the page to draw again."""
    return {text.rpartition("@")[0]: text.rpartition("@")[2] for text in typed.mark if "@" in text}


def carry_out(
    session: Session, officer: Officer, case_id: UUID, item_id: str, service: Service, typed: Typed, now: datetime
) -> str:
    """Do what was decided; gives the name of what was done. Nothing is decided twice: the version that was seen must hold."""
    who, version = reviewer(officer), typed.version
    if typed.decision == "accept":
        office.accept(session, who, case_id, item_id, version, now)
    elif typed.decision == "correction":
        if len(typed.words) > WORDS_LENGTH:
            raise BadInput(N_("写给申请人的话不超过 500 个字。"))
        asked, until = targets(typed, service, item_id), reply_by(typed.days, now)
        office.request_correction(session, who, case_id, item_id, version, asked, typed.words, until, now)
    elif typed.decision == "approve":
        office.approve(session, who, case_id, item_id, version, now)
    elif typed.decision == "deny":
        if len(typed.reason) > WORDS_LENGTH:
            raise BadInput(N_("理由不超过 500 个字。"))
        office.deny(session, who, case_id, item_id, version, typed.ground, typed.reason, now)
    else:
        raise BadInput(N_("请先选一个决定。"))
    return typed.decision

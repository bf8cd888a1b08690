"""Language and 长辈版 are cookies; of whoever is signed in they say how to be told, so rooms above hear of the choice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request

from app.core import events
from app.core.web import page_of


@dataclass(frozen=True)
class AppearanceChosen:
    """What a signed-in person chose: `lang` and `care`, None where they said nothing; `reads`: the language of their page."""

    person_id: UUID
    lang: str | None
    care: bool | None
    reads: str
    at: datetime


def tell(session: Session, request: Request, person_id: UUID, now: datetime, lang: str = "", mode: str = "") -> None:
    """Say what a person chose just now (`lang`, `mode`), or before they signed in (their cookies)."""
    lang, mode = lang or request.cookies.get("lang", ""), mode or request.cookies.get("mode", "")
    care = mode == "care" if mode in ("care", "standard") else None
    reads = page_of(request).lang
    events.emit(session, AppearanceChosen(person_id, lang if lang in ("zh", "en") else None, care, reads, now))

"""A correction's page as a browser sends it: typed answers, a ticket, and without script the photos themselves."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from app.accounts.parties import Party
from app.accounts.sessions import find_phone
from app.cases.states import NotNow
from app.core import db
from app.core.clock import utcnow
from app.core.errors import AppError, NotFound
from app.core.town import town
from app.documents.checks import MOST_BYTES, too_large
from app.documents.service import Place, receive
from app.forms.definition import Page, Text
from app.forms.mistakes import Mistake

from . import ticket
from .corrections import AskedPage, NotAsked, Opened, opened
from .posted import MOST_FIELDS, answers_of

MOST_FILES = 40
#: Replies whose photos are checked at a time: a check takes seconds, and the pages need the other threads.
_receiving = CapacityLimiter(2)
FORM_PAGE = Text(zh="补正", en="Correction")


class Sent(NamedTuple):
    """The form, its photos stored already; `refused`: those that were not taken, each with its reason."""

    form: FormData
    refused: tuple[Mistake, ...]

    def text(self, name: str) -> str:
        """A plain field; empty when it did not come."""
        value = self.form.get(name)
        return value if isinstance(value, str) else ""


async def sent(request: Request, number: str, item_id: str) -> AsyncIterator[Sent]:
    """Read the form and store its photos. Ask for it before the unit of work, which must not wait for a file's checks."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        files = {name: value for name, value in form.items() if isinstance(value, UploadFile) and value.size}
        came = Sent(form, ())
        if files:
            refused = await to_thread.run_sync(_store, request, came, number, item_id, files, limiter=_receiving)
            came = Sent(form, refused)
        yield came


def writer_of(came: Sent) -> tuple[Party | None, UUID | None]:
    """(for whom the page was made, for which correction) by its ticket; nobody when it bears none of ours."""
    try:
        correction_id = UUID(came.text("correction"))
    except ValueError:
        return None, None
    return ticket.party_of(came.text("ticket"), correction_id, utcnow()), correction_id


def _store(
    request: Request, came: Sent, number: str, item_id: str, files: Mapping[str, UploadFile]
) -> tuple[Mistake, ...]:  # fmt: skip
    """Take the photos that were asked for from who is signed in, if the page was made for them."""
    now = utcnow()
    with db.reading() as session:
        phone = find_phone(session, request, now)
        resident = phone and phone.resident
        if not resident or writer_of(came)[0] not in (None, resident.party):
            return ()
        try:
            seen = opened(session, resident.party, number, item_id)
        except (NotFound, NotNow):
            return ()
    wrong = []
    for asked in seen.pages:
        file = files.get(f"file.{asked.place}")
        refusal = _take(resident.party, seen, asked, file) if file else None
        if refusal:
            wrong.append(Mistake(asked.place, refusal.what, {"hotline": town().hotline, **refusal.params}))
    return tuple(wrong)


def _take(party: Party, seen: Opened, asked: AskedPage, file: UploadFile) -> AppError | None:
    try:
        if file.size and file.size > MOST_BYTES:
            raise too_large()
        place = Place(party.person_id, seen.correction.id, asked.material.id, asked.page, party.enterprise_id)
        receive(place, file.filename or "", file.file.read(), utcnow())
    except AppError as refused:
        return refused
    return None


def page_of_reply(seen: Opened) -> Page:
    """What was asked, as a page of a form."""
    return Page(id="correction", title=FORM_PAGE, questions=seen.questions)


def typed(seen: Opened, form: FormData) -> dict[str, Any]:
    """The answers sent. A field of the service's form that was not asked for changes something closed: raises NotAsked."""
    known = seen.edition.service.form.questions()
    asked = {q.id for q in seen.questions}
    strange = sorted({q for name in form if (q := name.partition(":")[0]) in known and q not in asked})
    if strange:
        raise NotAsked(strange)
    return answers_of(page_of_reply(seen), form)

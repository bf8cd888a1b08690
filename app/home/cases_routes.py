"""My cases: the list, a case, what I filed, taking it back."""

import gzip
from collections import OrderedDict
from dataclasses import replace
from functools import partial
from json import loads
from threading import Lock
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Form
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from app.accounts.parties import Party
from app.accounts.sessions import CurrentResident
from app.cases import applicant, queries
from app.cases.applicant import Asked
from app.cases.numbers import is_number
from app.cases.queries import CaseHead
from app.cases.states import LOOKUP, Action, NotNow
from app.catalogue import editions
from app.catalogue.definition import Edition
from app.catalogue.plans import plan
from app.core import db
from app.core.errors import AppError, BadInput, NotFound
from app.core.ids import new_id
from app.core.unit import Opened, Unit, router
from app.core.web import Page, page_of, redirect, render, templates
from app.core.web import partial as fragment_wanted
from app.core.words import WORDS
from app.documents import queries as documents
from app.filing import display, lookup_words, lookups
from app.forms.conditions import visible
from app.messages import service as messages

from . import cases_view
from .cases_view import Names
from .mini import ItemRow as Small
from .mini import mini

routes = router()
Field = Annotated[str, Form(max_length=200)]
#: Rendered cases kept in memory, by what they depend on; each is some 20 KB.
KEPT = 256


class Shown(NamedTuple):
    """A rendered case without its frame."""

    title: str
    body: Markup


class Whole(NamedTuple):
    """A whole page as it was sent, plain and packed."""

    body: bytes
    packed: bytes


T = TypeVar("T")


class Shelf(Generic[T]):
    """The last rendered cases. Whoever asks has authorised the case by its row; the key holds all that it depends on."""

    def __init__(self, most: int) -> None:
        self.most, self.kept, self.lock = most, OrderedDict[tuple[object, ...], T](), Lock()

    def get(self, key: tuple[object, ...]) -> T | None:
        """A rendering, if it is kept."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def put(self, key: tuple[object, ...], shown: T) -> None:
        """Keep a rendering; the one not asked for longest goes."""
        with self.lock:
            self.kept[key] = shown
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


shelf = Shelf[Shown](KEPT)
wholes = Shelf[Whole](KEPT)
PERSONAL = {"Cache-Control": "no-store", "Vary": "HX-Request-Type, Cookie, Accept-Language, Accept-Encoding"}


def edition_of(session: Session, head: CaseHead) -> Edition:
    """The edition of a case: no query when it is the current one."""
    return cases_view.pinned(head.service_id, head.edition) or editions.edition(session, head.service_id, head.edition)


def own(unit: Unit, party: Party, number: str) -> CaseHead:
    """A case of the party; what cannot be a number costs no query. Raises NotFound."""
    if not is_number(number) or " " in number:
        raise NotFound
    return queries.own(unit.session, party, number)


def _page(unit: Unit, unread: int, name: str) -> Page:
    return replace(page_of(unit.request), unread=unread, user=WORDS.mask(name))


def _read(unit: Unit, party: Party, head: CaseHead) -> None:
    """The page of a case was opened: what was told about it is read. In a transaction of its own, like a recorded look."""
    with db.writing() as session:
        messages.read_case(session, party, head.id, unit.now)


def _minute(unit: Unit) -> int:
    return int(unit.now.timestamp()) // 60


def shown(unit: Unit, person: UUID, head: CaseHead, page: Page) -> Shown:
    """The case rendered, kept by case, version, reader, language and minute. Nothing in it belongs to a session."""
    key = (head.id, head.version, person, page.lang, _minute(unit))
    found = shelf.get(key)
    if found is None:
        items, events = queries.items(unit.session, head.id), queries.timeline(unit.session, head.id, person)
        seen = cases_view.view(head, items, events, edition_of(unit.session, head), page.lang, unit.now)
        body = (
            templates()
            .get_template("cases/_case.html")
            .render({"case": seen, "version": head.version, "page": Page(page.lang)})
        )
        found = Shown(seen.title, Markup(body))  # noqa: S704 - rendered by our own escaping template
        shelf.put(key, found)
    return found


@routes.get("/cases")
def list_page(unit: Opened, resident: CurrentResident) -> Response:
    """All my cases, those that wait for me first."""
    lines = queries.mine(unit.session, resident.party)
    known = editions.departments()
    rows = []
    for line in lines:
        title = edition_of(unit.session, line.head).service.title
        small = (
            Small(
                i.department_id, i.state, i.promised_days, i.accepted_at, i.promised_due, i.legal_due, i.decided_at, i.reply_by
            )
            for i in line.items
        )
        rows.append({"head": line.head, "case": mini(line.head.number, title, small, known, unit.now)})
    unread = lines[0].head.unread if lines else 0
    return render(unit.request, "cases/list.html", {"rows": rows}, page=_page(unit, unread, resident.name))


@routes.get("/cases/{number}")
def case_page(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """A case: whose turn it is, who is working, until when."""
    head = own(unit, resident.party, number)
    page = _page(unit, head.unread - head.news, resident.name)
    if fragment_wanted(unit.request):
        answer: Response = HTMLResponse(shown(unit, resident.person_id, head, page).body, headers=PERSONAL)
    else:
        answer = _answer(unit, _whole(unit, resident.person_id, head, page))
    if head.news:
        _read(unit, resident.party, head)
    return answer


def _whole(unit: Unit, person: UUID, head: CaseHead, page: Page) -> Whole:
    """The case within its frame, kept by all that the frame shows of its reader besides."""
    key = (head.id, head.version, person, _minute(unit), *vars(page).values())
    kept = wholes.get(key)
    if kept is None:
        found = shown(unit, person, head, page)
        context = {"title": found.title, "body": found.body, "number": head.number}
        body = bytes(render(unit.request, "cases/case.html", context, page=page).body)
        kept = Whole(body, gzip.compress(body, 4, mtime=0))
        wholes.put(key, kept)
    return kept


def _answer(unit: Unit, kept: Whole) -> Response:
    if "gzip" in unit.request.headers.get("accept-encoding", ""):
        return HTMLResponse(kept.packed, headers=PERSONAL | {"Content-Encoding": "gzip"})
    return HTMLResponse(kept.body, headers=PERSONAL)


@routes.get("/cases/{number}/filing")
def filing_page(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """What I filed: answers and pictures, as they stand after every correction."""
    head = own(unit, resident.party, number)
    edition, page = edition_of(unit.session, head), _page(unit, head.unread, resident.name)
    answers = loads(queries.answers(unit.session, head))
    form = edition.service.form
    seen = visible(form, answers, head.filed_at)
    say = partial(display.answer, lang=page.lang)
    topics = [
        (p, [(q, say(q, answers.get(q.id))) for q in p.questions if q.id in seen and q.id in answers]) for p in form.pages
    ]
    kept = [d for d in documents.of_case(unit.session, head.id, None) if d.material != "result"]
    newest = {(d.material, d.page): d for d in sorted(kept, key=lambda d: d.revision)}
    known = {m.id: m for m in edition.service.materials}
    papers: dict[str, list[documents.DocumentRow]] = {}
    for document in sorted(newest.values(), key=lambda d: (d.material, d.page)):
        papers.setdefault(document.material, []).append(document)
    context = {
        "head": head, "title": edition.service.title, "topics": [t for t in topics if t[1]],
        "papers": [(known.get(material), rows) for material, rows in papers.items()],
        "fetched": _fetched(unit, head, edition, answers, resident.person_id, page.lang),
    }  # fmt: skip
    return render(unit.request, "cases/filing.html", context, page=page)


def _fetched(
    unit: Unit, head: CaseHead, edition: Edition, answers: dict[str, Any], reader: UUID, lang: str
) -> list[lookup_words.Fetched]:
    """What was not handed in and where it came from; what a register said of a person is shown to that person only."""
    looks, filer = lookups.of_case(unit.session, head.id)
    rows = lookup_words.fetched(plan(edition, answers, head.filed_at, looks.held(edition)).exempt, looks, lang)
    return rows if filer == reader else [row._replace(facts=[]) for row in rows]


def _withdrawal(unit: Unit, head: CaseHead, page: Page, error: AppError | None = None) -> Response:
    names = Names(edition_of(unit.session, head), page.lang)
    items = queries.items(unit.session, head.id)
    going = [i for i in items if (i.state, Action.WITHDRAW) in LOOKUP]
    staying = [i for i in items if i.decided_at is not None]
    context = {
        "head": head, "title": names.title, "key": str(new_id()), "error": error,
        "going": [(names.department(i.department_id), names.item(i.item_id)) for i in going],
        "staying": [(names.department(i.department_id), names.item(i.item_id)) for i in staying],
    }  # fmt: skip
    return render(unit.request, "cases/withdrawal.html", context, page=page, status=error.status if error else 200)


@routes.get("/cases/{number}/withdrawal")
def withdrawal_page(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """What would be taken back and what stays, before it is done."""
    head = own(unit, resident.party, number)
    return _withdrawal(unit, head, _page(unit, head.unread, resident.name))


@routes.post("/cases/{number}/withdrawal")
def withdraw(unit: Opened, resident: CurrentResident, number: str, key: Field = "", version: Field = "") -> Response:
    """Take the case back. Sent twice, done once; 409 with the case as it stands when it moved on meanwhile."""
    if not key or len(key) > 80 or not version.isdecimal():
        raise BadInput("version")
    head = own(unit, resident.party, number)
    try:
        applicant.withdraw(unit.session, resident.party, number, Asked(key, "withdraw", int(version)), unit.now)
    except NotNow as refusal:
        head = own(unit, resident.party, number)
        return _withdrawal(unit, head, _page(unit, head.unread, resident.name), refusal)
    return redirect(f"/cases/{number}")

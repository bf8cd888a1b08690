"""My cases over the public API (docs/api.md): pages by cursor, actions with an Idempotency-Key."""

from typing import Annotated, Any

from fastapi import Header, Query
from pydantic import Field
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.accounts import enterprises
from app.accounts.sessions import CurrentPhone, CurrentResident
from app.cases import applicant, clocks, queries
from app.cases.applicant import Asked
from app.cases.queries import CaseHead, CaseLine, EventRow, ItemRow
from app.cases.states import LOOKUP, Action, ItemState
from app.core.errors import BadInput
from app.core.unit import Opened, Unit, router
from app.core.web import page_of
from app.core.words import WORDS
from app.documents.service import WantedDocument
from app.filing import corrections
from app.filing.wire import Raw, SentDocument, Wire, read, schema
from app.messages import queries as inbox

from .cases_routes import edition_of, own
from .cases_view import Names

routes = router("/api")
PERSONAL = {"Cache-Control": "no-store"}
Limit = Annotated[int, Query(ge=1, le=100)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=80)]


class ReplyBody(Wire):
    """The answer to a correction: what was asked, and only that. `revision` is the case's revision that was seen."""

    revision: int = Field(ge=1, le=2**31)
    answers: dict[str, Any] = Field(default={})
    documents: list[SentDocument] = Field(default=[], max_length=50)


class WithdrawalBody(Wire):
    """Taking a case back: the case's revision that was seen."""

    revision: int = Field(ge=1, le=2**31)


def _json(body: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, PERSONAL)


def _key(key: str | None) -> str:
    if not key or len(key) < 8:
        raise BadInput("Idempotency-Key")
    return key


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


def _span(span: clocks.Span | None) -> dict[str, Any] | None:
    return {"amount": span.amount, "unit": span.measure.value} if span else None


def _item(item: ItemRow, names: Names, unit: Unit) -> dict[str, Any]:
    face = clocks.face(item, unit.now)
    result = {"document": str(item.result_id), "filename": item.result_name, "size": item.result_size}
    return {
        "item": item.item_id, "name": names.item(item.item_id), "department": item.department_id,
        "department_name": names.department(item.department_id), "state": item.state.value,
        "after": item.after, "after_any": item.after_any, "ground": item.ground, "reason": item.reason,
        "result": result if item.result_id else None,
        "clock": {
            "state": face.stage.value, "share": round(face.share, 3), "used": _span(face.used), "left": _span(face.left),
            "late": face.late, "promised_days": item.promised_days, "legal_days": item.legal_days,
            "accepted_at": _moment(item.accepted_at), "promised_due": _moment(item.promised_due),
            "legal_due": _moment(item.legal_due), "decided_at": _moment(item.decided_at), "provisional": item.provisional,
        },
    }  # fmt: skip


def _asked(item: ItemRow) -> dict[str, Any]:
    return {
        "kind": "correction", "id": str(item.correction_id), "item": item.item_id, "department": item.department_id,
        "reply_by": _moment(item.reply_by), "words": item.words, "targets": item.targets,
    }  # fmt: skip


def _event(event: EventRow) -> dict[str, Any]:
    return {
        "sequence": event.sequence, "kind": event.kind, "item": event.item_id, "by": event.actor, "data": dict(event.data),
        "at": event.at.isoformat(),
    }  # fmt: skip


def _brief(line: CaseLine, unit: Unit, lang: str) -> dict[str, Any]:
    head = line.head
    names = Names(edition_of(unit.session, head), lang)
    return {
        "number": head.number, "service": head.service_id, "edition": head.edition, "title": names.title,
        "state": head.state.value, "revision": head.version, "filed_at": head.filed_at.isoformat(),
        "finished_at": _moment(head.finished_at), "items": [_item(i, names, unit) for i in line.items],
        "asked": [_asked(i) for i in line.items if i.state is ItemState.CORRECTION_ASKED],
        "may_withdraw": any((i.state, Action.WITHDRAW) in LOOKUP for i in line.items),
    }  # fmt: skip


def _case(session: Session, head: CaseHead, unit: Unit) -> dict[str, Any]:
    line = CaseLine(head, queries.items(session, head.id))
    timeline = [_event(e) for e in queries.events(session, head.id)]
    return {**_brief(line, unit, page_of(unit.request).lang), "timeline": timeline}


@routes.get("/me")
def me(unit: Opened, phone: CurrentPhone) -> Response:
    """Who is signed in, for whom they act, and for whom they may: names and numbers of people masked."""
    name = WORDS.mask(phone.name) if phone.name else None
    person = {"id": str(phone.person_id), "name": name} if phone.person_id else None
    unread = inbox.unread(unit.session, phone.resident.party) if phone.resident else 0
    bound = enterprises.bound(unit.session, phone.person_id) if phone.person_id and phone.may_act else []
    return _json(
        {
            "person": person, "session": str(phone.session_id), "unread": unread,
            "acting": phone.enterprise and str(phone.enterprise.id),
            "enterprises": [{"id": str(b.id), "name": b.name, "credit_code": b.credit_code, "role": b.role} for b in bound],
        }
    )  # fmt: skip


@routes.get("/cases")
def my_cases(unit: Opened, resident: CurrentResident, cursor: str = "", limit: Limit = 20) -> Response:
    """My cases, newest first; `next` is the cursor of the page after, null at the end."""
    before = own(unit, resident.party, cursor) if cursor else None
    lines = queries.newest(unit.session, resident.party, limit + 1, before)
    shown, lang = lines[:limit], page_of(unit.request).lang
    after = shown[-1].head.number if len(lines) > limit else None
    return _json({"cases": [_brief(line, unit, lang) for line in shown], "next": after})


@routes.get("/cases/{number}")
def one_case(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """A case of mine: state, items with clocks, timeline, what is asked of me."""
    return _json(_case(unit.session, own(unit, resident.party, number), unit))


@routes.post("/cases/{number}/items/{item}/correction-reply", openapi_extra=schema(ReplyBody))
def correction_reply(unit: Opened, resident: CurrentResident, number: str, item: str, raw: Raw, key: Key = None) -> Response:
    """Answer a correction; the same key again gives the case as it stands. 409 when the item moved on."""
    own(unit, resident.party, number)
    body = read(ReplyBody, raw)
    wanted = [WantedDocument(d.material, d.page, d.sha256, d.size, d.filename) for d in body.documents]
    corrections.reply(
        unit.session, resident.party, number, item, body.answers, wanted, _key(key), body.revision, unit.now
    )  # fmt: skip
    return _json(_case(unit.session, own(unit, resident.party, number), unit))


@routes.post("/cases/{number}/withdrawal", openapi_extra=schema(WithdrawalBody))
def withdrawal(unit: Opened, resident: CurrentResident, number: str, raw: Raw, key: Key = None) -> Response:
    """Take a case back; the same key again gives the case as it stands. 409 when it moved on."""
    own(unit, resident.party, number)
    body = read(WithdrawalBody, raw)
    applicant.withdraw(unit.session, resident.party, number, Asked(_key(key), "withdraw", body.revision), unit.now)
    return _json(_case(unit.session, own(unit, resident.party, number), unit))

"""The receipt after submission, its download, and its check, which anybody may do."""

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated, Any

import segno
from fastapi import Depends, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from app.accounts.enterprises import FRESH
from app.accounts.sessions import CurrentResident
from app.cases.models import CaseItem
from app.cases.service import items_of
from app.cases.states import ItemState
from app.catalogue import editions
from app.catalogue.plans import PlannedPart
from app.core import workdays
from app.core.clock import utcnow
from app.core.crypto import keyring
from app.core.i18n import pick
from app.core.settings import settings
from app.core.unit import Opened, router
from app.core.web import page_of, render, wants_json

from . import queries, receipts
from .review import days_until, shares

routes = router()
#: A receipt with 200 documents is under 40 KB.
LONGEST = 200_000


def qr(code: str) -> Markup:
    """The check address of a receipt as an inline SVG without style, in the colour of the text."""
    address = f"{settings().public_url}/receipts/verify?code={code}"
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass=None, lineclass=None, omitsize=True, border=0, nl=False
    )
    return Markup(out.getvalue().decode().replace('stroke="#000"', 'stroke="currentColor"'))  # noqa: S704 - made by segno


@routes.get("/receipts/key")
def key() -> Response:
    """The published key with which every receipt can be checked, also without us."""
    body = {"algorithm": "Ed25519", "key": keyring().public_key, "encoding": "base64url, no padding", "canonical": "RFC 8785"}
    return JSONResponse(body, headers={"Cache-Control": "public, max-age=3600"})


@dataclass(frozen=True)
class Verdict:
    """What a check found: `state` is none, genuine, unknown (no such code), changed or unreadable; `body` what it states."""

    state: str
    body: dict[str, Any] | None = None

    @property
    def received_at(self) -> datetime | None:
        """When the receipt says that the submission was received."""
        return datetime.fromisoformat(self.body["received_at"]) if self.body else None


def by_code(session: Session, text: str) -> Verdict:
    """Check what a check code stands for."""
    code = receipts.plain_code(text)
    found = queries.by_code(session, code) if code else None
    body = receipts.genuine(found)
    return Verdict("genuine", body) if body else Verdict("unknown")


def by_text(text: str) -> Verdict:
    """Check a receipt as pasted or uploaded."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return Verdict("unreadable")
    if not isinstance(document, dict) or "receipt" not in document:
        return Verdict("unreadable")
    body = receipts.genuine(document)
    return Verdict("genuine", body) if body else Verdict("changed")


def _answer(request: Request, verdict: Verdict, code: str = "", text: str = "") -> Response:
    if wants_json(request):
        return JSONResponse({"genuine": verdict.state == "genuine", "state": verdict.state, "receipt": verdict.body})
    service = None
    if verdict.body:
        service = next((e.service for e in editions.all_current() if e.service.id == verdict.body["service"]), None)
    lang = page_of(request).lang
    papers = {m.id: pick(m.name, lang) for m in service.materials} if service else {}
    context = {
        "verdict": verdict, "code": "" if verdict.body else code, "text": "" if verdict.body else text, "service": service,
        "papers": papers, "now": utcnow(),
    }  # fmt: skip
    status = 200 if verdict.state in ("none", "genuine") else 422
    return render(request, "filing/verify.html", context, status=status)


@routes.get("/receipts/verify")
def verify_page(unit: Opened, code: str = "") -> Response:
    """Anybody: is this receipt genuine, and what does it say."""
    verdict = by_code(unit.session, code[:40]) if code.strip() else Verdict("none")
    return _answer(unit.request, verdict, code[:40])


async def _sent(request: Request) -> tuple[str, str]:
    """(check code, receipt text) of a form, an uploaded file, or a JSON body that is the receipt itself."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return "", (await request.body())[:LONGEST].decode("utf-8", "replace")
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if isinstance(file, UploadFile) and file.size:
            return "", (await file.read(LONGEST)).decode("utf-8", "replace")
        return str(form.get("code", ""))[:40], str(form.get("text", ""))[:LONGEST]


@routes.post("/receipts/verify")
def verify_sent(unit: Opened, sent: Annotated[tuple[str, str], Depends(_sent)]) -> Response:
    """Check a receipt that was pasted or uploaded, or a code."""
    code, text = sent
    verdict = by_text(text) if text.strip() else by_code(unit.session, code)
    return _answer(unit.request, verdict, code, text)


@routes.get("/receipts/{number}.json")
def download(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """The receipt as a file, to be kept and checked offline."""
    row = queries.own_receipt(unit.session, resident.party, number)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="receipt-{row.case_number}.json"'}
    return JSONResponse(receipts.as_given(row.signed), headers=headers)


@routes.get("/receipts/{number}")
def receipt_page(unit: Opened, resident: CurrentResident, number: str) -> Response:
    """交好了: number, who works and by when, code and QR, what comes next."""
    row = queries.own_receipt(unit.session, resident.party, number)
    if wants_json(unit.request):
        return JSONResponse(receipts.as_given(row.signed), headers={"Cache-Control": "no-store"})
    edition = editions.edition(unit.session, row.service_id, row.edition)
    states = {item.item_id: item for item in items_of(unit.session, row.case_id)}
    parts = [PlannedPart(i, _needed(states.get(i.id))) for i in edition.service.items if i.id in states]
    needed = {p.item.id: p.item for p in parts if p.needed}
    promised = max((days_until(needed, i, lambda x: x.promised_days) for i in needed.values()), default=0)
    limited = bool(needed) and all(i.legal_days is not None for i in needed.values())  # else the whole has no legal day
    legal = max(days_until(needed, i, lambda x: x.legal_days or 0) for i in needed.values()) if limited else 0
    context = {
        "row": row, "old_agency": row.agency_at is not None and row.filed_at - row.agency_at > FRESH, "edition": edition,
        "parts": [p for p in shares(parts, row.filed_at) if p.due],
        "departments": editions.departments(), "due": workdays.due(row.filed_at, promised).at,
        "legal_due": workdays.due(row.filed_at, legal).at if legal else None, "qr": qr(row.signed.code),
    }  # fmt: skip
    return render(unit.request, "filing/receipt.html", context)


def _needed(item: CaseItem | None) -> bool:
    return item is not None and item.state is not ItemState.NOT_NEEDED

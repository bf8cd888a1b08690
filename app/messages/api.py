"""My messages over the public API (docs/api.md): pages by cursor, words in the reader's language, newest first."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import JSONResponse, Response

from app.accounts.sessions import CurrentResident
from app.core.unit import Opened, Unit, router
from app.core.web import page_of

from . import kinds, queries
from .queries import MessageRow
from .texts import say

routes = router("/api")
Limit = Annotated[int, Query(ge=1, le=100)]


def _message(row: MessageRow, lang: str, unit: Unit) -> dict[str, Any]:
    said = say(row.kind, row.params, lang, unit.now)
    return {
        "id": str(row.id), "case": row.case_number or None, "kind": row.kind, "group": kinds.kind(row.kind).group.value,
        "params": row.params, "title": said.title, "text": said.line, "act": said.act, "your_turn": row.your_turn,
        "at": row.created_at.isoformat(), "read_at": row.read_at.isoformat() if row.read_at else None,
    }  # fmt: skip


@routes.get("/messages")
def my_messages(unit: Opened, resident: CurrentResident, cursor: UUID | None = None, limit: Limit = 20) -> Response:
    """My messages, newest first; `next` is the cursor of the page after, null at the end."""
    rows = queries.inbox(unit.session, resident.party, limit + 1, before=cursor)
    lang = page_of(unit.request).lang
    body = {
        "messages": [_message(row, lang, unit) for row in rows[:limit]],
        "next": str(rows[limit - 1].id) if len(rows) > limit else None,
        "unread": queries.unread(unit.session, resident.party),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})

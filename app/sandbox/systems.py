"""How a system of the sandbox answers: API key checked, done once per idempotency key, misbehaving when told to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.settings import settings

from .store import Store

#: How a system may misbehave: silent (the work is done), done but the answer breaks off, a wrong answer (of a register: one
#: about somebody else), an error.
FAULTS = ("timeout", "twice", "lie", "fail")
#: Seconds that a silent system stays silent: longer than our clients wait.
SILENCE = 5.0
#: (the store, what is asked and under which idempotency `key`) → the answer.
Answer = Callable[[Store, dict[str, Any]], dict[str, Any]]
#: Whether a request bears what this system wants beside the API key.
Check = Callable[[Request, bytes], bool]


class Refused(Exception):
    """The system understood and will not do it."""

    def __init__(self, error: str, status: int = 422, **headers: str) -> None:
        super().__init__(error)
        self.error, self.status, self.headers = error, status, headers


def system(
    name: str,
    answer: Answer,
    lie: Answer | None = None,
    *,
    check: Check = lambda _request, _body: True,
    refuse: Callable[[str], None] = lambda _fault: None,
) -> Callable[[Request], Awaitable[Response]]:
    """One request to a system, then the planned fault, if any; `refuse` raises Refused for faults that are its own."""

    async def serve(request: Request) -> Response:
        store: Store = request.app.state.store
        body = await request.body()
        if request.headers.get("authorization") != f"Bearer {settings().outside_api_key.get_secret_value()}":
            return JSONResponse({"error": "unknown API key"}, 401)
        if not check(request, body):
            return JSONResponse({"error": "the signature does not hold"}, 401)
        fault = store.next_fault(name)
        if fault == "fail":
            return JSONResponse({"error": "internal"}, 500)
        try:
            refuse(fault or "")
            asked = {**json.loads(body), "key": request.headers.get("idempotency-key", "")}
            said = once(store, request.url.path, asked, answer)
        except Refused as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status, refusal.headers)
        except (KeyError, TypeError, ValueError):
            return JSONResponse({"error": "bad request"}, 400)
        if fault == "timeout":
            await asyncio.sleep(request.app.state.silence)
        if fault == "twice":
            return JSONResponse({"error": "bad gateway"}, 502)
        if fault == "lie":
            return JSONResponse({**lie(store, asked), "key": asked["key"]} if lie else _opposite(said))
        return JSONResponse(said)

    return serve


def once(store: Store, path: str, asked: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """The answer to a key: made now, or the one given before; raises ValueError when the key was used for something else."""
    key = asked["key"]
    if not key:
        raise ValueError("no idempotency key")
    question = f"{path} {json.dumps(asked, sort_keys=True)}"
    known = store.remembered(key)
    if known is not None:
        if known[0] != question:
            raise ValueError("the key was used for something else")
        return known[1]
    body = {**answer(store, asked), "key": key}
    store.remember(key, question, body)
    return body


def _opposite(body: dict[str, Any]) -> dict[str, Any]:
    """A wrong answer that belongs to somebody else's request."""
    return {**{name: not value for name, value in body.items() if name != "key"}, "key": "somebody-else"}

"""ASGI: an act of staff that no transaction recorded (refused, or only read) is recorded before its answer leaves."""

import logging

from anyio import to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import db
from app.core.errors import Busy
from app.core.web import error_response

from .models import Outcome
from .records import _ACT, SAFE, Act, append

logger = logging.getLogger(__name__)


def finish(act: Act, status: int) -> None:
    """Record what a request did or was refused, in a transaction of its own; nothing when it is recorded already."""
    if act.who is None or act.at is None or act.written:
        return
    outcome = Outcome.REFUSED if act.tried or status >= 400 else act.outcome
    with db.writing() as session:
        append(session, act.who, act.action, act.thing, outcome, act.at, act.address, act.device)
    act.written = True


class Recorder:
    """Wraps every unsafe request; costs nothing unless staff are found in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        act = Act()
        scope.setdefault("state", {})[_ACT] = act
        unrecorded = False

        async def recorded(message: Message) -> None:
            nonlocal unrecorded
            if unrecorded:
                return
            if message["type"] == "http.response.start":
                try:
                    await to_thread.run_sync(finish, act, message["status"])
                except Busy as error:
                    unrecorded = True  # what cannot be recorded is not answered
                    await error_response(Request(scope, receive), error)(scope, receive, send)
                    return
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        except Exception:
            await to_thread.run_sync(finish, act, 500)
            raise

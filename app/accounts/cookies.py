"""What only the browser keeps, sealed, for minutes: a sign-in in progress, its number and way back; never in an address."""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.core.crypto import Sealed, keyring
from app.core.settings import settings

from .tokens import REQUEST_COOKIE

LIFE = 900


@dataclass(frozen=True)
class Pending:
    """A code has been sent to `number`; `request` binds it to this browser; `next` is where to go afterwards."""

    number: str
    request: str
    next: str


def safe_next(path: str) -> str:
    """A way back within our own pages; anything else leads home."""
    # Browsers drop tabs and line ends and read "\\" as "/", so that either could hide a "//host".
    odd = "\\" in path or not path.isprintable()
    return "/" if odd or not path.startswith("/") or path.startswith("//") else path


def put(response: Response, name: str, value: object, life: int) -> None:
    """Give the browser a value that only we can read and nobody can change; `life` in seconds."""
    sealed = base64.urlsafe_b64encode(keyring().seal(json.dumps(value).encode(), f"cookie.{name}")).decode()
    response.set_cookie(named(name), sealed, max_age=life, path="/", secure=settings().secure, httponly=True, samesite="lax")


def read(request: Request, name: str) -> Any:
    """A value that put() gave, or None when there is none or it was tampered with. Its age is the caller's to check."""
    value = request.cookies.get(named(name))
    try:
        return value and json.loads(keyring().open(base64.urlsafe_b64decode(value), f"cookie.{name}"))
    except (Sealed, ValueError):
        return None


def named(name: str) -> str:
    """`__Host-` over https, so that no neighbour under the same domain can plant a value of theirs."""
    return f"__Host-{name}" if settings().secure else name


def name() -> str:
    """The cookie of a resident's sign-in in progress."""
    return named(REQUEST_COOKIE)


def keep(response: Response, pending: Pending) -> None:
    """Give the browser its sign-in in progress."""
    put(response, REQUEST_COOKIE, asdict(pending), LIFE)


def pending_of(request: Request) -> Pending | None:
    """The sign-in in progress, or None when there is none or it was tampered with."""
    try:
        return Pending(**value) if (value := read(request, REQUEST_COOKIE)) else None
    except TypeError:
        return None

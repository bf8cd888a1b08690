"""The sign-in in progress: number, bound request and way back, sealed in a short-lived cookie, never in an address."""

import base64
import json
from dataclasses import asdict, dataclass

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


def name() -> str:
    """`__Host-` over https, so that no neighbour under the same domain can plant a sign-in of theirs."""
    return f"__Host-{REQUEST_COOKIE}" if settings().secure else REQUEST_COOKIE


def keep(response: Response, pending: Pending) -> None:
    """Give the browser its sign-in in progress."""
    sealed = keyring().seal(json.dumps(asdict(pending)).encode(), "cookie.sign_in")
    value = base64.urlsafe_b64encode(sealed).decode()
    response.set_cookie(name(), value, max_age=LIFE, path="/", secure=settings().secure, httponly=True, samesite="lax")


def pending_of(request: Request) -> Pending | None:
    """The sign-in in progress, or None when there is none or it was tampered with."""
    value = request.cookies.get(name())
    if not value:
        return None
    try:
        return Pending(**json.loads(keyring().open(base64.urlsafe_b64decode(value), "cookie.sign_in")))
    except (Sealed, ValueError, TypeError):
        return None

"""The gates before every room, plain ASGI: where a request comes from (CSRF), how large it is, what a page may do (CSP)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import shared
from .errors import AppError, ForeignOrigin, TooLarge
from .settings import settings
from .web import error_response

SAFE = {"GET", "HEAD", "OPTIONS"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Bytes of a body: forms and JSON, and what may carry a file (a file's own limit, 20 MB, is checked where it is received).
MOST, MOST_WITH_FILE = 2 * 1024 * 1024, 48 * 1024 * 1024
WITH_FILE = ("multipart/form-data", "application/offset+octet-stream")


def foreign(headers: Headers, host: str) -> bool:
    """Whether an unsafe request must be refused: it came from another origin, or bears a cookie and will not say.

    Sec-Fetch-Site is sent by every browser of our floor on secure contexts (W3C Fetch Metadata); Origin stands in elsewhere.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is not None:
        return not _ours(origin, host)
    return "cookie" in headers


def _ours(origin: str, host: str) -> bool:
    """Whether an Origin names us: the address people use, or the Host of the request where no proxy rewrites it."""
    if origin.rstrip("/") == settings().public_url.rstrip("/"):
        return True
    parts = urlsplit(origin)
    return bool(host) and parts.netloc == host and (parts.scheme == "https" or not settings().secure)


def _most(headers: Headers) -> int:
    return MOST_WITH_FILE if headers.get("content-type", "").lower().startswith(WITH_FILE) else MOST


def _too_large(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > _most(headers)


def _odd_charset(headers: Headers) -> bool:
    """Whether a form claims another character set than ours: no browser does, and some decode to what cannot be encoded."""
    kind = headers.get("content-type", "").lower().replace(" ", "").replace('"', "")
    return "charset=" in kind and kind.partition("charset=")[2].split(";")[0] not in ("utf-8", "utf8")


def _bounded(receive: Receive, most: int) -> Receive:
    """Count a body of unknown length as it comes in."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return counted


def protect(headers: MutableHeaders) -> None:
    """Add what every answer bears, unless its route said otherwise: what is not said to be public is not kept anywhere."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if settings().secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def only_head(request: Request) -> bool:
    """Whether a GET was asked as HEAD: the answer's body goes nowhere."""
    return bool(request.scope.get("head"))


class Gates:
    """ASGI middleware: refuses foreign unsafe requests and huge bodies, adds the security headers to every answer.

    Before anything else, what this process keeps in memory is brought up to date (core/shared.py).

    What answers GET answers HEAD too (RFC 9110 §9.3.2): routes see a GET, the server leaves the body out. `own_head`: the
    beginnings of addresses whose routes have a HEAD of their own.
    """

    def __init__(self, app: ASGIApp, own_head: tuple[str, ...] = ()) -> None:
        self.app, self.own_head = app, own_head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message))
            await send(message)

        await shared.freshen()
        headers = Headers(scope=scope)
        refusal: AppError | None = None
        if scope["method"] not in SAFE and foreign(headers, headers.get("host", "")):
            refusal = ForeignOrigin()
        elif _too_large(headers):
            refusal = TooLarge()
        elif _odd_charset(headers):
            refusal = AppError()
        if refusal is not None:
            await error_response(Request(scope, receive), refusal)(scope, receive, send_guarded)
            return
        if scope["method"] == "HEAD" and not scope["path"].startswith(self.own_head):
            scope = {**scope, "method": "GET", "head": True}
        await self.app(scope, _bounded(receive, _most(headers)), send_guarded)

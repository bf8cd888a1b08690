"""The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload): headers in, headers out, the version on every answer."""

from collections.abc import Callable, Coroutine
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import AppError
from app.core.unit import UnitRoute
from app.core.web import error_response

from .checks import MOST_BYTES
from .errors import LengthNeeded, NotTusContent, NotTusVersion, UnknownMetadata
from .uploads import Standing

VERSION = "1.0.0"
ABILITIES = {
    "Tus-Version": VERSION, "Tus-Extension": "creation,expiration", "Tus-Max-Size": str(MOST_BYTES), "Tus-Resumable": VERSION
}  # fmt: skip
CONTENT = "application/offset+octet-stream"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class TusRoute(UnitRoute):
    """A route that speaks tus: asks for the version, says it on every answer, refusals too."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler with the version around it."""
        handle = super().get_route_handler()

        async def versioned(request: Request) -> Response:
            try:
                if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
                    raise NotTusVersion
                answer = await handle(request)
            except AppError as refused:
                answer = error_response(request, refused)
                answer.headers["Tus-Version"] = VERSION
            answer.headers["Tus-Resumable"] = VERSION
            return answer

        return versioned


def length_of(request: Request) -> int:
    """Upload-Length in bytes; raises LengthNeeded. Deferred lengths are not taken."""
    return _number(request, "upload-length", LengthNeeded())


def offset_of(request: Request) -> int:
    """Upload-Offset of a PATCH in bytes; raises UnknownMetadata, or NotTusContent for another content type."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != CONTENT:
        raise NotTusContent
    return _number(request, "upload-offset", UnknownMetadata(detail="Upload-Offset"))


def _number(request: Request, header: str, refusal: AppError) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdecimal() and len(value) <= 15):
        raise refusal
    return int(value)


def described(standing: Standing) -> dict[str, str]:
    """The headers that say how far an upload is; Upload-Document names the document that it became."""
    headers = {"Upload-Offset": str(standing.offset), "Cache-Control": "no-store"}
    if standing.document_id is None:
        headers["Upload-Expires"] = format_datetime(standing.expires_at, usegmt=True)
    else:
        headers["Upload-Document"] = str(standing.document_id)
    return headers

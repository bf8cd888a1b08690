"""Sign-in over the public API: a code by SMS, then a bearer token (shared wire: docs/api.md)."""

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.core.unit import router

from .clients import address_of, device_of
from .routes import send_code, try_code
from .sign_in import phone_number

routes = router("/api")


def request_of(request: Request) -> str:
    """What binds a code to its API client: codes of the API work only there, and only for the network that asked for them.

    Else anybody could use up the tries of somebody else's code.
    """
    return f"api {address_of(request)}"


class CodeRequest(BaseModel):
    """Where to send a code."""

    model_config = ConfigDict(extra="forbid")
    phone: str = Field(max_length=40)


class SignInRequest(CodeRequest):
    """The phone and the code that it received."""

    code: str = Field(max_length=12)


@routes.post("/sign-in/code", status_code=202)
def ask(request: Request, body: CodeRequest) -> Response:
    """202 always within the budget; the same answer for known and unknown numbers."""
    send_code(phone_number(body.phone), address_of(request), request_of(request))
    return Response(status_code=202)


@routes.post("/sign-in")
def sign_in(request: Request, body: SignInRequest) -> Response:
    """A bearer token and when it expires (RFC 3339)."""
    signed = try_code(phone_number(body.phone), body.code, request_of(request), device_of(request), bearer=True)
    return JSONResponse({"token": signed.token, "expires_at": signed.expires_at.isoformat()})

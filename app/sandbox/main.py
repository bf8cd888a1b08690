"""The outside world: an SMS gateway with its phones, the identity check and the state's registers, with faults on demand."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.core.clock import utcnow
from app.core.settings import settings

from . import aliyun, enterprises, pages, registers, sms
from .people import Known
from .store import Store
from .systems import FAULTS, SILENCE, Answer, system

SYSTEMS = {
    "sms": (*FAULTS, *sms.FAULTS, *aliyun.REFUSALS),
    "sms_reports": sms.REPORT_FAULTS,
    **dict.fromkeys(("identity", "enterprises", *(f"data/{register}" for register in registers.REGISTERS)), FAULTS),
}


def _check(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    return {"match": store.belongs(asked["name"], asked["id_number"])}


def _holds(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    holder = store.holder(asked["number"])
    return {"holds": None if holder is None else holder == asked["id_number"]}


def _looks(register: str) -> Answer:
    def look(_store: Store, asked: dict[str, Any]) -> dict[str, Any]:
        return registers.answer(asked, register, settings().outside_api_key.get_secret_value(), utcnow())

    return look


def _lies(register: str) -> Answer:
    def lie(_store: Store, asked: dict[str, Any]) -> dict[str, Any]:
        return registers.lie(asked, register, settings().outside_api_key.get_secret_value(), utcnow())

    return lie


def _agents(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    return enterprises.agents_of(store.db, asked["id_number"])


def _agents_of_another(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    return enterprises.agents_of(store.db, enterprises.another(asked["id_number"]))


async def phone(request: Request) -> Response:
    """GET /sandbox/phones/{number}: JSON for programs, a page for people."""
    store: Store = request.app.state.store
    number = request.path_params["number"]
    sent = store.phone(number)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse([s._asdict() for s in sent], headers={"Cache-Control": "no-store"})
    return HTMLResponse(pages.phone(number, sent), headers=pages.HEADERS)


async def phones(request: Request) -> Response:
    """GET /sandbox/phones: who has a phone."""
    return HTMLResponse(pages.phones(request.app.state.store.people()), headers=pages.HEADERS)


async def holdings(_request: Request) -> Response:
    """GET /sandbox/registers: what each register holds about whom."""
    return HTMLResponse(pages.registers(), headers=pages.HEADERS)


async def sheet(_request: Request) -> Response:
    """GET /sandbox/phone.css."""
    return Response(pages.SHEET, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


async def authority(_request: Request) -> Response:
    """GET /sandbox/ca.crt: the local certificate authority of `make run HTTPS=1`, for phones to trust."""
    path = settings().data_dir / "ca" / "ca.crt"
    if not path.exists():
        return Response(status_code=404)
    return Response(path.read_bytes(), media_type="application/x-x509-ca-cert")


async def home(_request: Request) -> Response:
    """GET /: the phones."""
    return RedirectResponse("/sandbox/phones", 303)


async def faults(request: Request) -> Response:
    """POST /sandbox/faults {system, kind, times}: misbehave for the next requests."""
    try:
        body = await request.json()
    except ValueError:  # a form, say: the same answer as to any other slip
        body = {}
    system, kind, times = body.get("system"), body.get("kind"), body.get("times", 1)
    if kind not in SYSTEMS.get(system, ()) or not isinstance(times, int) or not 1 <= times <= 1000:
        kinds = "; ".join(f"{name}: {', '.join(dict.fromkeys(known))}" for name, known in SYSTEMS.items())
        return JSONResponse({"error": f"system is one of these, with their kinds: {kinds}; times 1 to 1000"}, 422)
    request.app.state.store.plan_fault(system, kind, times)
    return Response(status_code=204)


async def people(request: Request) -> Response:
    """POST /sandbox/people {name, id_number, phone}: enter somebody, or give a number to somebody else."""
    body = await request.json()
    request.app.state.store.register(Known(body["name"], body["id_number"], body.get("phone", "")))
    return Response(status_code=204)


async def appoint(request: Request) -> Response:
    """POST /sandbox/enterprises/agents {credit_code, id_number, role}: let somebody act for an enterprise; role "" ends it."""
    body = await request.json()
    enterprises.appoint(request.app.state.store.db, body["credit_code"], body["id_number"], body.get("role", ""))
    return Response(status_code=204)


async def reset(request: Request) -> Response:
    """POST /sandbox/reset: forget everything but the demo people."""
    request.app.state.store.reset()
    request.app.state.gateway.forget()
    request.app.state.aliyun.forget()
    return Response(status_code=204)


def make_app(store: Store, silence: float = SILENCE, report_after: float = sms.REPORT_AFTER) -> Starlette:
    """The sandbox on its own file."""
    gateway = sms.Gateway(report_after)
    account = aliyun.Aliyun(gateway)
    app = Starlette(
        routes=[
            Route("/", home),
            Route("/", account.serve, methods=["POST"]),
            Route("/sms/messages", system("sms", gateway.send, check=sms.signed, refuse=sms.refuse), methods=["POST"]),
            Route("/identity/checks", system("identity", _check), methods=["POST"]),
            Route("/identity/phone-holders", system("identity", _holds), methods=["POST"]),
            *(
                Route(f"/data/{name}", system(f"data/{name}", _looks(name), _lies(name)), methods=["POST"])
                for name in registers.REGISTERS
            ),
            Route("/sandbox/registers", holdings),
            Route("/enterprises/agents", system("enterprises", _agents, _agents_of_another), methods=["POST"]),
            Route("/sandbox/enterprises/agents", appoint, methods=["POST"]),
            Route("/sandbox/phones", phones),
            Route("/sandbox/phones/{number}", phone),
            Route("/sandbox/phone.css", sheet),
            Route("/sandbox/ca.crt", authority),
            Route("/sandbox/faults", faults, methods=["POST"]),
            Route("/sandbox/people", people, methods=["POST"]),
            Route("/sandbox/reset", reset, methods=["POST"]),
        ]
    )
    app.state.store, app.state.silence, app.state.gateway, app.state.aliyun = store, silence, gateway, account
    return app


def from_settings() -> Starlette:
    """The sandbox of `make run`: its file lies beside the embedded database."""
    return make_app(Store(settings().data_dir / "sandbox.db"))

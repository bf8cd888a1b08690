"""Which routers the web server serves and which handlers listen to which events; called by every entry point."""

from fastapi import APIRouter

import app.models  # noqa: F401 - registers every table
from app.accounts import api as accounts_api
from app.accounts import routes as accounts
from app.cases import telling
from app.cases.service import Happened
from app.catalogue import api as catalogue_api
from app.catalogue import routes as catalogue
from app.core import events
from app.filing import api as filing_api
from app.filing import routes as filing


def routers() -> list[APIRouter]:
    """All routers; one line a room."""
    return [
        accounts.routes,
        accounts_api.routes,
        catalogue.routes,
        catalogue_api.routes,
        filing.routes,
        filing_api.routes,
    ]


def listen() -> None:
    """Tie handlers to events."""
    events.on(Happened, telling.tell)

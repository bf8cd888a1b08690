"""Which routers the web server serves and which handlers listen to which events; called by every entry point."""

from fastapi import APIRouter

import app.models  # noqa: F401 - registers every table
from app.accounts import api as accounts_api
from app.accounts import routes as accounts


def routers() -> list[APIRouter]:
    """All routers; one line a room."""
    return [
        accounts.routes,
        accounts_api.routes,
    ]


def listen() -> None:
    """Tie handlers to events."""

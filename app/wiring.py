"""Which routers the web server serves and which handlers listen to which events; called by every entry point."""

from fastapi import APIRouter
from sqlmodel import Session

import app.models  # noqa: F401 - registers every table
from app.accounts import api as accounts_api
from app.accounts import enterprises_api, officers
from app.accounts import routes as accounts
from app.accounts.appearance import AppearanceChosen
from app.administration import (
    calendar_routes,
    deliveries_routes,
    department_routes,
    division_routes,
    point_routes,
    staff_routes,
    texts_routes,
    town_routes,
)
from app.administration import records_routes as administration_records
from app.cases import telling
from app.cases.service import Happened
from app.catalogue import api as catalogue_api
from app.catalogue import browse_routes as catalogue_browse
from app.catalogue import routes as catalogue
from app.catalogue import search_routes as catalogue_search
from app.core import events
from app.desk import account_routes as desk_account
from app.desk import item_routes as desk_items
from app.desk import messages_routes as desk_messages
from app.desk import pictures as desk_pictures
from app.desk import routes as desk
from app.desk import sign_in as desk_sign_in
from app.desk import telling as desk_telling
from app.documents import api as documents_api
from app.documents import routes as documents
from app.filing import api as filing_api
from app.filing import correction_routes as filing_corrections
from app.filing import form_routes as filing_forms
from app.filing import lookup_api as filing_lookups_api
from app.filing import lookup_routes as filing_lookups
from app.filing import outlook_routes as filing_outlook
from app.filing import receipt_routes as filing_receipts
from app.filing import routes as filing
from app.home import cases_api, cases_documents, cases_routes, cases_stream, points_routes
from app.home import enterprises_routes as home_enterprises
from app.home import routes as home
from app.messages import api as messages_api
from app.messages import (
    kinds,
    ledger_routes,
    preferences,
    preferences_api,
    preferences_routes,
    push_api,
    shown,
    sms_callbacks,
    staff_inbox,
)
from app.messages import queries as messages
from app.messages import routes as messages_routes
from app.messages import stream as messages_stream
from app.pwa import routes as pwa
from app.territory import api as territory_api


def routers() -> list[APIRouter]:
    """All routers; one line a room. The busiest first: a request is matched against one route after the other."""
    return [
        cases_routes.routes,
        cases_stream.routes,
        pwa.routes,
        catalogue.routes,
        home.routes,
        points_routes.routes,
        catalogue_search.routes,
        catalogue_browse.routes,
        messages_stream.routes,
        messages_routes.routes,
        preferences_routes.routes,
        ledger_routes.routes,
        preferences_api.routes,
        cases_documents.routes,
        documents.routes,
        filing_forms.routes,
        filing.routes,
        filing_outlook.routes,
        filing_lookups.routes,
        filing_receipts.routes,
        filing_corrections.routes,
        filing_api.routes,
        filing_lookups_api.routes,
        documents_api.routes,
        documents_api.files,
        desk.routes,
        desk_items.routes,
        desk_pictures.routes,
        desk_messages.routes,
        desk_sign_in.routes,
        desk_account.routes,
        administration_records.routes,
        staff_routes.routes,
        department_routes.routes,
        division_routes.routes,
        point_routes.routes,
        calendar_routes.routes,
        town_routes.routes,
        deliveries_routes.routes,
        texts_routes.routes,
        accounts.routes,
        home_enterprises.routes,
        enterprises_api.routes,
        accounts_api.routes,
        catalogue_api.routes,
        territory_api.routes,
        cases_api.routes,
        sms_callbacks.routes,
        messages_api.routes,
        push_api.routes,
        push_api.pages,
        shown.routes,
    ]


def _count_unread(session: Session, shown: catalogue.TabsShown) -> None:
    shown.page.unread = messages.unread(session, shown.party)


def listen() -> None:
    """Tie handlers to events; texts that do not hold end the start, not the first event that would use them."""
    kinds.texts()
    events.on(catalogue.TabsShown, _count_unread)
    events.on(Happened, telling.tell)
    events.on(Happened, desk_telling.tell)
    officers.count_unread(staff_inbox.unread_column)
    events.on(AppearanceChosen, preferences.follow)

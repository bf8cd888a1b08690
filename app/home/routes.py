"""Home, 我的, my devices, how it looks."""

from starlette.responses import Response

from app.accounts import enterprises
from app.accounts.enterprises import ROLES
from app.accounts.sessions import CurrentPhone, MaybeResident, sessions_of
from app.catalogue import browse, editions
from app.core.errors import NotFound
from app.core.unit import Opened, Unit, router
from app.core.web import Page, page_of, render
from app.core.words import WORDS
from app.filing import filers
from app.forms.definition import Text
from app.messages.queries import news

from . import greeting, queries
from .mini import Mini, mini

routes = router()


def _title(unit: Unit, row: queries.Running) -> Text:
    try:
        return editions.current(row.service_id).service.title
    except NotFound:
        return editions.edition(unit.session, row.service_id, row.edition).service.title


def _page(unit: Unit, name: str | None, messages: int) -> Page:
    page = page_of(unit.request)
    page.user, page.unread = WORDS.mask(name) if name else None, messages
    return page


@routes.get("/")
def home(unit: Opened, phone: MaybeResident) -> Response:
    """The front door. Signed in: the running case that wants me most. No query without a session, at most three with one."""
    shown: Mini | None = None
    many = messages = elsewhere = 0
    party = phone.resident.party if phone is not None and phone.resident is not None else None
    if party is not None:
        row = queries.running(unit.session, party)
        if row is None:
            messages, elsewhere = news(unit.session, party)
        else:
            many, messages, elsewhere = row.many, row.unread, row.elsewhere
            rows = queries.items(unit.session, party, row.id)
            shown = mini(row.number, _title(unit, row), rows, editions.departments(), unit.now)
    events = [one.service for one in browse.together() if party is None or filers.may_file(one.service, party)]
    context = {
        "name": phone.name if phone else None, "signed_in": phone is not None, "case": shown, "many": many, "events": events,
        "life": browse.events(filers.identity(party) if party else None), "may_act": phone.may_act if phone else 0,
        "elsewhere": elsewhere,
        "hello": greeting.hello(unit.now), "weekday": greeting.weekday(unit.now), "hours": greeting.hours(unit.now),
        "now": unit.now,
    }  # fmt: skip
    page = _page(unit, phone.name if phone else None, messages)
    return render(unit.request, "home/home_care.html" if page.mode == "care" else "home/home.html", context, page=page)


@routes.get("/me")
def me(unit: Opened, phone: MaybeResident) -> Response:
    """我的: who I am here, my drafts and devices, how it looks, the way out."""
    if phone is None:
        return render(unit.request, "home/me.html", {"number": None, "name": None, "mine": None})
    if phone.resident is None:
        number = WORDS.mask(queries.number_of(unit.session, phone.phone_id))
        return render(unit.request, "home/me.html", {"number": number, "name": None, "mine": None})
    mine = queries.belongings(unit.session, phone.resident.party, phone.phone_id, unit.now)
    bound = enterprises.bound(unit.session, phone.resident.person_id) if phone.may_act else []
    context = {
        "number": WORDS.mask(mine.number), "name": phone.name, "mine": mine, "acting": phone.enterprise, "roles": ROLES,
        "bound": sorted(bound, key=lambda row: phone.enterprise is None or row.id != phone.enterprise.id),
    }  # fmt: skip
    return render(unit.request, "home/me.html", context, page=_page(unit, phone.name, mine.unread))


@routes.get("/me/devices")
def devices(unit: Opened, phone: CurrentPhone) -> Response:
    """Where I am signed in; each of them can be signed out at once."""
    rows = sessions_of(unit.session, phone.phone_id, unit.now, phone.person_id)
    return render(unit.request, "home/me_devices.html", {"sessions": rows, "this": phone.session_id})


@routes.get("/me/settings")
def look(unit: Opened) -> Response:
    """Text size, 长辈版, light or dark, language: for everybody, signed in or not; POST /settings keeps them."""
    return render(unit.request, "home/me_settings.html", {})

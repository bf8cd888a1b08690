"""消息文字: what messages say, as they arrive, for those who answer for the words. Nothing is changed here."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from app.accounts.models import Role
from app.accounts.officers import Officer, current_officer
from app.accounts.sessions import lazily
from app.core.errors import Forbidden
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, render
from app.desk import landing
from app.messages.kinds import FILE, Group
from app.messages.payloads import TITLES

from . import texts_view

routes = router()
READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def _reader(unit: Unit) -> Officer:
    """An administrator or an auditor; raises Forbidden for other roles."""
    officer = current_officer(unit)
    if officer.role not in READERS:
        raise Forbidden
    return officer


Reader = Annotated[Officer, Depends(lazily(_reader))]
Choice = Annotated[str, Query(max_length=20)]


@routes.get("/desk/texts")
def all_texts(unit: Opened, officer: Reader, group: Choice = "") -> Response:
    """Every kind of message with sample values; `group` shows those of one group."""
    page = page_of(unit.request)
    page.staff = officer.name
    chosen = Group(group) if group in set(Group) else None
    context = {
        "officer": officer, "menu": landing.menu(officer.role, officer.jurisdiction),
        "sections": texts_view.sections(unit.now, chosen),
        "groups": texts_view.GROUPS, "chosen": chosen, "titles": TITLES,
        "file": f"app/messages/{FILE.name}",
    }  # fmt: skip
    return render(unit.request, "administration/texts.html", context, page=page)

"""我的 → 消息通知: how I wish to be told, and a message to myself to see that it works."""

from typing import Annotated, NamedTuple

from fastapi import Form
from pydantic import ValidationError
from starlette.responses import Response

from app.accounts.budgets import HOUR, spend
from app.accounts.sessions import CurrentResident, Resident
from app.core.errors import N_, AppError, BadInput
from app.core.settings import settings
from app.core.unit import Opened, Unit, router
from app.core.web import page_of, redirect, render
from app.core.words import WORDS

from . import preferences, service
from .kinds import Group
from .planning import switch
from .preferences import QUIET_FROM, QUIET_TO, SWITCHES, Choice

routes = router()
Field = Annotated[str, Form(max_length=20)]
Ticks = Annotated[list[str], Form(max_length=4)]
#: Messages to oneself an hour: enough to set two phones up, too few to annoy a gateway.
TESTS = 5
SAME_HOURS = N_("“从”和“到”不能是同一个钟点；不想用就选“随时都行”。")
ONE_STAYS = N_("手机通知和短信，至少留一样。")


class Sheet(NamedTuple):
    """The form as it is shown: what holds, or what was sent and is not saved yet."""

    sms: str
    lang: str
    night: bool
    start: int
    end: int
    on: frozenset[str]


def _sheet(choice: Choice) -> Sheet:
    night = choice.quiet_from != choice.quiet_to
    start, end = (choice.quiet_from, choice.quiet_to) if night else (QUIET_FROM, QUIET_TO)
    return Sheet(choice.sms, choice.lang, night, start, end, preferences.NAMES - choice.muted)


def _choice(sheet: Sheet) -> Choice:
    """What was sent, checked; raises BadInput for what our own page cannot send."""
    start, end = (sheet.start, sheet.end) if sheet.night else (0, 0)
    sent = {"sms": sheet.sms, "lang": sheet.lang, "quiet_from": start, "quiet_to": end, "muted": preferences.NAMES - sheet.on}
    try:
        return Choice.model_validate(sent)
    except ValidationError as error:
        raise BadInput(str(error.errors()[0]["loc"][0])) from error


def _mistakes(sheet: Sheet, choice: Choice) -> dict[str, str]:
    """What has to be mended, by the field beside which it is said."""
    wrong: dict[str, str] = {group.value: ONE_STAYS for group in choice.silent}
    if sheet.night and sheet.start == sheet.end:
        wrong["quiet_from"] = SAME_HOURS
    return wrong


def _page(
    unit: Unit, resident: Resident, sheet: Sheet, *, wrong: dict[str, str] | None = None, error: AppError | None = None,
    done: bool = False,
) -> Response:  # fmt: skip
    page = page_of(unit.request)
    page.user = WORDS.mask(resident.name)
    number = preferences.number_of(unit.session, resident.person_id)
    context = {
        "sheet": sheet, "offered": SWITCHES, "number": number, "wrong": wrong or {},
        "error": error, "done": done, "minutes": settings().sms_after_minutes,
    }  # fmt: skip
    status = error.status if error else 422 if wrong else 200
    return render(unit.request, "messages/notifications.html", context, page=page, status=status)


@routes.get("/me/notifications")
def notifications(unit: Opened, resident: CurrentResident, done: str = "") -> Response:
    """What holds for me now."""
    return _page(unit, resident, _sheet(preferences.chosen(unit.session, resident.person_id)), done=done == "saved")


@routes.post("/me/notifications")
def save(
    unit: Opened,
    resident: CurrentResident,
    sms: Field = "",
    lang: Field = "",
    night: Field = "",
    quiet_from: Annotated[int, Form()] = QUIET_FROM,
    quiet_to: Annotated[int, Form()] = QUIET_TO,
    turn: Ticks = [],  # noqa: B006 - FastAPI copies it
    result: Ticks = [],  # noqa: B006
    progress: Ticks = [],  # noqa: B006
) -> Response:
    """Keep what I chose; at least one channel stays for what the law demands that I be told."""
    ticked = {Group.TURN: turn, Group.RESULT: result, Group.PROGRESS: progress}
    on = frozenset(switch(group, channel) for group, channels in ticked.items() for channel in channels)
    sheet = Sheet(sms, lang, night == "on", quiet_from, quiet_to, on & preferences.NAMES)
    choice = _choice(sheet)
    wrong = _mistakes(sheet, choice)
    if wrong:
        return _page(unit, resident, sheet, wrong=wrong)
    preferences.choose(unit.session, resident.person_id, choice, unit.now)
    return redirect("/me/notifications?done=saved")


@routes.post("/me/notifications/test")
def send_test(unit: Opened, resident: CurrentResident) -> Response:
    """Send myself a message, at once and over what I chose for my turn; then see what becomes of it."""
    try:
        spend(unit.session, "test-message", resident.person_id.hex, TESTS, HOUR, unit.now)
    except AppError as error:
        return _page(unit, resident, _sheet(preferences.chosen(unit.session, resident.person_id)), error=error)
    to = resident.party
    sent = service.tell(unit.session, to.person_id, None, "", "test", {}, False, unit.now, enterprise_id=to.enterprise_id)
    return redirect(f"/messages/{sent.id}/deliveries")

"""The frame of the administrators' pages: who may, the rail, how a page is shown and shown again."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from app.accounts.officers import Officer
from app.accounts.records import refused
from app.core.errors import N_, AppError
from app.core.unit import Unit
from app.core.web import page_of, render
from app.desk.landing import is_whole, menu

from .errors import NotWholeInstallation

#: What was just done, told on the next page.
DONE = {
    "saved": N_("存好了，几秒钟里到处都变。"),
    "added": N_("加好了。"),
    "closed": N_("停用了；用过的记录都在。"),
    "opened": N_("恢复了。"),
    "removed": N_("去掉了。"),
    "same": N_("和原来一样，什么都没有改。"),
    "unlocked": N_("解锁了，可以再登录。"),
    "factor": N_("动态码清掉了，下次登录重新绑定。"),
    "queued": N_("排上队了，马上再发。"),
    "settled": N_("这条提醒关掉了。"),
    "staff-closed": N_("账号停用了，在用的会话都已退出。"),
}


def whole(officer: Officer) -> bool:
    """Whether an administrator is one for the whole installation, not for a town of it."""
    return is_whole(officer.jurisdiction)


def need_whole(officer: Officer) -> None:
    """Raises NotWholeInstallation."""
    if not whole(officer):
        raise NotWholeInstallation


def show(
    unit: Unit, officer: Officer, template: str, context: Mapping[str, Any], *, error: AppError | None = None, done: str = ""
) -> Response:
    """A page of the administrators' screens; with an error, the same page as it was typed."""
    if error and not unit.safe:
        refused(unit.session)
    page = page_of(unit.request)
    page.staff = officer.name
    sections = menu(officer.role, officer.jurisdiction)
    section = next((s for s in sections if unit.request.url.path.startswith(s.path)), None)
    frame = {
        "officer": officer, "sections": sections, "section": section, "error": error, "done": DONE.get(done), "now": unit.now,
        "whole": whole(officer),
    }  # fmt: skip
    return render(unit.request, template, {**frame, **context}, page=page, status=error.status if error else 200)

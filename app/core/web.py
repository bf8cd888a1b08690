"""From a room to the browser: templates, pages and fragments, redirects, errors as page, fragment or problem+json."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from . import static
from .clock import local
from .errors import AppError
from .i18n import Pair, choose, gettext, pick, said
from .town import town
from .words import WORDS

TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass
class Page:
    """What the frame of every page needs: language and look from cookies, who is signed in, unread messages.

    On every page that knows its reader: `acting`, the name of the enterprise for which they act, and `reader`, the mark by
    which the phone's own scripts tell readers apart (accounts/tokens.py).
    """

    lang: str
    theme: str = ""
    mode: str = ""
    text: str = ""
    path: str = "/"
    user: str | None = None
    staff: str | None = None
    unread: int = 0
    acting: str | None = None
    reader: str = ""


def page_of(request: Request) -> Page:
    """The reader's choices, from cookies; anything unknown is ignored."""
    c = request.cookies
    theme, mode, text = c.get("theme", ""), c.get("mode", ""), c.get("text", "")
    return Page(
        lang=choose(c.get("lang"), request.headers.get("accept-language", "")),
        theme=theme if theme in ("light", "dark") else "",
        mode="care" if mode == "care" else "",
        text=text if text in ("1", "2", "3", "4", "5") else "",
        path=request.url.path,
        acting=getattr(request.state, "acting", None),
        reader=getattr(request.state, "reader", ""),
    )


@cache
def _translated(text: str, lang: str) -> Markup:
    return Markup(gettext(text, lang))  # noqa: S704 - texts are ours, from templates and locale/


@pass_context
def _gettext(context: Context, text: str | Pair, /, **params: object) -> Markup:
    """A text of ours in the reader's language; of one that comes in both languages, a side."""
    lang = context["page"].lang
    words = _translated(text, lang) if isinstance(text, str) else escape(pick(text, lang))
    return words % said(params, lang) if params else words


@pass_context
def _pair(context: Context, pair: Pair) -> str:
    return pick(pair, context["page"].lang)


@cache
def _icon(name: str, cls: str) -> Markup:
    glyph = name.startswith("g-")
    classes = f"{'g' if glyph else 'i'} {cls}".strip()
    target = f"{static.url('icons/sprite.svg')}#{name if glyph else 'i-' + name}"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>').format(classes, target)


def icon(name: str, cls: str = "") -> Markup:
    """An icon of the sprite; names starting with g- are the filled status glyphs."""
    return _icon(name, cls)


@lru_cache(10_000)
def field_id(name: str) -> str:
    """The id of the element of a form field: f-co-holders-0-name of co.holders:0:name."""
    return "f-" + name.replace(".", "-").replace(":", "-")


@pass_context
def _date(context: Context, moment: datetime) -> str:
    return WORDS.date(moment, context["page"].lang)


@pass_context
def _when(context: Context, moment: datetime) -> str:
    return WORDS.moment(moment, context["page"].lang)


@pass_context
def _until(context: Context, moment: datetime) -> str:
    return WORDS.until(moment, context["page"].lang)


def templates() -> Environment:
    """The one template environment, with the town as it is now."""
    env, now = _environment(), town()
    if env.globals["town"] is not now:
        env.globals |= {"town": now, "hotline": now.hotline}
    return env


@cache
def _environment() -> Environment:
    """An unknown name in a template is an error, not an empty string."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # five looks at the disk a page; a changed template wants a restart, as changed code does
    )
    env.globals |= {
        "_": _gettext, "t": _pair, "static": static.url, "icon": icon, "town": town(), "hotline": town().hotline
    }  # fmt: skip
    env.filters |= {
        "date": _date,
        "fid": field_id,
        "when": _when,
        "until": _until,
        "local": local,
        "fours": WORDS.fours,
        "mask": WORDS.mask,
    }
    return env


def partial(request: Request) -> bool:
    """Whether htmx asks for a fragment (htmx 4 says HX-Request-Type: partial)."""
    return request.headers.get("hx-request-type") == "partial"


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    page: Page | None = None,
    fragment: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page, or its fragment when htmx asks for one. Personal pages are no-store unless told otherwise."""
    name = fragment if fragment and partial(request) else template
    body = templates().get_template(name).render({**context, "page": page or page_of(request), "request": request})
    vary = "HX-Request-Type, Cookie, Accept-Language"
    return HTMLResponse(body, status, {"Cache-Control": "no-store", "Vary": vary, **(headers or {})})


def redirect(to: str) -> RedirectResponse:
    """303 See Other: the POST is done, look here (architecture §4)."""
    return RedirectResponse(to, 303, {"Cache-Control": "no-store"})


def wants_json(request: Request) -> bool:
    """API callers get problem+json, people get pages."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def error_response(
    request: Request, error: AppError, extra: Callable[[], dict[str, Any]] | None = None, *, status: int | None = None
) -> Response:
    """One way for every refusal (RFC 9457 for machines, a page or fragment for people)."""
    page, status = page_of(request), status or error.status
    params = said({"hotline": town().hotline, **error.params}, page.lang)
    texts = {k: gettext(getattr(error, k), page.lang) % params for k in ("what", "kept", "todo")}
    if wants_json(request):
        plain = (int, float, list, dict, type(None))
        shown = {k: v if isinstance(v, plain) else str(v) for k, v in error.params.items()}
        body = {
            **shown, "type": f"/problems/{error.type}", "title": texts["what"], "status": status,
            "detail": f"{texts['kept']} {texts['todo']}",
        }  # fmt: skip
        return JSONResponse(body, status, {"Cache-Control": "no-store"}, "application/problem+json")
    context = {**texts, "status": status, **(extra() if extra else {})}
    return render(request, "error.html", context, page=page, fragment="_error.html", status=status)

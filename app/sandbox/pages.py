"""The sandbox as a person looks at it: who has a phone, what it received, what the registers hold."""

from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from app.core.clock import local
from app.core.words import WORDS

from . import registers as state
from .people import DEMO, Known
from .store import Sent

SHEET = (Path(__file__).parent / "phone.css").read_text()
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def _page(title: str, body: str, *, refresh: bool = False) -> str:
    again = '<meta http-equiv="refresh" content="3">' if refresh else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="/sandbox/phone.css"></head><body>{body}</body></html>'
    )


def phones(people: list[Known]) -> str:
    """Everybody with a phone; all of them invented."""
    rows = "".join(
        f'<li><a href="/sandbox/phones/{quote(p.phone)}"><b>{escape(p.name)}</b> {escape(p.phone)}'
        f"<small>{escape(p.id_number)}</small></a></li>"
        for p in people
    )
    return _page(
        "沙箱里的手机 · Sandbox phones",
        "<header><h1>沙箱里的手机</h1><p>Sandbox phones: invented people, their numbers and ID numbers</p>"
        '<p><a href="/sandbox/registers">登记库里有什么 · What the registers hold</a></p></header>'
        f"<ul>{rows}</ul>",
    )


def phone(number: str, sent: list[Sent]) -> str:
    """One phone's messages, newest first; the page looks again every three seconds."""
    shown = "".join(
        f"<li><time>{escape(WORDS.moment(local(datetime.fromisoformat(s.at)), 'zh'))}</time>"
        f"<p>{escape(s.text).replace(chr(10), '<br>')}</p></li>"
        for s in sent
    )
    empty = (
        '<li class="empty"><p>还没有短信。页面每 3 秒自己看一次。<br>No messages yet; this page looks every 3 seconds.</p></li>'
    )
    return _page(
        f"{number} 的短信 · Messages",
        f'<header><a href="/sandbox/phones">‹ 手机 · Phones</a><h1>{escape(number)}</h1></header>'
        f'<ul class="messages">{shown or empty}</ul>',
        refresh=True,
    )


def registers() -> str:
    """What each register holds about whom."""
    kinds = [(state.TITLES[name], name, held) for name, held in state.HOLDINGS.items()]
    kinds += [(state.TITLES["licence"], f"licence:{kind}", held) for kind, held in state.LICENCES.items()]
    shown = "".join(_register(title, name, held) for title, name, held in kinds)
    return _page(
        "沙箱里的登记库 · Sandbox registers",
        '<header><a href="/sandbox/phones">‹ 手机 · Phones</a><h1>沙箱里的登记库</h1>'
        "<p>Sandbox registers: invented holdings of invented people</p></header>"
        f'<ul class="held">{shown}</ul>',
    )


def _register(title: str, name: str, held: dict[str, state.Record]) -> str:
    names = {person.id_number: person.name for person in DEMO}
    rows = "".join(
        f"<p><b>{escape(names.get(who, who))}</b> {escape(_said(record))}<small>{escape(who)}</small></p>"
        for who, record in held.items()
    )
    return f"<li><b>{escape(title)}</b> {escape(name)}{rows or '<p>–</p>'}</li>"


def _said(record: state.Record) -> str:
    flat = {k: " ".join(v.values()) if isinstance(v, dict) else v for k, v in record.items()}
    return ", ".join(f"{name}: {str(value).lower() if isinstance(value, bool) else value}" for name, value in flat.items())

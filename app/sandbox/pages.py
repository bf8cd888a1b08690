"""The phones as a person looks at them: who has one, and what it received."""

from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from app.core.clock import local
from app.core.words import WORDS

from .people import Known
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
        "<header><h1>沙箱里的手机</h1><p>Sandbox phones: invented people, their numbers and ID numbers</p></header>"
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

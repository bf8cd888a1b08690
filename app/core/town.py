"""The town as everybody sees it: name, seal, hotline, notice. In memory; no query (core/shared.py).

The environment's settings hold until an administrator saves the first ones; from then on the row in the database does.
"""

from dataclasses import dataclass

from sqlmodel import Session

from app.forms.definition import Text

from .models import TownRow
from .settings import settings
from .shared import Shared


@dataclass(frozen=True)
class Town:
    """`seal` stands under the mark on receipts and results; `notice` on the home page while it is not empty."""

    name: Text
    seal: str
    hotline: str
    notice: Text | None = None
    version: int = 0


def _first() -> Town:
    ours = settings()
    return Town(Text(zh=ours.town_zh, en=ours.town_en), f"{ours.town_zh}便民服务中心", ours.hotline)


def _read(session: Session) -> Town:
    row = session.get(TownRow, 1)
    if row is None:
        return _first()
    notice = Text(zh=row.notice_zh, en=row.notice_en or row.notice_zh) if row.notice_zh else None
    return Town(Text(zh=row.name_zh, en=row.name_en), row.seal, row.hotline, notice, row.version)


town = Shared("town", _read, _first)

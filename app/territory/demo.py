"""Towns, villages and service points of the demo, all invented (demo.yaml)."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, select

from . import divisions, points
from .models import Division, PointKind, ServicePoint

FILE = Path(__file__).with_name("demo.yaml")


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text())
    return loaded


def fill(session: Session, now: datetime) -> int:
    """Add the demo's divisions and service points to an installation that has none; gives how many rows."""
    if session.exec(select(Division.code)).first():
        return 0
    rows: list[Division | ServicePoint] = [
        Division(code=row["code"], name_zh=row["zh"], name_en=row["en"], changed_at=now) for row in _file()["divisions"]
    ]
    rows += [_point(row, now) for row in _file()["points"]]
    session.add_all(rows)
    divisions.administered.changed(session)
    points.points.changed(session)
    return len(rows)


def _point(row: dict[str, Any], now: datetime) -> ServicePoint:
    address, hours = row["address"], row["hours"]
    return ServicePoint(
        kind=PointKind(row["kind"]), name_zh=row["zh"], name_en=row["en"], division=row["division"], address_zh=address["zh"],
        address_en=address["en"], phone=row["phone"], hours_zh=hours["zh"], hours_en=hours["en"], changed_at=now,
    )  # fmt: skip

"""The register of enterprises, all invented: codes are well formed (GB 32100) and belong to no enterprise we know."""

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from .people import FATHER, MOTHER

YAQIN, SHEN, GU = "320507198905110427", "320582199009210133", "320507196307220352"
TABLES = """
CREATE TABLE IF NOT EXISTS enterprise (credit_code TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,
    representative TEXT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS enterprise_agent (credit_code TEXT NOT NULL, id_number TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (credit_code, id_number));
"""


class Listed(NamedTuple):
    """An enterprise in the register; `state` is open or closed. `agents`: who may act for it, as what."""

    credit_code: str
    name: str
    kind: str
    representative: str
    address: str
    state: str
    agents: tuple[tuple[str, str], ...]


FOOD = Listed(
    "91320507MA00TEKT80", "苏州莲桥食品有限公司", "limited", "周雅琴", "渭塘镇珍珠湖路 66 号", "open",
    ((YAQIN, "representative"), (SHEN, "agent")),
)  # fmt: skip
MACHINES = Listed(
    "91320507MA1TEKT00L", "苏州蠡塘精密机械有限公司", "limited", "沈伟", "渭塘镇渭中路 8 号", "open",
    ((SHEN, "representative"), (YAQIN, "finance")),
)  # fmt: skip
TEA = Listed(
    "92320507MA2TEKT10Q", "相城区渭塘镇莲桥茶点铺", "individual", MOTHER.name, "渭塘镇凤凰街 12 号", "open",
    ((MOTHER.id_number, "representative"),),
)  # fmt: skip
PEARLS = Listed(
    "93320507MA4TEKT304", "相城区渭塘永昌珍珠专业合作社", "cooperative", "顾永昌", "渭塘镇凤凰泾村 3 组", "open",
    ((GU, "representative"),),
)  # fmt: skip
CLOSED = Listed(
    "91320507MA3TEKT203", "苏州远帆商贸有限公司", "limited", FATHER.name, "渭塘镇渭西街 5 号", "closed",
    ((FATHER.id_number, "representative"),),
)  # fmt: skip
DEMO = (FOOD, MACHINES, TEA, PEARLS, CLOSED)


def fill(db: sqlite3.Connection, listed: Iterable[Listed] = DEMO) -> None:
    """Enter the invented enterprises; who may act stays as it was told meanwhile for those that are there already."""
    for one in listed:
        fresh = db.execute("INSERT OR IGNORE INTO enterprise VALUES (?, ?, ?, ?, ?, ?)", one[:6]).rowcount
        if fresh:
            rows = [(one.credit_code, *agent) for agent in one.agents]
            db.executemany("INSERT OR REPLACE INTO enterprise_agent VALUES (?, ?, ?)", rows)


def appoint(db: sqlite3.Connection, credit_code: str, id_number: str, role: str) -> None:
    """Let somebody act for an enterprise; an empty role ends it."""
    db.execute("DELETE FROM enterprise_agent WHERE credit_code = ? AND id_number = ?", (credit_code, id_number))
    if role:
        db.execute("INSERT INTO enterprise_agent VALUES (?, ?, ?)", (credit_code, id_number, role))


def another(id_number: str) -> str:
    """Somebody else, for a register that mixes people up."""
    return MOTHER.id_number if id_number != MOTHER.id_number else FATHER.id_number


def agents_of(db: sqlite3.Connection, id_number: str) -> dict[str, Any]:
    """The register's answer: for whom this person may act; enterprises that are closed have nobody."""
    found = db.execute(
        "SELECT e.credit_code, e.name, e.kind, e.representative, a.role FROM enterprise e JOIN enterprise_agent a"
        " ON a.credit_code = e.credit_code WHERE a.id_number = ? AND e.state = 'open' ORDER BY e.credit_code",
        (id_number,),
    )
    names = ("credit_code", "name", "kind", "representative", "role")
    return {"id_number": id_number, "enterprises": [dict(zip(names, row, strict=True)) for row in found]}

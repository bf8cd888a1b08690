"""The measure of a submission: raw sqlite3 that writes the same rows, in one durable transaction each."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

Row = dict[str, Any]
#: Columns that tie rows together or are unique, besides ids.
NUMBERS = {("case_file", "number"), ("receipt", "case_number"), ("message", "case_number")}
UNIQUE = {("receipt", "code")}


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [row[0] for row in found]


def snapshot(path: Path) -> dict[str, dict[int, Row]]:
    """Every row of every table by its rowid."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    found = {
        table: {row["_rowid"]: dict(row) for row in db.execute(f"SELECT rowid AS _rowid, * FROM {table}")}
        for table in _tables(db)
    }
    db.close()
    return found


def copy_of(file: Path, copy: Path) -> Path:
    """A whole copy of a database that is in use."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


class Written:
    """What one submission wrote: rows that are new, and rows that changed."""

    def __init__(self, before: dict[str, dict[int, Row]], after: dict[str, dict[int, Row]]) -> None:
        self.new: list[tuple[str, Row]] = []
        self.changed: list[tuple[str, int, Row]] = []
        for table, rows in after.items():
            for rowid, row in rows.items():
                old = before[table].get(rowid)
                values = {name: value for name, value in row.items() if name != "_rowid"}
                if old is None:
                    self.new.append((table, values))
                elif old != row:
                    self.changed.append((table, rowid, {n: v for n, v in values.items() if old[n] != v}))
        self.ids = {row["id"] for _table, row in self.new if isinstance(row.get("id"), str)}

    def count(self) -> dict[str, int]:
        """How many rows of which table."""
        counts: dict[str, int] = {}
        for table, *_rest in (*self.new, *self.changed):
            counts[table] = counts.get(table, 0) + 1
        return counts

    def again(self, number: int) -> list[tuple[str, list[Any]]]:
        """The same rows for another case: fresh ids, another number."""
        fresh = {old: uuid4().hex for old in self.ids}
        statements = []
        for table, row in self.new:
            values = []
            for name, value in row.items():
                if (table, name) in NUMBERS:
                    value = f"9{number:011d}"
                elif (table, name) in UNIQUE:
                    value = uuid4().hex[: len(value)]
                elif (table, name) in (("draft", "id"), ("case_file", "draft_id")):
                    value = uuid4().hex
                elif isinstance(value, str):
                    value = fresh.get(value, value)
                values.append(value)
            columns = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            statements.append((f"INSERT INTO {table} ({columns}) VALUES ({marks})", values))
        for table, rowid, row in self.changed:
            sets = ", ".join(f'"{name}" = ?' for name in row)
            statements.append((f"UPDATE {table} SET {sets} WHERE rowid = ?", [*row.values(), rowid]))
        return statements


def raw_rate(path: Path, written: Written, times: int) -> float:
    """Transactions a second of raw sqlite3 on the same file, with the same durability."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        db.execute(f"PRAGMA {pragma}")
    prepared = [written.again(number) for number in range(times)]
    begin = time.perf_counter()
    for statements in prepared:
        db.execute("BEGIN IMMEDIATE")
        db.execute("PRAGMA defer_foreign_keys=ON")  # rows come table by table, not in the order in which they were written
        for statement, values in statements:
            db.execute(statement, values)
        db.execute("COMMIT")
    took = time.perf_counter() - begin
    db.close()
    return times / took

"""What the outside world remembers: one SQLite file of its own."""

import json
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from . import enterprises
from .people import DEMO, Known

TABLES = """
CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, number TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_number ON message (number, id);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, question TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (id_number TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, system TEXT NOT NULL, kind TEXT NOT NULL, remaining INTEGER NOT NULL);
"""


class Sent(NamedTuple):
    """One message that a phone received."""

    text: str
    at: str


class Store:
    """The file and its few questions. Used from one event loop, hence one connection."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.executescript("PRAGMA journal_mode=WAL;" + TABLES + enterprises.TABLES)
        enterprises.fill(self.db)
        for person in DEMO:
            self.db.execute("INSERT OR IGNORE INTO person VALUES (?, ?, ?)", (person.id_number, person.name, person.phone))

    def close(self) -> None:
        """Give the file back."""
        self.db.close()

    def deliver(self, number: str, text: str, now: datetime) -> None:
        """Put a message on a phone."""
        self.db.execute("INSERT INTO message (number, text, at) VALUES (?, ?, ?)", (number, text, now.isoformat()))

    def phone(self, number: str) -> list[Sent]:
        """What a phone received, newest first; the last hundred."""
        found = self.db.execute("SELECT text, at FROM message WHERE number = ? ORDER BY id DESC LIMIT 100", (number,))
        return [Sent(*row) for row in found]

    def people(self) -> list[Known]:
        """Everybody in the register who holds a phone."""
        found = self.db.execute("SELECT name, id_number, phone FROM person WHERE phone IS NOT NULL ORDER BY phone")
        return [Known(*row) for row in found]

    def register(self, person: Known) -> None:
        """Enter somebody; a phone that somebody else held is theirs now (numbers are recycled)."""
        self.db.execute("UPDATE person SET phone = NULL WHERE phone = ?", (person.phone,))
        row = (person.id_number, person.name, person.phone or None)
        self.db.execute("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", row)

    def belongs(self, name: str, id_number: str) -> bool:
        """Whether name and ID number are one person's."""
        found = self.db.execute("SELECT 1 FROM person WHERE id_number = ? AND name = ?", (id_number, name))
        return found.fetchone() is not None

    def holder(self, number: str) -> str | None:
        """The ID number of whoever holds a phone; None when the operators do not say."""
        row = self.db.execute("SELECT id_number FROM person WHERE phone = ?", (number,)).fetchone()
        return str(row[0]) if row else None

    def remembered(self, key: str) -> tuple[str, dict[str, Any]] | None:
        """The question and the answer once given for an idempotency key."""
        row = self.db.execute("SELECT question, body FROM answer WHERE key = ?", (key,)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def remember(self, key: str, question: str, body: dict[str, Any]) -> None:
        """Keep an answer, so that the same key gets it again."""
        self.db.execute("INSERT INTO answer VALUES (?, ?, ?)", (key, question, json.dumps(body)))

    def plan_fault(self, system: str, kind: str, times: int) -> None:
        """Misbehave for the next so many requests to a system."""
        self.db.execute("INSERT INTO fault (system, kind, remaining) VALUES (?, ?, ?)", (system, kind, times))

    def next_fault(self, system: str) -> str | None:
        """How to misbehave now, if at all; uses one up."""
        found = self.db.execute("SELECT id, kind FROM fault WHERE system = ? AND remaining > 0 ORDER BY id LIMIT 1", (system,))
        row = found.fetchone()
        if row is None:
            return None
        self.db.execute("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", (row[0],))
        return str(row[1])

    def reset(self) -> None:
        """Forget everything but the demo people."""
        for table in ("message", "answer", "person", "fault", "enterprise", "enterprise_agent"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        enterprises.fill(self.db)
        for person in DEMO:
            self.register(person)

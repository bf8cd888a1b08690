"""The register of enterprises (市场监管登记机关): for which enterprises a person may act."""

from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from app.core.errors import Outage

from .calls import Line
from .clients import line


class Represented(NamedTuple):
    """An enterprise for which somebody may act, as its register describes it. `kind` and `role` are the register's codes."""

    credit_code: str
    name: str
    kind: str
    representative: str
    role: str


class Enterprises(Protocol):
    """The register of enterprises."""

    def agents_of(self, id_number: str) -> list[Represented]:
        """For whom the person with this ID number may act now, by the register. Raises Outage.

        An answer about somebody else, or one that cannot be read, is no answer: it raises Outage too.
        """


class HttpEnterprises:
    """The register over HTTP. A question has no effect, so each gets a key of its own."""

    def __init__(self, connection: Line) -> None:
        self.line = connection

    def agents_of(self, id_number: str) -> list[Represented]:
        """See Enterprises."""
        answer = self.line.ask("/enterprises/agents", {"id_number": id_number}, str(uuid4()))
        rows = answer.get("enterprises")
        if answer.get("id_number") != id_number or not isinstance(rows, list):
            raise Outage
        return [_represented(row) for row in rows]


def _represented(row: Any) -> Represented:
    """One line of the answer; what is not a line of texts raises Outage."""
    values = [row.get(name) if isinstance(row, dict) else None for name in Represented._fields]
    if not all(isinstance(value, str) and 0 < len(value) <= 120 for value in values) or len(str(values[0])) != 18:
        raise Outage
    return Represented(*map(str, values))


def enterprises() -> Enterprises:
    """The register of enterprises in force."""
    return HttpEnterprises(line())

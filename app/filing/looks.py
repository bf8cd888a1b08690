"""What came of a draft's looks into the registers: which papers they stand for, which answers they fill in. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from app.catalogue.definition import Edition, Material, Register
from app.core.clock import local

from .enquiries import asked_of, shown
from .models import Outcome


class Looked(NamedTuple):
    """One look as pages and the desk show it; `answer` is empty unless something was found."""

    id: UUID
    register: Register
    licence: str
    outcome: Outcome
    asked_at: datetime
    as_of: datetime | None
    answer: dict[str, Any]
    disputed_at: datetime | None
    dispute: str

    @property
    def key(self) -> str:
        """The register as a form names it."""
        return f"{self.register}:{self.licence}" if self.licence else str(self.register)

    @property
    def holds(self) -> bool:
        """Whether it found something that the person did not dispute."""
        return self.outcome is Outcome.FOUND and self.disputed_at is None

    def holds_material(self, material: Material) -> bool:
        """Whether it answered with this material."""
        fields = shown(material)
        return (
            self.holds
            and (material.held_by, material.licence or "") == (self.register, self.licence)
            and (not material.shows or fields[0] in self.answer)
        )


@dataclass(frozen=True)
class Looks:
    """The looks of one draft, each register's last word; a register that is silent now does not unsay what it said."""

    rows: tuple[Looked, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Looked]:
        """The look in force of each register."""
        found: dict[str, Looked] = {}
        for row in self.rows:
            before = found.get(row.key)
            if before is None or row.outcome not in (Outcome.DOWN, Outcome.WRONG) or before.outcome is not Outcome.FOUND:
                found[row.key] = row
        return found

    @cached_property
    def newest(self) -> dict[str, Looked]:
        """The last look at each register, whatever came of it."""
        return {row.key: row for row in self.rows}

    @property
    def asked(self) -> bool:
        """Whether any register was asked: not when the person refused every one, or has not been at that page yet."""
        return any(row.outcome is not Outcome.REFUSED for row in self.rows)

    def of(self, material: Material) -> Looked | None:
        """The look in force at the register that holds a material."""
        key = f"{material.held_by}:{material.licence}" if material.licence else str(material.held_by)
        return self.by_key.get(key) if material.held_by else None

    def held(self, edition: Edition) -> frozenset[str]:
        """The materials that a register has answered with."""
        found = ((m, self.of(m)) for m in edition.service.materials if m.held_by)
        return frozenset(m.id for m, look in found if look and look.holds_material(m))

    def filling(self, edition: Edition) -> dict[str, Looked]:
        """The looks that may fill in answers, by register: undisputed, of licences the kind that the service asks for first."""
        found = ((one.register, self.by_key.get(one.key)) for one in asked_of(edition) if one.questions)
        return {str(register): look for register, look in found if look and look.holds}

    def known(self, edition: Edition) -> dict[str, Any]:
        """What the registers answered, by source name (population.hukou), for proposals; with @ the day of the look."""
        found: dict[str, Any] = {}
        for register, look in self.filling(edition).items():
            for name, value in look.answer.items():
                found |= {f"{register}.{name}": value, f"{register}.{name}@": local(look.asked_at).date().isoformat()}
        return found

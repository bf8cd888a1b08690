"""What the town's office has still to check, by service: promises, materials and conditions as a whole, bases one by one."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .definition import Service


class BasisLine(NamedTuple):
    """A legal basis that nobody has checked, and the item that stands on it."""

    item: str
    name: str
    text: str


class ServiceLine(NamedTuple):
    """A service and its open points. `whole`: promises, papers, conditions unchecked. `silent`: items that name no basis."""

    id: str
    title: str
    whole: bool
    bases: tuple[BasisLine, ...]
    checked: int
    silent: tuple[str, ...]

    @property
    def open(self) -> int:
        """How many points are to be checked."""
        return len(self.bases) + self.whole


def line(service: Service) -> ServiceLine:
    """The open points of one service."""
    said = [(item, item.basis) for item in service.items if item.basis is not None]
    return ServiceLine(
        id=service.id,
        title=service.title.zh,
        whole=not service.verified,
        bases=tuple(BasisLine(item.id, item.short.zh, basis.text.zh) for item, basis in said if not basis.verified),
        checked=sum(1 for _, basis in said if basis.verified),
        silent=tuple(item.id for item in service.items if item.basis is None),
    )


def lines(services: Iterable[Service]) -> list[ServiceLine]:
    """All services, the ones with most to check first."""
    return sorted((line(service) for service in services), key=lambda one: (-one.open, one.id))


def text(found: list[ServiceLine]) -> Iterator[str]:
    """The report as lines to print; at its head what is open in all."""
    bases = sum(len(one.bases) for one in found)
    checked = sum(one.checked for one in found)
    whole = sum(one.whole for one in found)
    yield f"{len(found)} services. Not checked as a whole: {whole}. Legal bases: {bases} of {bases + checked} not checked."
    for one in found:
        yield ""
        yield f"{one.id}  {one.title}: " + (f"{one.open} to check" if one.open else "checked")
        if one.whole:
            yield "  service    promises, materials and conditions (set `verified: true` at the service)"
        for basis in one.bases:
            yield f"  {basis.item}  {basis.name}: {basis.text}"
        if one.silent:
            yield f"  without a basis: {', '.join(one.silent)}"


def data(found: list[ServiceLine]) -> list[dict[str, Any]]:
    """The report for programs."""
    return [
        {
            "id": one.id, "title": one.title, "open": one.open, "checked": one.checked, "whole": one.whole,
            "bases": [basis._asdict() for basis in one.bases], "without_basis": list(one.silent),
        }
        for one in found
    ]  # fmt: skip

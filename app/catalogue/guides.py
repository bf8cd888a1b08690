"""What a guide shows of a service: its items by department, its materials with why, and the figures of its head."""

from dataclasses import dataclass
from typing import NamedTuple

from .definition import Audience, DepartmentDef, Edition, Item, Material, Service, Source
from .plans import UPLOADED, critical_path


class GuideItem(NamedTuple):
    """An item and the items that it waits for."""

    item: Item
    after: tuple[Item, ...]
    after_any: tuple[Item, ...]


class GuideDepartment(NamedTuple):
    """A department with its items in the order of the definition."""

    department: DepartmentDef
    items: tuple[GuideItem, ...]


@dataclass(frozen=True)
class Guide:
    """Everything of a guide that is not a text. Days are working days along the longest way through all items.

    `limited`: the items that a statute limits. `uploads`: how many materials a person uploads at most.
    """

    edition: Edition
    departments: tuple[GuideDepartment, ...]
    promised_days: int
    limited: tuple[Item, ...]
    uploads: int

    @property
    def service(self) -> Service:
        """The service."""
        return self.edition.service

    @property
    def filers(self) -> tuple[Audience, ...]:
        """Who files it: what the service says, else its audience."""
        return self.service.filers or (self.service.audience,)

    @property
    def unverified(self) -> bool:
        """Whether anything is left for the town's office to check."""
        return not self.service.verified or any(item.basis and not item.basis.verified for item in self.service.items)


def guide(edition: Edition, departments: dict[str, DepartmentDef]) -> Guide:
    """The guide of an edition."""
    service = edition.service
    by_id = {item.id: item for item in service.items}
    shown = [
        GuideItem(item, tuple(by_id[i] for i in item.after), tuple(by_id[i] for i in item.after_any)) for item in service.items
    ]
    order = dict.fromkeys(item.department for item in service.items)
    return Guide(
        edition=edition,
        departments=tuple(
            GuideDepartment(departments[d], tuple(line for line in shown if line.item.department == d)) for d in order
        ),
        promised_days=critical_path(by_id, lambda item: item.promised_days),
        limited=tuple(item for item in service.items if item.legal_days is not None),
        uploads=sum(1 for m in service.materials if m.source in UPLOADED),
    )


def handling(material: Material) -> str:
    """How a material is provided: made in the case or from the answers, fetched from a register with the person's consent,
    fetched for some, or a photo, always or for some."""
    if material.source not in UPLOADED:
        return "made" if material.source is Source.SYSTEM or material.from_item else "fetched"
    if material.exempt_if:
        return "fetched_for_some"
    return "photo_for_some" if material.needed_if else "photo"

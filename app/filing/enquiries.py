"""Which registers a service asks about whoever files, what for and for whom: read off its materials and prefills. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.catalogue.definition import Edition, Item, Material, Register, Service
from app.catalogue.registers import REGISTERS
from app.forms.definition import Kind, Question

#: Registers that know enterprises too: they are asked about the enterprise when somebody acts for one.
OF_ENTERPRISES = {Register.LICENCE, Register.CREDIT}


@dataclass(frozen=True)
class Asked:
    """One register (of licences: one kind of certificate), and what of it a service wants.

    `materials` need not be handed in when it answers, `questions` may be filled in from it; `items` are those that use either.
    """

    register: Register
    licence: str
    fields: dict[str, Kind]
    materials: tuple[Material, ...]
    questions: tuple[Question, ...]
    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """How a form names it: population, licence:business."""
        return f"{self.register}:{self.licence}" if self.licence else str(self.register)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that see what it answers, in the order of their items."""
        return tuple(dict.fromkeys(item.department for item in self.items))


def sources_of(question: Question) -> tuple[str, ...]:
    """The sources of proposals for a question, in their order."""
    return (question.prefill,) if isinstance(question.prefill, str) else question.prefill or ()


def shown(material: Material) -> tuple[str, ...]:
    """The fields of its register that stand for a material."""
    return material.shows or (tuple(REGISTERS[material.held_by].fields) if material.held_by else ())


def asked_of(edition: Edition) -> tuple[Asked, ...]:
    """What a service asks of the registers, in their order; certificates in the order of the materials."""
    service = edition.service
    held = [m for m in service.materials if m.held_by]
    licences = dict.fromkeys(m.licence or "" for m in held if m.held_by is Register.LICENCE)
    found = []
    for register in Register:
        for n, licence in enumerate(licences if register is Register.LICENCE else [""]):
            materials = tuple(m for m in held if m.held_by is register and (m.licence or "") == licence)
            # `licence.number` names no kind of certificate: it is that of the first that the service asks for.
            questions = tuple(_filled_from(service, register)) if n == 0 else ()
            if materials or questions:
                found.append(_asked(service, register, licence, materials, questions))
    return tuple(found)


def _filled_from(service: Service, register: Register) -> Iterable[Question]:
    prefix = f"{register}."
    return (q for q in service.form.questions().values() if any(s.startswith(prefix) for s in sources_of(q)))


def _asked(
    service: Service, register: Register, licence: str, materials: tuple[Material, ...], questions: tuple[Question, ...]
) -> Asked:
    kinds, prefix = REGISTERS[register].fields, f"{register}."
    wanted = {name for m in materials for name in shown(m)}
    wanted |= {s.removeprefix(prefix) for q in questions for s in sources_of(q) if s.startswith(prefix)}
    users = [*(m.items for m in materials), *(q.items for q in questions)]
    named = {name for items in users for name in items}
    items = tuple(i for i in service.items if i.id in named or not all(users))
    return Asked(register, licence, {name: kinds[name] for name in kinds if name in wanted}, materials, questions, items)


def purpose(service: Service, asked: Asked) -> dict[str, str]:
    """What a register is asked for, in both languages: the service and the items that use the answer."""
    zh, en = "、".join(i.short.zh for i in asked.items), ", ".join(i.short.en for i in asked.items)
    return {"zh": f"{service.title.zh}：{zh}", "en": f"{service.title.en}: {en}"}

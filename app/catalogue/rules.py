"""What must be true of a definition beyond its shape: references, graphs, limits, expressions. A rule yields findings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from app.forms.checking import findings
from app.forms.conditions import ROW, field_types
from app.forms.definition import Question
from app.forms.expressions import BadExpression, parse
from app.forms.trees import Fields, FieldType, fields

from . import question_rules
from .definition import DepartmentDef, Item, LifeEvent, Material, Register, Service, Source
from .placed import Broken, Path, asked, columns
from .plans import uploadable
from .registers import REGISTERS

#: What is known of whoever files before the form: what requirements may name.
FACTS: Fields = {
    "applicant.age": FieldType("double"),
    "applicant.sex": FieldType("string", frozenset({"male", "female"})),
    "applicant.local_hukou": FieldType("bool"),
    "applicant.enterprise": FieldType("bool"),
}


def _twice(what: str, ids: Iterable[tuple[Path, str]]) -> Iterator[Broken]:
    seen: set[str] = set()
    for path, name in ids:
        if name in seen:
            yield Broken((*path, "id"), f"{what} {name!r} is defined twice")
        seen.add(name)


def duplicates(service: Service) -> Iterator[Broken]:
    """Ids are unique within their kind."""
    yield from _twice("item", ((("items", i), item.id) for i, item in enumerate(service.items)))
    yield from _twice("material", ((("materials", i), m.id) for i, m in enumerate(service.materials)))
    yield from _twice("page", ((("form", "pages", i), page.id) for i, page in enumerate(service.form.pages)))
    yield from _twice("question", ((placed.path, placed.question.id) for placed in asked(service)))


def references(service: Service, departments: Mapping[str, DepartmentDef]) -> Iterator[Broken]:
    """Whatever is named exists: departments, items, materials."""
    items, materials = {i.id for i in service.items}, {m.id for m in service.materials}
    if service.lead not in departments:
        yield Broken(("lead",), f"unknown department {service.lead!r}")
    for i, item in enumerate(service.items):
        if item.department not in departments:
            yield Broken(("items", i, "department"), f"unknown department {item.department!r}")
        for key, names in (("after", item.after), ("after_any", item.after_any)):
            yield from (_unknown("item", name, ("items", i, key, n)) for n, name in enumerate(names) if name not in items)
    for i, material in enumerate(service.materials):
        yield from (_unknown("item", m, ("materials", i, "items", n)) for n, m in enumerate(material.items) if m not in items)
    for path, question in asked(service):
        yield from (_unknown("item", q, (*path, "items", n)) for n, q in enumerate(question.items) if q not in items)
    for p, page in enumerate(service.form.pages):
        for n, name in enumerate(page.materials):
            if name not in materials:
                yield _unknown("material", name, ("form", "pages", p, "materials", n))


def _unknown(what: str, name: str, path: Path) -> Broken:
    return Broken(path, f"unknown {what} {name!r}")


def cycles(service: Service) -> Iterator[Broken]:
    """No item waits for itself, however far round."""
    graph = {item.id: (*item.after, *item.after_any) for item in service.items}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in trail:
            return (*trail[trail.index(name) :], name)
        if name in done or name not in graph:
            return None
        ring = next((found for other in graph[name] if (found := walk(other, (*trail, name)))), None)
        done.add(name)
        return ring

    for i, item in enumerate(service.items):
        if ring := walk(item.id, ()):
            key = "after" if item.after else "after_any"
            yield Broken(("items", i, key), f"a cycle of items that wait for each other: {' → '.join(ring)}")


def limits(service: Service) -> Iterator[Broken]:
    """A promise is never longer than the law allows; of pictures there are at least as few as at most."""
    for i, item in enumerate(service.items):
        if item.legal_days is not None and item.promised_days > item.legal_days:
            message = f"promised_days {item.promised_days} is longer than legal_days {item.legal_days}"
            yield Broken(("items", i, "promised_days"), message)
    for i, material in enumerate(service.materials):
        if material.min_pages > material.max_pages:
            yield Broken(("materials", i, "min_pages"), "min_pages is more than max_pages")
        if len(material.page_names) > material.max_pages:
            yield Broken(("materials", i, "page_names"), "more page_names than max_pages")


def told(service: Service) -> Iterator[Broken]:
    """A condition that decides whether an item is needed is also said in words, and only then."""
    for i, item in enumerate(service.items):
        if bool(item.needed_if) != bool(item.when):
            yield Broken(("items", i, "when" if item.when else "needed_if"), "needed_if and when come together")


def visiting(service: Service) -> Iterator[Broken]:
    """Whoever must come in person is told for which item, where and why."""
    if bool(service.visits) != any(item.visit for item in service.items):
        yield Broken(("visits",), "visits and an item's visit come together")


def placing(service: Service) -> Iterator[Broken]:
    """Each material that may have to be uploaded is asked for on exactly one page; the others on none."""
    asked = Counter(name for page in service.form.pages for name in page.materials)
    for i, material in enumerate(service.materials):
        wanted = 1 if uploadable(material) else 0
        if asked[material.id] != wanted:
            message = f"material {material.id!r} is asked for on {asked[material.id]} pages, not {wanted}"
            yield Broken(("materials", i), message)


def held(service: Service) -> Iterator[Broken]:
    """What the state holds says which register has it or which item makes it; nothing else does."""
    items = {item.id for item in service.items}
    for i, material in enumerate(service.materials):
        path = ("materials", i)
        if material.source is Source.STATE and (material.held_by is None) == (material.from_item is None):
            yield Broken((*path, "source"), "a material of the state needs held_by or from_item, one of the two")
        if material.source is not Source.STATE and (material.held_by or material.from_item):
            key = "held_by" if material.held_by else "from_item"
            yield Broken((*path, key), f"{key} is for materials of source state")
        if (material.held_by is Register.LICENCE) != bool(material.licence):
            yield Broken((*path, "licence"), "licence says which one when held_by is licence, and only then")
        if material.from_item and material.from_item not in items:
            yield _unknown("item", material.from_item, (*path, "from_item"))
        known = REGISTERS[material.held_by].fields if material.held_by else {}
        yield from (_unknown("field", name, (*path, "shows", n)) for n, name in enumerate(material.shows) if name not in known)


def found(service: Service, events: Mapping[str, LifeEvent]) -> Iterator[Broken]:
    """The life events under which a service is found exist."""
    yield from (_unknown("life event", e, ("events", n)) for n, e in enumerate(service.events) if e not in events)


def expressions(service: Service) -> Iterator[Broken]:
    """Every condition is in the closed subset over known fields; a question depends on earlier ones only."""
    earlier: dict[str, Question] = {}
    known: dict[str, FieldType] = {}
    for placed in asked(service):
        path, question = placed
        for key, text in (("shown_if", question.shown_if), ("prefill_if", question.prefill_if)):
            yield from (Broken((*path, key), finding) for finding in (findings(text, known) if text else ()))
        row = dict(known)
        for at, column in columns(placed):
            if column.shown_if:
                yield from (Broken((*at, "shown_if"), finding) for finding in findings(column.shown_if, row))
            row |= field_types({column.id: column}, ROW)
        earlier[question.id] = question
        known |= field_types({question.id: question})
    for at, text in _conditions(service.items, service.materials):
        yield from (Broken(at, finding) for finding in findings(text, known))
    yield from _checks(service, known)
    for n, requirement in enumerate(service.requirements):
        yield from (Broken(("requirements", n, "must"), finding) for finding in findings(requirement.must, FACTS))


def _checks(service: Service, known: Fields) -> Iterator[Broken]:
    """A rule across questions is asked only when all that it names is answered, so nothing in it may miss."""
    sure = {name: FieldType(f.type, f.options, columns=f.columns) for name, f in known.items()}
    questions = service.form.questions()
    for n, rule in enumerate(service.form.checks):
        path: Path = ("form", "checks", n)
        if rule.at not in questions:
            yield _unknown("question", rule.at, (*path, "at"))
        yield from (Broken((*path, "must"), finding) for finding in findings(rule.must, sure))
        if not _names(rule.must):
            yield Broken((*path, "must"), "must names no question")


def _names(expression: str) -> bool:
    try:
        return bool(fields(parse(expression)))
    except BadExpression:
        return True  # said already


def _conditions(items: Iterable[Item], materials: Iterable[Material]) -> Iterator[tuple[Path, str]]:
    for i, item in enumerate(items):
        if item.needed_if:
            yield ("items", i, "needed_if"), item.needed_if
    for i, material in enumerate(materials):
        for key, text in (("needed_if", material.needed_if), ("exempt_if", material.exempt_if)):
            if text:
                yield ("materials", i, key), text


RULES = (
    duplicates, cycles, limits, told, visiting, question_rules.names, question_rules.options, question_rules.keys,
    question_rules.bounds, question_rules.groups, question_rules.prefills, held, placing, expressions,
)  # fmt: skip


def broken(service: Service, departments: Mapping[str, DepartmentDef], events: Mapping[str, LifeEvent]) -> list[Broken]:
    """Everything that is wrong with one service."""
    named = [*references(service, departments), *found(service, events)]
    return [*named, *(finding for rule in RULES for finding in rule(service))]

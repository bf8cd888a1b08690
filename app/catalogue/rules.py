"""What must be true of a definition beyond its shape: references, graphs, limits, expressions. A rule yields findings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from app.forms.checking import findings
from app.forms.conditions import field_types
from app.forms.definition import Kind, Question
from app.forms.derived import DERIVED

from .definition import DepartmentDef, Item, Material, Service
from .plans import uploadable

Path = tuple[str | int, ...]
PROFILE = {"profile.name", "profile.id_number", "profile.phone", "profile.division"}
CHOICES = (Kind.CHOICE, Kind.SEVERAL)


class Broken(NamedTuple):
    """A rule that does not hold, at a path in the definition."""

    path: Path
    message: str


class Placed(NamedTuple):
    """A question and where it stands."""

    path: Path
    question: Question


def _questions(service: Service) -> list[Placed]:
    return [
        Placed(("form", "pages", p, "questions", q), question)
        for p, page in enumerate(service.form.pages)
        for q, question in enumerate(page.questions)
    ]


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
    yield from _twice("question", ((placed.path, placed.question.id) for placed in _questions(service)))


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
    for path, question in _questions(service):
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
    """A promise is never longer than the law allows; bounds are the right way round."""
    for i, item in enumerate(service.items):
        if item.legal_days is not None and item.promised_days > item.legal_days:
            message = f"promised_days {item.promised_days} is longer than legal_days {item.legal_days}"
            yield Broken(("items", i, "promised_days"), message)
    for i, material in enumerate(service.materials):
        if material.min_pages > material.max_pages:
            yield Broken(("materials", i, "min_pages"), "min_pages is more than max_pages")
        if len(material.page_names) > material.max_pages:
            yield Broken(("materials", i, "page_names"), "more page_names than max_pages")
    for path, q in _questions(service):
        pairs = (("minimum", q.minimum, q.maximum), ("earliest_days", q.earliest_days, q.latest_days))
        yield from (Broken((*path, k), f"{k} is beyond its other bound") for k, a, b in pairs if None not in (a, b) and a > b)  # type: ignore[operator]
        if q.min_length > q.max_length:
            yield Broken((*path, "min_length"), "min_length is more than max_length")


def told(service: Service) -> Iterator[Broken]:
    """A condition that decides whether an item is needed is also said in words, and only then."""
    for i, item in enumerate(service.items):
        if bool(item.needed_if) != bool(item.when):
            yield Broken(("items", i, "when" if item.when else "needed_if"), "needed_if and when come together")


def names(service: Service) -> Iterator[Broken]:
    """A field is never both a leaf and a prefix, nor the name of a derived value; it always has a prefix."""
    ids = {placed.question.id for placed in _questions(service)} | set(DERIVED)
    prefixes = {".".join(parts[:n]) for name in ids for parts in [name.split(".")] for n in range(1, len(parts))}
    for path, question in _questions(service):
        if question.id in prefixes:
            yield Broken((*path, "id"), f"field {question.id!r} is both a leaf and a prefix of other fields")
        if question.id in DERIVED:
            yield Broken((*path, "id"), f"{question.id!r} is derived from {DERIVED[question.id].source}, not asked")
        if "." not in question.id:
            yield Broken((*path, "id"), f"field {question.id!r} needs a prefix, as in baby.{question.id}")


def options(service: Service) -> Iterator[Broken]:
    """Choices have options, each once; other kinds have none. What asks of one kind only is not said of another."""
    for path, question in _questions(service):
        if (question.kind in CHOICES) != bool(question.options):
            yield Broken((*path, "options"), f"{question.kind} {'needs' if question.kind in CHOICES else 'has no'} options")
        counted = Counter(option.value for option in question.options)
        yield from (Broken((*path, "options"), f"option {v!r} is given twice") for v, n in counted.items() if n > 1)
        if question.han_only and question.kind is not Kind.NAME:
            yield Broken((*path, "han_only"), "han_only is for names")


def placing(service: Service) -> Iterator[Broken]:
    """Each material that may have to be uploaded is asked for on exactly one page; the others on none."""
    asked = Counter(name for page in service.form.pages for name in page.materials)
    for i, material in enumerate(service.materials):
        wanted = 1 if uploadable(material) else 0
        if asked[material.id] != wanted:
            message = f"material {material.id!r} is asked for on {asked[material.id]} pages, not {wanted}"
            yield Broken(("materials", i), message)


def prefills(service: Service) -> Iterator[Broken]:
    """A proposal comes from the profile or from an earlier question."""
    earlier: set[str] = set()
    for path, question in _questions(service):
        if question.prefill and question.prefill not in PROFILE and question.prefill not in earlier:
            yield Broken((*path, "prefill"), f"unknown prefill {question.prefill!r}: the profile or an earlier question")
        if question.prefill_if and not question.prefill:
            yield Broken((*path, "prefill_if"), "prefill_if without prefill")
        earlier.add(question.id)


def expressions(service: Service) -> Iterator[Broken]:
    """Every condition is in the closed subset over known fields; a question depends on earlier ones only."""
    earlier: dict[str, Question] = {}
    for path, question in _questions(service):
        known = field_types(earlier)
        for key, text in (("shown_if", question.shown_if), ("prefill_if", question.prefill_if)):
            yield from (Broken((*path, key), finding) for finding in (findings(text, known) if text else ()))
        earlier[question.id] = question
    known = field_types(earlier)
    for path, text in _conditions(service.items, service.materials):
        yield from (Broken(path, finding) for finding in findings(text, known))


def _conditions(items: Iterable[Item], materials: Iterable[Material]) -> Iterator[tuple[Path, str]]:
    for i, item in enumerate(items):
        if item.needed_if:
            yield ("items", i, "needed_if"), item.needed_if
    for i, material in enumerate(materials):
        for key, text in (("needed_if", material.needed_if), ("exempt_if", material.exempt_if)):
            if text:
                yield ("materials", i, key), text


def broken(service: Service, departments: Mapping[str, DepartmentDef]) -> list[Broken]:
    """Everything that is wrong with one service."""
    yields = (duplicates, cycles, limits, told, names, options, placing, prefills, expressions)
    return [*references(service, departments), *(finding for rule in yields for finding in rule(service))]

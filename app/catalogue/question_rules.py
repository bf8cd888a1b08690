"""What must be true of a definition's questions: names, options, keys that fit the kind, groups, proposals."""

from collections import Counter
from collections.abc import Iterator, Mapping

from app.forms.conditions import ROW
from app.forms.definition import Kind, Question
from app.forms.derived import names_from, rule_of

from .definition import Service
from .placed import Broken, Path, Placed, asked, columns, everything
from .sources import EARLIER, NEVER, SOURCES, fills

CHOICES = (Kind.CHOICE, Kind.SEVERAL)
AMOUNTS = (Kind.NUMBER, Kind.MONEY)
#: Keys that only some kinds know. What is not listed is for all.
ONLY: dict[str, tuple[Kind, ...]] = {
    "han_only": (Kind.NAME,), "whole": (Kind.NUMBER,), "minimum": AMOUNTS, "maximum": AMOUNTS, "unit": AMOUNTS,
    "earliest_days": (Kind.DATE,), "latest_days": (Kind.DATE,),
    "earliest_months": (Kind.MONTH,), "latest_months": (Kind.MONTH,),
    "with_phone": (Kind.PERSON,), "down_to": (Kind.DIVISION, Kind.ADDRESS), "here": (Kind.DIVISION, Kind.ADDRESS),
    "min_length": (Kind.TEXT, Kind.NAME, Kind.ADDRESS), "max_length": (Kind.TEXT, Kind.NAME, Kind.ADDRESS),
    **dict.fromkeys(("questions", "row", "min_rows", "max_rows", "total_of", "total_equals"), (Kind.GROUP,)),
}  # fmt: skip
NO_COLUMNS = (Kind.GROUP, Kind.DECLARATION, Kind.SIGNATURE)
NOT_IN_COLUMNS = ("items", "prefill", "prefill_if")
#: Words that the two libraries of conditions keep for themselves: as any part of a name, and as its first.
KEYWORDS = {"in", "true", "false", "null", "constructor"}
FIRST_WORDS = KEYWORDS | {
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
    "return", "var", "void", "while", "prototype", "map", "int", "double", "string", "type", "bool", "list", "bytes", "uint",
    "row",
}  # fmt: skip
#: What is known of whoever files (requirements) has these names everywhere.
RESERVED = ("applicant.age", "applicant.sex", "applicant.local_hukou", "applicant.enterprise")
#: Bounds of dates and months are at most so far from the filing day: two hundred years.
FURTHEST = {"earliest_days": 73_000, "latest_days": 73_000, "earliest_months": 2400, "latest_months": 2400}


def _derived(service: Service) -> dict[str, str]:
    """The derived values of a form, and the question that each comes from."""
    found = {name: p.question.id for p in asked(service) for name, _ in names_from(p.question.id, p.question.kind)}
    return {name: rule[0] for name in RESERVED if (rule := rule_of(name))} | {"applicant.enterprise": "the filer"} | found


def names(service: Service) -> Iterator[Broken]:
    """A field is never both a leaf and a prefix, nor the name of a derived value or a source; it always has a prefix."""
    derived = _derived(service)
    ids = {placed.question.id for placed in asked(service)} | set(derived)
    prefixes = {".".join(parts[:n]) for name in ids for parts in [name.split(".")] for n in range(1, len(parts))}
    for path, question in asked(service):
        name, at = question.id, (*path, "id")
        if name in prefixes:
            yield Broken(at, f"field {name!r} is both a leaf and a prefix of other fields")
        if name in derived:
            yield Broken(at, f"{name!r} is derived from {derived[name]}, not asked")
        if name in SOURCES:
            yield Broken(at, f"{name!r} is the name of a source of proposals: choose another")
        if "." not in name:
            yield Broken(at, f"field {name!r} needs a prefix, as in baby.{name}")
        yield from _words(name, at)
    for placed in asked(service):
        yield from _column_names(placed)


def _words(name: str, at: Path) -> Iterator[Broken]:
    parts = name.split(".")
    for word in [w for w in parts if w in KEYWORDS] or [w for w in parts[:1] if w in FIRST_WORDS]:
        yield Broken(at, f"{word!r} cannot be a part of a field's name: choose another")


def _column_names(group: Placed) -> Iterator[Broken]:
    found = columns(group)
    derived = {name for p in found for name, _ in names_from(ROW + p.question.id, p.question.kind)}
    for n, (path, column) in enumerate(found):
        at = (*path, "id")
        if "." in column.id:
            yield Broken(at, f"the id of a column has no dots: {column.id.rpartition('.')[2]!r}")
        if column.id in KEYWORDS:
            yield Broken(at, f"{column.id!r} cannot be a part of a field's name: choose another")
        if ROW + column.id in derived:
            yield Broken(at, f"{ROW + column.id!r} is derived from another column, not asked")
        if column.id in {p.question.id for p in found[:n]}:
            yield Broken(at, f"column {column.id!r} is defined twice")


def options(service: Service) -> Iterator[Broken]:
    """Choices have options, each once; other kinds have none."""
    for path, question in everything(service):
        if (question.kind in CHOICES) != bool(question.options):
            yield Broken((*path, "options"), f"{question.kind} {'needs' if question.kind in CHOICES else 'has no'} options")
        counted = Counter(option.value for option in question.options)
        yield from (Broken((*path, "options"), f"option {v!r} is given twice") for v, n in counted.items() if n > 1)


def keys(service: Service) -> Iterator[Broken]:
    """What asks of one kind only is not said of another."""
    for path, question in everything(service):
        for key in sorted(question.model_fields_set & set(ONLY)):
            if question.kind not in ONLY[key] and getattr(question, key) is not None:
                yield Broken((*path, key), f"{key} is for {' and '.join(ONLY[key])}, not for {question.kind}")


def bounds(service: Service) -> Iterator[Broken]:
    """Bounds are the right way round, and no further away than people live."""
    for path, q in everything(service):
        pairs = (
            ("minimum", q.minimum, q.maximum), ("earliest_days", q.earliest_days, q.latest_days),
            ("earliest_months", q.earliest_months, q.latest_months),
        )  # fmt: skip
        for key, low, high in pairs:
            if low is not None and high is not None and low > high:
                yield Broken((*path, key), f"{key} is beyond its other bound")
        for key, most in FURTHEST.items():
            if abs(getattr(q, key) or 0) > most:
                yield Broken((*path, key), f"{key} is more than two hundred years away")
        if q.min_length > q.max_length:
            yield Broken((*path, "min_length"), "min_length is more than max_length")
        if q.min_rows > q.max_rows:
            yield Broken((*path, "min_rows"), "min_rows is more than max_rows")


def groups(service: Service) -> Iterator[Broken]:
    """A group has columns and a name for its row; a total names a column and an earlier question to compare it with."""
    earlier: dict[str, Question] = {}
    for placed in asked(service):
        path, group = placed
        if group.kind is Kind.GROUP:
            if not group.questions:
                yield Broken((*path, "questions"), "group needs questions: the columns of a row")
            if group.row is None:
                yield Broken((*path, "row"), "group needs row: what one row is called")
            yield from _total(placed, earlier)
        for at, column in columns(placed):
            if column.kind in NO_COLUMNS:
                yield Broken((*at, "kind"), f"a column cannot be a {column.kind}")
            for key in NOT_IN_COLUMNS:
                if getattr(column, key):
                    yield Broken((*at, key), f"a column has no {key}")
        earlier[group.id] = group


def _total(placed: Placed, earlier: Mapping[str, Question]) -> Iterator[Broken]:
    path, group = placed
    if bool(group.total_of) != bool(group.total_equals):
        yield Broken((*path, "total_of"), "total_of and total_equals come together")
    column = next((c for c in group.questions if c.id == group.total_of), None)
    if group.total_of and (column is None or column.kind not in AMOUNTS):
        yield Broken((*path, "total_of"), f"total_of must name a column of numbers or money, not {group.total_of!r}")
    wanted = earlier.get(group.total_equals or "")
    if group.total_equals and (wanted is None or wanted.kind not in AMOUNTS):
        message = f"total_equals must name an earlier number or money question, not {group.total_equals!r}"
        yield Broken((*path, "total_equals"), message)


def prefills(service: Service) -> Iterator[Broken]:
    """A proposal comes from the profile, the enterprise, a register, an earlier case or question, and fits the kind."""
    earlier: dict[str, Kind] = {}
    for path, question in asked(service):
        sources = (question.prefill,) if isinstance(question.prefill, str) else question.prefill or ()
        for source in sources:
            yield from (Broken((*path, "prefill"), message) for message in _misfits(question, source, earlier))
        if question.prefill_if and not question.prefill:
            yield Broken((*path, "prefill_if"), "prefill_if without prefill")
        earlier[question.id] = question.kind


def _misfits(question: Question, source: str, earlier: Mapping[str, Kind]) -> Iterator[str]:
    if question.kind in NEVER:
        yield f"a {question.kind} is never proposed: it is given anew each time"
    elif source != EARLIER:
        kind = SOURCES.get(source) or earlier.get(source)
        if kind is None:
            yield f"unknown prefill {source!r}: profile, enterprise, a register's field, earlier, or an earlier question"
        elif not fills(kind, question.kind):
            yield f"prefill {source!r} is a {kind}, it does not fit a {question.kind}"

"""An expression as a tree, and what can be told of it without answers: the fields it looks at, what its outcome proves."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Literal:
    """A string, a double, true or false."""

    value: str | float | bool


@dataclass(frozen=True)
class Several:
    """A list of literals."""

    values: tuple[str | float | bool, ...]


@dataclass(frozen=True)
class Ref:
    """The answer of a question, or the variable of an `exists`."""

    path: str


@dataclass(frozen=True)
class Has:
    """Whether a question has an answer."""

    path: str


@dataclass(frozen=True)
class Not:
    """Negation."""

    inner: "Node"


@dataclass(frozen=True)
class Pair:
    """Two sides of && || == != < <= > >= in."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class StartsWith:
    """text.startsWith('…')."""

    text: Ref
    prefix: str


@dataclass(frozen=True)
class Exists:
    """list.exists(x, …); `place` and `inside` are where the whole and its body stand in the text."""

    items: Ref
    variable: str
    body: "Node"
    place: slice
    inside: slice


Node = Literal | Several | Ref | Has | Not | Pair | StartsWith | Exists


def fields(node: Node, bound: frozenset[str] = frozenset()) -> set[str]:
    """Every question that an expression looks at, guarded or not; variables of `exists` are none."""
    match node:
        case Ref(path) | Has(path):
            return set() if path.partition(".")[0] in bound else {path}
        case Not(inner):
            return fields(inner, bound)
        case Pair(_, left, right):
            return fields(left, bound) | fields(right, bound)
        case StartsWith(text, _):
            return fields(text, bound)
        case Exists(items, variable, body, _, _):
            return fields(items, bound) | fields(body, bound | {variable})
    return set()


def inner(node: Node) -> list[Exists]:
    """The exists() of an expression that stand within no other, in the order of the text."""
    match node:
        case Exists():
            return [node]
        case Not(one):
            return inner(one)
        case Pair(_, left, right):
            return inner(left) + inner(right)
    return []


def proven(node: Node, outcome: bool) -> frozenset[str]:
    """The fields that surely have an answer when the expression comes out as `outcome`."""
    match node:
        case Has(path):
            return frozenset({path}) if outcome else frozenset()
        case Not(inner):
            return proven(inner, not outcome)
        case Pair("&&" | "||" as op, left, right):
            sides = proven(left, outcome), proven(right, outcome)
            return sides[0] | sides[1] if (op == "&&") == outcome else sides[0] & sides[1]
    return frozenset()


@dataclass(frozen=True)
class FieldType:
    """What the checker knows of a field: its type, its options, whether it may be missing, and a group's columns."""

    type: str
    options: frozenset[str] = frozenset()
    may_miss: bool = False
    columns: "Fields" = field(default_factory=dict)


Fields = Mapping[str, FieldType]

"""Whether an expression makes sense over a form's fields: known names, fitting types, has() around what may be missing."""

from .expressions import BadExpression, parse
from .trees import Exists, Fields, FieldType, Has, Literal, Node, Not, Pair, Ref, Several, StartsWith, proven

NAMES = {bool: "bool", float: "double", str: "string"}


OPAQUE = ("rows", "address", "person", "signature", "row")


def _bound(variable: str, items: FieldType) -> dict[str, FieldType]:
    """The variable of an exists(): a string of a list, or a row by its columns."""
    if items.type != "rows":
        return {variable: FieldType("string" if items.type == "list" else "unknown", items.options)}
    return {variable: FieldType("row")} | {f"{variable}.{name}": found for name, found in items.columns.items()}


class _Check:
    """Collects findings while it walks down a tree, with the fields proven to have an answer on the way."""

    def __init__(self, known: Fields) -> None:
        self.known = known
        self.inside: list[str] = []
        self.findings: list[str] = []

    def say(self, finding: str) -> str:
        if finding not in self.findings:
            self.findings.append(finding)
        return "unknown"

    def field(self, path: str, sure: frozenset[str]) -> FieldType:
        found = self.known.get(path)
        if found is None:
            return FieldType(self.say(f"unknown field {path}"))
        if found.may_miss and path not in sure:
            self.say(f"{path} may have no answer: write has({path}) && … before it")
        return found

    def type_of(self, node: Node, sure: frozenset[str]) -> str:
        match node:
            case Literal(value):
                return NAMES[type(value)]
            case Several(values):
                return "list" if len({type(v) for v in values}) == 1 else self.say("a list holds values of one type")
            case Ref(path):
                return self.field(path, sure).type
            case Has(path):
                return "bool" if path in self.known else self.say(f"unknown field {path}")
            case Not(inner):
                return self.truth(inner, sure)
            case StartsWith(text, _):
                return self.method(text, "string", "startsWith", sure)
            case Exists():
                return self.exists(node, sure)
            case Pair("&&" | "||" as op, left, right):
                self.truth(left, sure)
                return self.truth(right, sure | proven(left, op == "&&"))
            case Pair():
                return self.compare(node, sure)
        raise AssertionError(node)

    def truth(self, node: Node, sure: frozenset[str]) -> str:
        found = self.type_of(node, sure)
        if found not in ("bool", "unknown"):
            self.say(f"a condition must be true or false, not a {found}")
        return "bool"

    def method(self, of: Ref, wanted: str, name: str, sure: frozenset[str]) -> str:
        found = self.type_of(of, sure)
        if found not in (wanted, "unknown"):
            self.say(f"{name}() needs a {wanted}, {of.path} is a {found}")
        return "bool"

    def exists(self, node: Exists, sure: frozenset[str]) -> str:
        items = self.type_of(node.items, sure)
        if items not in ("list", "rows", "unknown"):
            self.say(f"exists() needs a list or a group, {node.items.path} is a {items}")
        if any(path.partition(".")[0] == node.variable for path in self.known):
            self.say(f"the variable {node.variable} has the name of a field: choose another")
        if len(self.inside) > 1 or (items == "rows" and "rows" in self.inside):
            self.say("exists() within exists() would be asked too often: once for each pair of rows")
        outer, found = self.known, self.known.get(node.items.path)
        self.known = {**outer, **_bound(node.variable, found or FieldType("unknown"))}
        self.inside.append(items)
        self.truth(node.body, sure)
        self.inside.pop()
        self.known = outer
        return "bool"

    def compare(self, node: Pair, sure: frozenset[str]) -> str:
        left, right = self.type_of(node.left, sure), self.type_of(node.right, sure)
        if opaque := next((side for side in (left, right) if side in OPAQUE), None):
            self.say(f"a {opaque} cannot be compared: only has() may ask for it")
        elif "date" in (left, right):
            self.say("dates cannot be compared: use a derived value such as applicant.age")
        elif node.op == "in":
            if right not in ("list", "unknown") or left == "list":
                self.say("the right side of `in` must be a list")
        elif "unknown" not in (left, right) and left != right:
            self.say(f"cannot compare a {left} with a {right}")
        elif node.op not in ("==", "!=") and left not in ("double", "unknown"):
            self.say(f"{node.op} compares numbers, not a {left}")
        self.options(node.left, node.right)
        self.options(node.right, node.left)
        return "bool"

    def options(self, side: Node, other: Node) -> None:
        """A literal compared with a choice must be one of its options: catches the typo that is never true."""
        values: tuple[object, ...] = ()
        if isinstance(other, Literal):
            values = (other.value,)
        elif isinstance(other, Several):
            values = other.values
        if isinstance(side, Ref) and (known := self.known.get(side.path)) and known.options:
            for value in values:
                if value not in known.options:
                    self.say(f"{value!r} is no option of {side.path}")


def findings(expression: str, known: Fields) -> list[str]:
    """What is wrong with an expression over these fields; empty when it is good."""
    try:
        tree = parse(expression)
    except BadExpression as error:
        return [f"bad expression: {error}"]
    check = _Check(known)
    check.truth(tree, frozenset())
    return [f"bad expression: {finding}" for finding in check.findings]

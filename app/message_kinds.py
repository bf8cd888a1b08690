"""Which kinds of messages there are, read from the code itself: each has its text, and each text is told by something."""

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from app.cases.states import TABLE
from app.cases.telling import QUIET
from app.messages import kinds
from app.messages.text_rules import NAME

HERE = Path(__file__).parent
#: Whoever is called by these names tells something; the kind's place among the arguments.
TELLERS = {"happened": 2, "messages.tell": 4, "messages.tell_staff": 2, "service.tell": 4, "service.tell_staff": 2}
#: Kinds that arrive in a variable: a row of the state table; an event of the engine on its way into a message.
PASSED_ON = {"row.event": frozenset(row.event for row in TABLE), "event.kind": frozenset[str]()}


class Source:
    """One module, and which strings its expressions can be."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.tree = name, ast.parse(text)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Its functions by name."""
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """What names stand for, wherever they are set plainly."""
        found: dict[str, ast.expr] = {}
        for node in ast.walk(self.tree):
            names = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            found |= {name.id: value for name in names if isinstance(name, ast.Name) and value}
        return found

    def told(self) -> Iterator[tuple[str, frozenset[str] | None]]:
        """Each place that tells something, `file:line`, with the kinds it can tell; None when that cannot be read here."""
        for scope in self.functions.values():
            for call in _calls(scope):
                position = TELLERS.get(ast.unparse(call.func))
                kind = _argument(call, "kind", position) if position is not None else None
                if kind is not None:
                    yield f"{self.name}:{call.lineno}", self._kinds(kind, scope)

    def _kinds(self, kind: ast.expr, scope: ast.FunctionDef) -> frozenset[str] | None:
        found = frozenset(self._strings(kind, scope, 6))
        return found if found or ast.unparse(kind) in PASSED_ON else None

    def _strings(self, node: ast.expr | None, scope: ast.FunctionDef, depth: int) -> Iterator[str]:
        """The strings that an expression can be, as far as that stands in this module."""
        if node is None or depth == 0:
            return
        if isinstance(node, ast.Constant):
            yield from [node.value] if isinstance(node.value, str) else []
            return
        yield from PASSED_ON.get(ast.unparse(node), ())
        for part in self._parts(node):
            yield from self._strings(part, scope, depth - 1)
        if isinstance(node, ast.Call) and (function := self.functions.get(ast.unparse(node.func))):
            for back in ast.walk(function):
                yield from self._strings(back.value, function, depth - 1) if isinstance(back, ast.Return) else ()
        elif isinstance(node, ast.Name):
            yield from self._named(node.id, scope, depth - 1)

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        """What an expression chooses from."""
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.Dict):
            return node.values
        return node.elts if isinstance(node, ast.Tuple) else [node.value] if isinstance(node, ast.Subscript) else []

    def _named(self, name: str, scope: ast.FunctionDef, depth: int) -> Iterator[str]:
        """A constant; or a parameter: then what this module's own calls give for it."""
        names = [argument.arg for argument in scope.args.args]
        if name not in names:
            yield from self._strings(self.constants.get(name), scope, depth)
            return
        for outer in self.functions.values():
            for call in _calls(outer):
                if ast.unparse(call.func) == scope.name:
                    yield from self._strings(_argument(call, name, names.index(name)), outer, depth)


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(scope) if isinstance(node, ast.Call))


def _argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return given or (call.args[position] if len(call.args) > position else None)


def told(folder: Path = HERE) -> dict[str, frozenset[str] | None]:
    """The kinds told at each place of the code, by `file:line`."""
    files = sorted(folder.rglob("*.py"))
    sources = (Source(path.relative_to(folder).as_posix(), path.read_text()) for path in files)
    return {place: found for source in sources for place, found in source.told()}


def findings(places: dict[str, frozenset[str] | None] | None = None) -> list[str]:
    """What does not fit: a place whose kind cannot be read, a kind without text, a text that nothing tells."""
    places, texts = told() if places is None else places, kinds.texts().kinds
    wrong = [f"{place}: name plainly which kind is told here" for place, found in places.items() if found is None]
    every = {place: found or frozenset() for place, found in places.items()}
    wrong += [
        f"{place}: no text for {kind!r} in texts.yaml"
        for place, found in every.items()
        for kind in sorted(found - set(texts) - set(QUIET))
    ]
    used = frozenset[str]().union(*every.values())
    return wrong + [f"texts.yaml: nothing tells {kind!r}" for kind in texts if kind not in used]


def table() -> list[str]:
    """The kinds as docs/messages.md lists them."""
    rows = ["| kind | group | title | do | SMS |", "|---|---|---|---|---|"]
    for name, kind in kinds.texts().kinds.items():
        sms = f"`{kind.sms}`" if kind.sms else "at once, at night too" if kind.urgent else ""
        rows.append(f"| `{name}` | {kind.group} | {NAME.sub('…', kind.title.zh)} | {kind.act.zh} | {sms} |")
    return rows

"""Whether a condition is decided by the answers so far, and by which of them: for telling people why. Pure.

Three outcomes: true, false, and None while a question that could turn it has no answer yet. Whether an item is needed is
still said by the plan alone; this only says since when that is certain, and what made it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from app.forms.conditions import holds, shown
from app.forms.definition import Form
from app.forms.derived import rule_of
from app.forms.expressions import parse
from app.forms.trees import Exists, Has, Literal, Node, Not, Pair, Ref, Several, StartsWith, fields


@dataclass(frozen=True)
class Verdict:
    """An outcome and the questions that make it, or, while it is open, those that would; in no order."""

    outcome: bool | None
    by: frozenset[str] = frozenset()


def _literal(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return f'"{value}"' if "'" in value else f"'{value}'"


def written(node: Node) -> str:
    """An expression's tree as text again."""
    match node:
        case Literal(value):
            return _literal(value)
        case Several(values):
            return f"[{', '.join(map(_literal, values))}]"
        case Ref(path):
            return path
        case Has(path):
            return f"has({path})"
        case Not(inner):
            return f"!({written(inner)})"
        case Pair(op, left, right):
            return f"({written(left)} {op} {written(right)})"
        case StartsWith(text, prefix):
            return f"{written(text)}.startsWith({_literal(prefix)})"
        case Exists(items, variable, body):
            return f"{written(items)}.exists({variable}, {written(body)})"


@dataclass(frozen=True)
class Deciding:
    """The answers so far, and the optional questions that were passed without one: those are not open any more."""

    form: Form
    answers: Mapping[str, Any]
    passed: frozenset[str]
    now: datetime

    def of(self, condition: str | None) -> Verdict:
        """The verdict on a condition; one that is absent holds always, by nothing."""
        return Verdict(True) if condition is None else self._node(parse(condition))

    def _node(self, node: Node) -> Verdict:
        match node:
            case Not(inner):
                found = self._node(inner)
                return Verdict(None if found.outcome is None else not found.outcome, found.by)
            case Pair("&&" | "||" as op, left, right):
                return _joined(op == "&&", self._node(left), self._node(right))
        return self._atom(node)

    def _atom(self, node: Node) -> Verdict:
        asked = {self._question(path) for path in fields(node)}
        still_open = {name for name in asked if self._open(name)}
        if still_open:
            return Verdict(None, self._seen(still_open))
        return Verdict(holds(written(node), self._shown, self.now, self.form.district), self._seen(asked))

    @cached_property
    def _shown(self) -> dict[str, Any]:
        return shown(self.form, self.answers, self.now)

    def _question(self, path: str) -> str:
        """The question behind a field: itself, or the one that a derived value comes from."""
        rule = rule_of(path)
        return path if path in self.form.questions() or rule is None else rule[0]

    def _open(self, name: str) -> bool:
        question = self.form.questions().get(name)
        known = self._shown
        if question is None or known.get(name) is not None:
            return False
        if name in known:
            return not (question.optional and name in self.passed)
        return self.of(question.shown_if).outcome is None

    def _seen(self, names: set[str]) -> frozenset[str]:
        """Those questions; in the place of one that is not shown, those by which it is not."""
        found: set[str] = set()
        for name in names:
            question = self.form.questions().get(name)
            if question is not None and name not in self._shown and question.shown_if:
                found |= self.of(question.shown_if).by
            else:
                found.add(name)
        return frozenset(found)


def _joined(both: bool, left: Verdict, right: Verdict) -> Verdict:
    """`&&` (both) or `||`: one side that settles it is the reason alone; what is open is asked for before what is not."""
    sides = (left, right)
    settling = [side for side in sides if side.outcome is not None and side.outcome is not both]
    if settling:
        return Verdict(not both, frozenset().union(*(side.by for side in settling)))
    still_open = [side for side in sides if side.outcome is None]
    if still_open:
        return Verdict(None, frozenset().union(*(side.by for side in still_open)))
    return Verdict(both, left.by | right.by)

"""The closed subset of CEL that definitions may use: read into a tree, so that a mistake is found when a definition is loaded.

`== != < <= > >= && || ! in has startsWith exists`, strings, doubles, true, false, lists. Everything else is refused.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from .trees import Exists, Has, Literal, Node, Not, Pair, Ref, Several, StartsWith


class BadExpression(ValueError):
    """The expression is not in the closed subset; the message says where and what to write instead."""


class Token(NamedTuple):
    """A piece of an expression and where it begins."""

    kind: str
    text: str
    at: int


TOKEN = re.compile(
    r"\s*(?:(?P<double>\d+\.\d+)|(?P<int>\d+)|(?P<string>'[^'\\]*'|\"[^\"\\]*\")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op>&&|\|\||==|!=|<=|>=|[<>!()\[\],.]))"
)
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "in")
LONGEST = 500


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    text = text.rstrip()
    if len(text) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters")
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise BadExpression(f"column {at + 1}: {text[at:].strip()[:12]!r} is not allowed")
        if match.lastgroup == "int":
            raise BadExpression(f"column {match.start('int') + 1}: numbers are doubles, write {match['int']}.0")
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, Token("end", "", len(text))]


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def fail(self, wanted: str) -> BadExpression:
        token = self.tokens[self.at]
        return BadExpression(f"column {token.at + 1}: expected {wanted}, found {token.text or 'the end'!r}")

    def peek(self, *texts: str) -> bool:
        token = self.tokens[self.at]
        return token.kind in ("op", "name") and token.text in texts

    def take(self, *texts: str) -> bool:
        if self.peek(*texts):
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.fail(repr(text))

    def whole(self) -> Node:
        node = self.either()
        if self.tokens[self.at].kind != "end":
            raise self.fail("the end")
        return node

    def either(self) -> Node:
        self.depth += 1
        if self.depth > 20:
            raise BadExpression("nested too deeply")
        node = self.both()
        while self.take("||"):
            node = Pair("||", node, self.both())
        self.depth -= 1
        return node

    def both(self) -> Node:
        node = self.comparison()
        while self.take("&&"):
            node = Pair("&&", node, self.comparison())
        return node

    def comparison(self) -> Node:
        node = self.single()
        if self.peek(*COMPARISONS):
            op = self.tokens[self.at].text
            self.at += 1
            node = Pair(op, node, self.single())
            if self.peek(*COMPARISONS):
                raise self.fail("&& or || between comparisons")
        return node

    def single(self) -> Node:
        negations = 0
        while self.take("!"):
            negations += 1
        if self.take("("):
            node = self.either()
            self.need(")")
        else:
            node = self.primary()
        for _ in range(negations and 2 - negations % 2):  # a hundred are as good as two
            node = Not(node)
        return node

    def primary(self) -> Node:
        token = self.tokens[self.at]
        if token.kind in ("string", "double") or token.text in ("true", "false"):
            return Literal(self.literal())
        if self.take("["):
            values = [self.literal()]
            while self.take(","):
                values.append(self.literal())
            self.need("]")
            return Several(tuple(values))
        if token.kind != "name" or token.text == "in":
            raise self.fail("a field, a value or (")
        return self.field()

    def literal(self) -> str | float | bool:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "string":
            return token.text[1:-1]
        if token.kind == "double":
            return float(token.text)
        if token.text in ("true", "false"):
            return token.text == "true"
        self.at -= 1
        raise self.fail("a value")

    def name(self) -> str:
        token = self.tokens[self.at]
        if token.kind != "name":
            raise self.fail("a name")
        self.at += 1
        return token.text

    def field(self) -> Node:
        first = self.name()
        if self.take("("):
            if first != "has":
                raise BadExpression(f"the function {first}() is not allowed")
            path = self.path(self.name())
            self.need(")")
            return Has(path)
        return self.method(first)

    def exists(self, path: str, start: int) -> Node:
        variable = self.name()
        self.need(",")
        begin = self.tokens[self.at].at
        body = self.either()
        end = self.tokens[self.at].at
        self.need(")")
        return Exists(Ref(path), variable, body, slice(start, end + 1), slice(begin, end))

    def path(self, path: str) -> str:
        while self.take("."):
            path += "." + self.name()
        return path

    def method(self, path: str) -> Node:
        start = self.tokens[self.at - 1].at
        while self.take("."):
            name = self.name()
            if not self.take("("):
                path += "." + name
            elif name == "startsWith":
                prefix = self.literal()
                self.need(")")
                if not isinstance(prefix, str):
                    raise BadExpression("startsWith() takes a string")
                return StartsWith(Ref(path), prefix)
            elif name == "exists":
                return self.exists(path, start)
            else:
                raise BadExpression(f"the function {name}() is not allowed")
        return Ref(path)


@lru_cache(4096)
def parse(text: str) -> Node:
    """The tree of an expression; raises BadExpression when it is outside the closed subset."""
    return _Reader(text).whole()

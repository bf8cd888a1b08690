"""YAML with line marks: plain data whose maps and lists remember where each of their entries was written."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads the whole catalogue ten times faster
TAG = "tag:yaml.org,2002:"
STRING = TAG + "str"
#: YAML 1.2's plain words: in a text, No, on, 12:30 and 2026-11-25 are what they say, not false, 750 or a date.
WORDS = (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
)


class Loader(_Fast):  # type: ignore[misc]
    """The safe loader, with fewer surprises."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - the library's own class attribute


for name, form, first in WORDS:
    Loader.add_implicit_resolver(TAG + name, re.compile(f"^(?:{form})$"), list(first))


class Mark(NamedTuple):
    """A place in a file; lines count from 1."""

    file: str
    line: int


class Finding(NamedTuple):
    """What is wrong, and where."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark.file}:{self.mark.line}: {self.message}"


class CatalogueError(Exception):
    """The definitions cannot be used; `findings` lists everything that was found, as `file:line: message`."""

    def __init__(self, findings: list[Finding]) -> None:
        ordered = sorted(set(findings))
        super().__init__("\n".join(map(str, ordered)))
        self.findings = ordered


class Map(dict[str, Any]):
    """A mapping that knows where each of its keys was written."""

    mark: Mark
    marks: dict[str, Mark]


class List(list[Any]):
    """A sequence that knows where each of its entries was written."""

    mark: Mark
    marks: list[Mark]


class _Reader:
    """Turns the nodes of one file into data; a key given twice and a part used twice (an alias) are findings."""

    def __init__(self, name: str, loader: Loader) -> None:
        self.name = name
        self.loader = loader
        self.seen: set[int] = set()
        self.findings: list[Finding] = []

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.name, node.start_mark.line + 1)

    def data(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.CollectionNode) and id(node) in self.seen:
            self.findings.append(Finding(self.mark(node), "aliases are not allowed: write it out, or use the bank"))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.map(node)
        if isinstance(node, yaml.SequenceNode):
            found = List(self.data(child) for child in node.value)
            found.mark, found.marks = self.mark(node), [self.mark(child) for child in node.value]
            return found
        return node.value if node.tag == STRING else self.loader.construct_object(node)

    def map(self, node: yaml.MappingNode) -> Map:
        found = Map()
        found.mark, found.marks = self.mark(node), {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.findings.append(Finding(self.mark(key), f"key {name!r} is given twice"))
            found[name], found.marks[name] = self.data(value), self.mark(key)
        return found


def read(path: Path) -> Map:
    """The data of a file; raises CatalogueError when it is not YAML, not a mapping, or gives a key twice."""
    loader = Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        reader = _Reader(path.name, loader)
        data = reader.data(node) if node is not None else None
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        mark = Mark(path.name, at.line + 1 if at else 1)
        raise CatalogueError([Finding(mark, f"not YAML: {getattr(error, 'problem', error)}")]) from error
    except RecursionError:
        raise CatalogueError([Finding(Mark(path.name, 1), "nested too deeply")]) from None
    finally:
        loader.dispose()
    if not isinstance(data, Map):
        raise CatalogueError([Finding(Mark(path.name, 1), "must be a mapping of keys")])
    if reader.findings:
        raise CatalogueError(reader.findings)
    return data


def place(data: Any, *path: str | int) -> Mark:
    """Where the entry at a path was written, or the nearest place above it that is known."""
    mark: Mark = data.mark
    for step in path:
        known = step in data if isinstance(data, Map) else isinstance(data, List) and isinstance(step, int) and step < len(data)
        if not known:
            break
        mark, data = data.marks[step], data[step]
    return mark

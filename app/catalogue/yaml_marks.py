"""YAML with line marks: plain data whose maps and lists remember where each of their entries was written."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml


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
    """Turns the nodes of one file into data; a key given twice is a finding."""

    def __init__(self, name: str, loader: yaml.SafeLoader) -> None:
        self.name = name
        self.loader = loader
        self.findings: list[Finding] = []

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.name, node.start_mark.line + 1)

    def data(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.map(node)
        if isinstance(node, yaml.SequenceNode):
            found = List(self.data(child) for child in node.value)
            found.mark, found.marks = self.mark(node), [self.mark(child) for child in node.value]
            return found
        return self.loader.construct_object(node)

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
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        reader = _Reader(path.name, loader)
        data = reader.data(node) if node is not None else None
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        mark = Mark(path.name, at.line + 1 if at else 1)
        raise CatalogueError([Finding(mark, f"not YAML: {getattr(error, 'problem', error)}")]) from error
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

"""The kinds of messages, from texts.yaml, read once and strictly: what each says over which channel, how much it matters."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from app.catalogue.loader import validated
from app.catalogue.yaml_marks import CatalogueError, Finding, place, read

from .text_rules import broken
from .wording import Group, Kind, Texts, Tone

__all__ = ["FILE", "Group", "Kind", "Texts", "Tone", "check", "kind", "load", "texts"]

FILE = Path(__file__).parent / "texts.yaml"
_TEXTS = TypeAdapter(Texts)


def load(path: Path = FILE) -> Texts:
    """The texts of a file; raises CatalogueError listing all findings, each with file and line."""
    data = read(path)
    found = validated(_TEXTS, data)
    findings = [Finding(place(data, *wrong.path), wrong.message) for wrong in broken(found)]
    if findings:
        raise CatalogueError(findings)
    return found


def check(path: Path = FILE) -> list[str]:
    """What `linban texts check` prints of the file: `file:line: message` for each mistake, nothing when all is well."""
    try:
        load(path)
    except CatalogueError as error:
        return [str(finding) for finding in error.findings]
    return []


@cache
def texts() -> Texts:
    """All texts, read once."""
    return load()


def kind(name: str) -> Kind:
    """A kind by its name; one that a newer release wrote still says something true."""
    known = texts()
    return known.kinds.get(name, known.unknown)

"""The bank of shared questions, materials and lists of options (bank.yaml), and how a definition uses them."""

from typing import Any

from .yaml_marks import CatalogueError, Finding, List, Map, Mark, place

SECTIONS = ("questions", "materials", "options")


def _entry(bank: Map, section: str, name: object, at: Mark) -> Any:
    found = bank.get(section, Map()).get(name) if isinstance(name, str) else None
    if found is None:
        raise CatalogueError([Finding(at, f"the bank has no {section} entry {name!r}")])
    return found


def _merged(bank: Map, section: str, data: Map) -> Map:
    """A bank entry under its own id, with what the definition says differently."""
    name, at = data["use"], data.marks["use"]
    entry = _entry(bank, section, name, at)
    found = Map({"id": name, **entry})
    found.mark, found.marks = data.mark, {"id": at, **entry.marks}
    for key, value in data.items():
        if key != "use":
            found[key], found.marks[key] = value, data.marks[key]
    return found


def _with_options(bank: Map, data: Map) -> Map:
    """Options given by name come from the bank."""
    if not isinstance(data.get("options"), str):
        return data
    found = Map(data)
    found.mark, found.marks = data.mark, data.marks
    found["options"] = _entry(bank, "options", data["options"], place(data, "options"))
    return found


def _expand(bank: Map, section: str, entries: Any) -> Any:
    if not isinstance(entries, List):
        return entries
    found = List()
    found.mark, found.marks = entries.mark, entries.marks
    for entry in entries:
        whole = _merged(bank, section, entry) if isinstance(entry, Map) and "use" in entry else entry
        found.append(_filled(bank, section, whole) if isinstance(whole, Map) else whole)
    return found


def _filled(bank: Map, section: str, data: Map) -> Map:
    """An entry with its named options, and with the columns of a group filled in likewise."""
    found = _with_options(bank, data)
    if "questions" in found:
        found = _replaced(found, "questions", _expand(bank, section, found["questions"]))
    return found


def _replaced(data: Map, key: str, value: Any) -> Map:
    found = Map(data)
    found.mark, found.marks = data.mark, data.marks
    found[key] = value
    return found


def expand(bank: Map, service: Map) -> Map:
    """A service's definition with every `use:` and every named list of options filled in; raises CatalogueError."""
    if "materials" in service:
        service = _replaced(service, "materials", _expand(bank, "materials", service["materials"]))
    form = service.get("form")
    if isinstance(form, Map) and isinstance(form.get("pages"), List):
        pages = List(
            _replaced(page, "questions", _expand(bank, "questions", page["questions"]))
            if isinstance(page, Map) and "questions" in page
            else page
            for page in form["pages"]
        )
        pages.mark, pages.marks = form["pages"].mark, form["pages"].marks
        service = _replaced(service, "form", _replaced(form, "pages", pages))
    return service

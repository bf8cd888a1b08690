"""From YAML files to services, strictly: whatever is wrong is named with its file and line, all of it at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import bank
from .definition import DepartmentDef, LifeEvent, Service
from .rules import broken
from .yaml_marks import CatalogueError, Finding, List, Map, place, read

DEFINITIONS = Path(__file__).parent / "definitions"
DEPARTMENTS, BANK, EVENTS = "departments.yaml", "bank.yaml", "events.yaml"
T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """All services by id, the departments that decide their items, the life events under which they are found."""

    services: dict[str, Service]
    departments: dict[str, DepartmentDef]
    events: dict[str, LifeEvent] = field(default_factory=dict)


def _message(error: ErrorDetails) -> str:
    name = ".".join(str(part) for part in error["loc"])
    last = error["loc"][-1] if error["loc"] else ""
    if error["type"] == "missing":
        missing = {"en": "the English text (en)", "zh": "the Chinese text (zh)"}.get(str(last), f"key {last!r}")
        return f"missing {missing} in {'.'.join(map(str, error['loc'][:-1])) or 'the file'}"
    if error["type"] == "extra_forbidden":
        return f"unknown key {last!r}"
    if last == "en" and error["type"] == "string_too_short":
        return f"missing the English text (en) in {name}"
    return f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _echo(error: ErrorDetails) -> bool:
    """Whether a sequence is called too short only because its entries have mistakes of their own, already said."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def validated(adapter: TypeAdapter[T], data: Map | List) -> T:
    """The model of some data; raises CatalogueError with the lines of its mistakes."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        findings = [Finding(place(data, *e["loc"]), _message(e)) for e in error.errors() if not _echo(e)]
        raise CatalogueError(findings) from None


_SERVICE = TypeAdapter(Service)
_DEPARTMENTS = TypeAdapter(tuple[DepartmentDef, ...])
_EVENTS = TypeAdapter(tuple[LifeEvent, ...])


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _by_id(path: Path, key: str, what: str, adapter: TypeAdapter[tuple[N, ...]]) -> dict[str, N]:
    """A file of one key with a list of entries, by their ids; raises CatalogueError."""
    data = read(path)
    entries = data.get(key)
    if set(data) != {key} or not isinstance(entries, List):
        raise CatalogueError([Finding(data.mark, f"must have one key, {key}, with a list")])
    by_id: dict[str, N] = {}
    found: tuple[N, ...] = validated(adapter, entries)
    for i, entry in enumerate(found):
        if entry.id in by_id:
            raise CatalogueError([Finding(place(entries, i), f"{what} {entry.id!r} is defined twice")])
        by_id[entry.id] = entry
    return by_id


def _departments(folder: Path) -> dict[str, DepartmentDef]:
    return _by_id(folder / DEPARTMENTS, "departments", "department", _DEPARTMENTS)


def _events(folder: Path) -> dict[str, LifeEvent]:
    return _by_id(folder / EVENTS, "events", "life event", _EVENTS) if (folder / EVENTS).exists() else {}


def _bank(folder: Path) -> Map:
    if not (folder / BANK).exists():
        return Map()
    data = read(folder / BANK)
    wrong = [Finding(place(data, key), f"unknown key {key!r}") for key in data if key not in bank.SECTIONS]
    if wrong:
        raise CatalogueError(wrong)
    return data


class _Shared(NamedTuple):
    """What all services of a folder use."""

    departments: dict[str, DepartmentDef]
    events: dict[str, LifeEvent]
    bank: Map


def _service(path: Path, shared: _Shared, district: str) -> Service:
    data: Any = bank.expand(shared.bank, read(path))
    service = validated(_SERVICE, data)
    wrong = broken(service, shared.departments, shared.events)
    findings = [Finding(place(data, *finding.path), finding.message) for finding in wrong]
    if path.stem != service.id:
        findings.append(Finding(place(data, "id"), f"service {service.id!r} must be in a file {service.id}.yaml"))
    if findings:
        raise CatalogueError(findings)
    return service.model_copy(update={"form": service.form.model_copy(update={"district": district})})


def load(folder: Path = DEFINITIONS, district: str = "") -> Catalogue:
    """Every definition of a folder; raises CatalogueError listing all findings. `district` is stamped into each form."""
    shared = _Shared(_departments(folder), _events(folder), _bank(folder))
    findings: list[Finding] = []
    services: dict[str, Service] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in (DEPARTMENTS, BANK, EVENTS):
            continue
        try:
            services[path.stem] = _service(path, shared, district)
        except CatalogueError as error:
            findings += error.findings
    if findings:
        raise CatalogueError(findings)
    return Catalogue(services, shared.departments, shared.events)


def check(folder: Path = DEFINITIONS) -> list[str]:
    """What `linban catalogue check` prints: `file:line: message` for each mistake, nothing when all is well."""
    try:
        load(folder)
    except CatalogueError as error:
        return [str(finding) for finding in error.findings]
    return []


def models() -> list[type[BaseModel]]:
    """Every model of the definition language, for its documentation test."""
    found: list[type[BaseModel]] = [Service, DepartmentDef, LifeEvent]
    for model in found:
        for info in model.model_fields.values():
            inner = [info.annotation, *getattr(info.annotation, "__args__", ())]
            found += [t for t in inner if isinstance(t, type) and issubclass(t, BaseModel) and t not in found]
    return found

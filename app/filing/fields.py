"""One question as its field shows it: value, mistake, source, and what it is made of (parts, places, rows). Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.core.i18n import Pair, pick
from app.forms import numbers
from app.forms.definition import Kind, Question
from app.forms.mistakes import Mistake

from .parts import detail_of, parts_of
from .places import PlacesView
from .places import view as picker

#: A group with more rows than this shows the others closed, one line each.
OPEN_ROWS = 12
#: What a browser may fill in from its own memory: only what is the person's own. Other people's data stays out of it.
OWN = {"profile.name": "name", "profile.phone": "tel"}
HiddenColumns = Callable[[Question, Mapping[str, Any]], frozenset[str]]


@dataclass(frozen=True)
class RowView:
    """A row of a group. A closed one carries its answers as JSON and shows them on one line."""

    number: int
    name: str
    fields: tuple["FieldView", ...]
    closed: bool
    value: Mapping[str, Any]

    @property
    def packed(self) -> str:
        """The row's answers as its hidden field carries them."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Total:
    """The sum of a column and what it must be; `wanted` is None while that is not answered."""

    sum: float
    wanted: float | None
    question: Question

    @property
    def left(self) -> float:
        """What is still missing (more than nothing), or too much (less)."""
        return round((self.wanted or 0) - self.sum, 2)


@dataclass(frozen=True)
class FieldView:
    """One question on the page. `source` is a msgid; `hidden`: its condition is false now (scripts may show it).

    `blank` is the row that scripts add to a group; its name has {row} for the number. `doubt` (a msgid) refuses nothing.
    """

    question: Question
    name: str
    value: Any
    mistake: Mistake | None = None
    source: str | Pair = ""
    hidden: bool = False
    parts: tuple["FieldView", ...] = ()
    places: PlacesView | None = None
    rows: tuple[RowView, ...] = ()
    blank: RowView | None = None
    total: Total | None = None
    bounds: tuple[str, str] = ("", "")
    autocomplete: str = "off"
    doubt: str = ""


@dataclass(frozen=True)
class Around:
    """What a field is shown in: mistakes by name, the filing day, all answers, which rows stand open or are added."""

    wrong: Mapping[str, Mistake] = field(default_factory=dict)
    on: date = date.min
    answers: Mapping[str, Any] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    hidden_columns: HiddenColumns = lambda _group, _row: frozenset()


def as_text(question: Question, value: Any) -> Any:
    """A value as its field shows it."""
    if question.kind in (Kind.NUMBER, Kind.MONEY) and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.0f}" if float(value).is_integer() else repr(value)
    return value


def view(
    question: Question, value: Any, around: Around, *, name: str = "", source: str | Pair = "", hidden: bool = False
) -> FieldView:
    """The field of a question; `name` when it is a part of another."""
    name = name or question.id
    basic = FieldView(
        question, name, as_text(question, value), around.wrong.get(name), source, hidden, bounds=_bounds(question, around.on),
        autocomplete=_autocomplete(question), doubt=numbers.doubts(question, value) or "",
    )  # fmt: skip
    more = _COMPOSED.get(question.kind)
    return more(basic, value, around) if more else basic


def _autocomplete(question: Question) -> str:
    known = (question.prefill,) if isinstance(question.prefill, str) else question.prefill or ()
    return next((OWN[source] for source in known if source in OWN), "off")


def _bounds(question: Question, on: date) -> tuple[str, str]:
    """The earliest and the latest day or month, for the browser's picker."""
    if question.kind is Kind.DATE:
        days = (question.earliest_days, question.latest_days)
        return tuple("" if n is None else (on + timedelta(n)).isoformat() for n in days)  # type: ignore[return-value]
    if question.kind is Kind.MONTH:
        months = (question.earliest_months, question.latest_months)
        return tuple("" if n is None else _month(on, n) for n in months)  # type: ignore[return-value]
    return "", ""


def _month(on: date, later: int) -> str:
    years, month = divmod(on.year * 12 + on.month - 1 + later, 12)
    return f"{years:04d}-{month + 1:02d}"


def _division(basic: FieldView, value: Any, around: Around) -> FieldView:
    return _with(basic, places=picker(basic.question, value if isinstance(value, str) else ""))


def _address(basic: FieldView, value: Any, around: Around) -> FieldView:
    whole = value if isinstance(value, dict) else {"detail": value} if isinstance(value, str) else {}
    detail = view(detail_of(basic.question), whole.get("detail"), around, name=f"{basic.name}:detail")
    code = whole.get("division")
    picked = picker(basic.question, code if isinstance(code, str) else "")
    mistake = around.wrong.get(f"{basic.name}:division") or basic.mistake
    return _with(basic, places=picked, parts=(detail,), mistake=mistake)


def _person(basic: FieldView, value: Any, around: Around) -> FieldView:
    whole = value if isinstance(value, dict) else {}
    shown = []
    for part in parts_of(basic.question):
        value = whole.get(part.id)
        shown.append(view(part, value, around, name=f"{basic.name}:{part.id}", source=basic.source if value else ""))
    return _with(basic, parts=tuple(shown))


def _group(basic: FieldView, value: Any, around: Around) -> FieldView:
    given = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
    least = max(basic.question.min_rows, len(given) + (basic.name in around.opened))
    rows = [*given, *({} for _ in range(min(least, basic.question.max_rows) - len(given)))]
    touched = {name.split(":")[1] for name in around.wrong if name.startswith(f"{basic.name}:")}
    shown = tuple(_row(basic, number, row, around, str(number) in touched, len(rows)) for number, row in enumerate(rows))
    blank = RowView(0, f"{basic.name}:{{row}}", _columns(basic.question, f"{basic.name}:{{row}}", {}, around), False, {})
    return _with(basic, rows=shown, blank=blank, total=_total(basic.question, given, around))


def _row(basic: FieldView, number: int, row: Mapping[str, Any], around: Around, touched: bool, count: int) -> RowView:
    name = f"{basic.name}:{number}"
    if count > OPEN_ROWS and row and not touched and name not in around.opened:
        return RowView(number, name, (), True, row)
    return RowView(number, name, _columns(basic.question, name, row, around), False, row)


def _columns(group: Question, name: str, row: Mapping[str, Any], around: Around) -> tuple[FieldView, ...]:
    away = around.hidden_columns(group, row)
    return tuple(
        view(column, row.get(column.id), around, name=f"{name}:{column.id}", hidden=column.id in away)
        for column in group.questions
    )


def _total(question: Question, rows: Sequence[Mapping[str, Any]], around: Around) -> Total | None:
    column = next((c for c in question.questions if c.id == question.total_of), None)
    if column is None:
        return None
    total = sum(_amount(row.get(column.id)) or 0.0 for row in rows)
    return Total(round(total, 2), _amount(around.answers.get(question.total_equals or "")), column)


def _amount(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _signature(basic: FieldView, value: Any, around: Around) -> FieldView:
    given = value if isinstance(value, dict) else {}
    typed = view(parts_of(basic.question)[0], given.get("name"), around, name=f"{basic.name}:name")
    return _with(basic, value={"way": "drawn", "strokes": given.get("strokes") or []}, parts=(typed,))


def _with(basic: FieldView, **more: Any) -> FieldView:
    return FieldView(**{**basic.__dict__, **more})


_COMPOSED: dict[Kind, Callable[[FieldView, Any, Around], FieldView]] = {
    Kind.DIVISION: _division, Kind.ADDRESS: _address, Kind.PERSON: _person, Kind.GROUP: _group, Kind.SIGNATURE: _signature,
}  # fmt: skip


def labels(views: Sequence[FieldView], lang: str, before: str = "") -> Iterator[tuple[str, str]]:
    """(name, label) of every field and part, as the list of mistakes names them: 股东 2 · 姓名."""
    for shown in views:
        label = f"{before}{pick(shown.question.label, lang)}"
        yield shown.name, label
        yield from labels(shown.parts, lang, f"{label} · ")
        if shown.places:
            yield f"{shown.name}:division", label
        title = pick(shown.question.row, lang) if shown.question.row else label
        for row in shown.rows:
            yield row.name, f"{title} {row.number + 1}"
            yield from labels(row.fields, lang, f"{title} {row.number + 1} · ")


def where(question: Question, value: Any, mistake: Mistake, lang: str) -> str:
    """Which part of an answer a mistake is in (股东 2 · 公司代码), for pages that show the answer on one line; else nothing."""
    name = mistake.question_id
    if name == question.id:
        return ""
    return dict(labels([view(question, value, Around({name: mistake}))], lang)).get(name, "")

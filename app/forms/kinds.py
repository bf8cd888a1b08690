"""One check per kind of question: the normalised value, or what is wrong with its remedy. Pure."""

from collections.abc import Callable, Iterator

from . import amounts, choices, days, numbers, people, places, signatures, texts
from . import mistakes as m
from .definition import Kind, Question
from .mistakes import Wrong
from .verdicts import At, Check, Value, Verdict, judged

CHECKS: dict[Kind, Check] = {
    Kind.TEXT: texts.text,
    Kind.NAME: texts.name,
    Kind.ID_NUMBER: numbers.id_number,
    Kind.PHONE: numbers.phone,
    Kind.DATE: days.one_day,
    Kind.MONTH: days.month,
    Kind.NUMBER: amounts.number,
    Kind.MONEY: amounts.money,
    Kind.YES_NO: choices.yes_no,
    Kind.CHOICE: choices.choice,
    Kind.SEVERAL: choices.several,
    Kind.DIVISION: places.division,
    Kind.BANK_CARD: numbers.bank_card,
    Kind.CREDIT_CODE: numbers.credit_code,
    Kind.DECLARATION: choices.declaration,
}
WITH_PARTS: dict[Kind, Callable[[Question, object, At], Verdict]] = {
    Kind.ADDRESS: places.address,
    Kind.PERSON: people.person,
    Kind.SIGNATURE: signatures.signature,
}
MISSING = {
    Kind.YES_NO: m.YES_OR_NO, Kind.CHOICE: m.CHOOSE, Kind.SEVERAL: m.CHOOSE, Kind.DECLARATION: m.TICK,
    Kind.DIVISION: m.PLACE, Kind.SIGNATURE: m.SIGN,
}  # fmt: skip


def judge(question: Question, value: object, at: At) -> Verdict:
    """The verdict on any value of any kind."""
    if question.kind is Kind.GROUP:
        return _rows(question, value, at)
    if question.kind in WITH_PARTS:
        return WITH_PARTS[question.kind](question, value, at)
    return judged(CHECKS[question.kind], question, value, at)


def _rows(question: Question, value: object, at: At) -> Verdict:
    """Every cell of every row by its column; rows keep their places, whatever is wrong in them."""
    if value is None or value in ("", []):
        return Verdict()
    if not isinstance(value, list):
        return Verdict(wrong=Wrong(m.SHAPE))
    if len(value) > question.max_rows:
        return Verdict(wrong=Wrong(m.ROWS_MANY, max=question.max_rows, count=len(value)))
    rows = [_row(question, row, at) for row in value]
    return Verdict([row.value or {} for row in rows], None, {str(n): row for n, row in enumerate(rows)})


def _row(question: Question, value: object, at: At) -> Verdict:
    if not isinstance(value, dict):
        return Verdict(wrong=Wrong(m.SHAPE))
    cells = {column.id: judge(column, value.get(column.id), at) for column in question.questions}
    return Verdict({name: cell.value for name, cell in cells.items() if cell.value is not None}, None, cells)


def check(question: Question, value: object, at: At) -> Value | None:
    """The normalised value, None when it is no answer at all; raises the first Wrong."""
    verdict = judge(question, value, at)
    for wrong in verdict.flaws():
        raise wrong
    return verdict.value


def wrongs(question: Question, verdict: Verdict, value: object, *, partial: bool) -> Iterator[tuple[str, Wrong]]:
    """What to say of an answer, by the place inside it: "" the whole, ":name" a part, ":0:kind" a cell.

    `value` is the answer as it is shown: the rows of a group have the visible columns only, None where one is not answered.
    `partial`: what is missing is not said.
    """
    if verdict.wrong:
        yield "", verdict.wrong
    elif question.kind is Kind.GROUP:
        yield from _wrong_rows(question, verdict, value, partial=partial)
    elif question.kind in (Kind.PERSON, Kind.ADDRESS):
        yield from _wrong_parts(question, verdict, partial=partial)
    elif bad := [(f":{name}", part.wrong) for name, part in verdict.parts.items() if part.wrong]:
        yield from bad
    elif value is None and not question.optional and not partial:
        yield "", Wrong(MISSING.get(question.kind, m.EMPTY))


def _asked(question: Question) -> dict[str, str]:
    """The parts that must be there, and what to say when one is missing."""
    if question.kind is Kind.PERSON:
        return dict.fromkeys(people.parts_of(question), m.EMPTY)
    return ({"division": m.PLACE} if question.down_to or question.here else {}) | {"detail": m.EMPTY}


def _wrong_parts(question: Question, verdict: Verdict, *, partial: bool) -> Iterator[tuple[str, Wrong]]:
    asked = _asked(question)
    begun = any(part.wrong or part.value is not None for part in verdict.parts.values())
    for name in verdict.parts or asked:
        part = verdict.parts.get(name, Verdict())
        if part.wrong:
            yield f":{name}", part.wrong
        elif part.value is None and name in asked and not partial and (begun or not question.optional):
            yield f":{name}", Wrong(asked[name])


def _wrong_rows(question: Question, verdict: Verdict, value: object, *, partial: bool) -> Iterator[tuple[str, Wrong]]:
    rows = value if isinstance(value, list) else []
    needed = 0 if question.optional and not rows else question.min_rows
    if len(rows) < needed and not partial:
        yield "", Wrong(m.ROWS_FEW, min=needed, count=len(rows))
    for n, shown in enumerate(rows):
        row = verdict.parts[str(n)]
        if row.wrong:
            yield f":{n}", row.wrong
            continue
        for column in (c for c in question.questions if c.id in shown):
            for place, wrong in wrongs(column, row.parts[column.id], shown[column.id], partial=partial):
                yield f":{n}:{column.id}{place}", wrong


def doubts(question: Question, value: object) -> Iterator[tuple[str, str]]:
    """Warnings that refuse nothing, by the place inside the answer."""
    if question.kind is Kind.GROUP and isinstance(value, list):
        for n, row in enumerate(value):
            for column in question.questions:
                yield from ((f":{n}:{column.id}{place}", text) for place, text in doubts(column, row.get(column.id)))
    elif text := numbers.doubts(question, value):
        yield "", text

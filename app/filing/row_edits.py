"""The buttons of a form page that change it and come back to it without script: a row more or less, the next level, sign again.

`name="edit-rows" value="add:co.holders"`, `"remove:co.holders:2"`, `"open:co.holders:2"`, `"deeper:co.address"`,
`"redo:co.signature"`: the page is saved, changed, and shown again where the change is.
"""

from typing import Any, NamedTuple

from app.forms.definition import Kind, Page, Question


class RowEdit(NamedTuple):
    """What a button asks for: of which question, of which row where it names one."""

    verb: str
    question: Question
    row: int | None


def asked(text: str, page: Page) -> RowEdit | None:
    """What was asked for; None when it is nothing that this page knows."""
    verb, _, name = text.partition(":")
    question_id, _, row = name.partition(":")
    question = next((q for q in page.questions if q.id == question_id), None)
    if question is None or verb not in VERBS or not (row == "" or (row.isdecimal() and len(row) < 5)):
        return None
    return RowEdit(verb, question, int(row) if row else None)


VERBS = {"add", "remove", "open", "deeper", "redo"}


def applied(edit: RowEdit, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of the page after it."""
    name, changed = edit.question.id, dict(answers)
    rows = changed.get(name)
    if edit.verb == "remove" and edit.row is not None and isinstance(rows, list) and edit.row < len(rows):
        left = [*rows[: edit.row], *rows[edit.row + 1 :]]
        changed = {**changed, name: left} if left else {k: v for k, v in changed.items() if k != name}
    if edit.verb == "redo":
        changed.pop(name, None)
    return changed


def back_to(edit: RowEdit, answers: dict[str, Any]) -> tuple[str, str]:
    """(what the page shall open, the id of the element to go to)."""
    name, rows = edit.question.id, answers.get(edit.question.id)
    at = "f-" + name.replace(".", "-")
    if edit.verb == "add":
        return name, f"{at}-{len(rows) if isinstance(rows, list) else 0}"
    if edit.verb == "open" and edit.row is not None:
        return f"{name}:{edit.row}", f"{at}-{edit.row}"
    if edit.verb == "deeper" and edit.question.kind is Kind.ADDRESS:
        return "", f"{at}-division"
    return "", at

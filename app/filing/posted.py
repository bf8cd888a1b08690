"""A form page as a browser sends it, read into answers; what cannot be read stays as it was typed, to be shown again."""

from typing import Any

from starlette.datastructures import FormData

from app.forms.definition import Kind, Page, Question

FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


def _number(text: str) -> float | str:
    try:
        value = float(text.translate(FULL_WIDTH).replace(",", ""))
    except ValueError:
        return text
    return value if value == value and abs(value) != float("inf") else text


def _value(question: Question, values: list[str]) -> Any:
    texts = [v.replace("\r\n", "\n").strip() for v in values]
    if question.kind is Kind.SEVERAL:
        return [t for t in texts if t]
    text = texts[-1] if texts else ""
    if question.kind in (Kind.YES_NO, Kind.DECLARATION) and text in ("true", "false"):
        return text == "true"
    return _number(text) if question.kind is Kind.NUMBER and text else text


def answers_of(page: Page, form: FormData) -> dict[str, Any]:
    """The page's answers by question; an empty field is no answer."""
    found = {q.id: _value(q, [v for v in form.getlist(q.id) if isinstance(v, str)]) for q in page.questions}
    return {name: value for name, value in found.items() if value not in ("", [])}

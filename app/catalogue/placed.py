"""Where things stand in a definition: its questions and the columns of its groups by path, and what is found wrong at one."""

from collections.abc import Iterator
from typing import NamedTuple

from app.forms.definition import Question

from .definition import Service

Path = tuple[str | int, ...]


class Broken(NamedTuple):
    """A rule that does not hold, at a path in the definition."""

    path: Path
    message: str


class Placed(NamedTuple):
    """A question and where it stands."""

    path: Path
    question: Question


def asked(service: Service) -> list[Placed]:
    """Every question in order, without the columns of groups."""
    return [
        Placed(("form", "pages", p, "questions", q), question)
        for p, page in enumerate(service.form.pages)
        for q, question in enumerate(page.questions)
    ]


def columns(placed: Placed) -> list[Placed]:
    """The columns of a group."""
    return [Placed((*placed.path, "questions", c), column) for c, column in enumerate(placed.question.questions)]


def everything(service: Service) -> Iterator[Placed]:
    """Every question, each group followed by its columns."""
    for placed in asked(service):
        yield placed
        yield from columns(placed)

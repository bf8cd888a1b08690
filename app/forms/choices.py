"""What is picked rather than written: yes or no, one option, several, a declaration that is ticked."""

from . import mistakes as m
from .definition import Question
from .mistakes import Wrong
from .verdicts import At


def yes_no(question: Question, value: object, at: At) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(m.YES_OR_NO)
    return value


def declaration(question: Question, value: object, at: At) -> bool:
    """True; false only where it may be left out."""
    if value is not True and not (question.optional and value is False):
        raise Wrong(m.TICK)
    return bool(value)


def choice(question: Question, value: object, at: At) -> str:
    """The value of one option."""
    if not isinstance(value, str) or value not in {"", *(o.value for o in question.options)}:
        raise Wrong(m.OPTION)
    return value


def several(question: Question, value: object, at: At) -> list[str]:
    """The values of some options, each once, in the definition's order."""
    known = [o.value for o in question.options]
    if not isinstance(value, list) or not all(isinstance(v, str) and v in known for v in value):
        raise Wrong(m.OPTION)
    return [v for v in known if v in value]

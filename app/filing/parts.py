"""The parts of a question that is answered in several fields: a person's name and number, an address's detail."""

from functools import cache

from app.forms import people
from app.forms.definition import Kind, Question, Text

DETAIL = Text(zh="详细地址", en="Street and number")
DETAIL_HINT = Text(zh="路名、小区、门牌号；村里写到几组几号", en="Road, estate, door; in a village the group and number")


@cache
def parts_of(question: Question) -> tuple[Question, ...]:
    """The fields of a person, in order."""
    return tuple(people.PARTS[name][0] for name in people.parts_of(question))


@cache
def detail_of(question: Question) -> Question:
    """The line of an address below its places, as long as the question allows."""
    return Question(
        id="detail", kind=Kind.TEXT, label=DETAIL, hint=DETAIL_HINT, min_length=question.min_length,
        max_length=question.max_length, optional=question.optional,
    )  # fmt: skip

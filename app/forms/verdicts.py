"""What a check comes to: the normalised value, what is wrong, and the same for each part of an answer that has parts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from .definition import Question
from .mistakes import Wrong

Value = str | bool | float | list[Any] | dict[str, Any]


class At(NamedTuple):
    """When and where something is filed: the day in China, and the division code that counts as local."""

    on: date
    district: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`value`: what passed, None when there is no answer. `parts`: those of a person, an address, a group's rows and cells."""

    value: Value | None = None
    wrong: Wrong | None = None
    parts: Mapping[str, "Verdict"] = field(default_factory=dict)

    def flaws(self) -> Iterator[Wrong]:
        """Everything that is wrong, in the whole and in its parts, whether it is shown or not."""
        if self.wrong:
            yield self.wrong
        for part in self.parts.values():
            yield from part.flaws()


Check = Callable[[Question, object, At], Value]


def judged(check: Check, question: Question, value: object, at: At) -> Verdict:
    """The verdict of a check that has no parts; an empty value is no answer."""
    if value is None:
        return Verdict()
    try:
        found = check(question, value, at)
    except Wrong as error:
        return Verdict(wrong=error)
    return Verdict(None if found in ("", []) else found)


def whole(parts: Mapping[str, Verdict]) -> Verdict:
    """The verdict of an answer that consists of these parts; without any of them there is no answer."""
    value = {name: part.value for name, part in parts.items() if part.value is not None}
    return Verdict(value or None, None, parts)

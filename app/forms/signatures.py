"""A signature: drawn with bounded strokes in a square of 1000, or a typed name."""

from . import mistakes as m
from . import texts
from .definition import Question
from .mistakes import Wrong
from .people import PARTS
from .verdicts import At, Verdict, judged

MOST_POINTS, EDGE = 4000, 1000
#: The shortest way of the pen that can be a name: a fifth of the field's width.
LEAST_INK = 200


def _points(strokes: object) -> list[list[int]]:
    if not isinstance(strokes, list) or not all(isinstance(s, list) and s and len(s) % 2 == 0 for s in strokes):
        raise Wrong(m.SHAPE)
    if sum(map(len, strokes)) > 2 * MOST_POINTS:
        raise Wrong(m.SIGN_LESS)
    numbers = [n for stroke in strokes for n in stroke]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n <= EDGE and n == int(n) for n in numbers):
        raise Wrong(m.SHAPE)
    return [[int(n) for n in stroke] for stroke in strokes]


def _ink(stroke: list[int]) -> int:
    return sum(abs(a - b) for a, b in zip(stroke, stroke[2:], strict=False))


def _drawn(question: Question, value: object, at: At) -> dict[str, object]:
    strokes = _points(value)
    if strokes and sum(map(_ink, strokes)) < LEAST_INK:
        raise Wrong(m.SIGN_MORE)
    return {"way": "drawn", "strokes": strokes} if strokes else {}


def signature(question: Question, value: object, at: At) -> Verdict:
    """{"way": "drawn", "strokes"} or {"way": "typed", "name"}; an empty field or name is no signature."""
    if value is None or value == "":
        return Verdict()
    if not isinstance(value, dict):
        return Verdict(wrong=Wrong(m.SHAPE))
    if value.get("way") == "drawn":
        found = judged(_drawn, question, value.get("strokes"), at)
        return found if found.value else Verdict(wrong=found.wrong)
    if value.get("way") != "typed":
        return Verdict(wrong=Wrong(m.SHAPE))
    name = judged(texts.name, PARTS["name"][0], value.get("name"), at)
    return Verdict({"way": "typed", "name": name.value} if name.value else None, None, {"name": name})

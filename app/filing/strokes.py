"""A drawn signature as a picture: inline SVG out of its strokes, with attributes only (the policy allows no style)."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

EDGE = 30


def _path(stroke: Sequence[int]) -> str:
    points = list(zip(stroke[::2], stroke[1::2], strict=False))
    start = "M{} {}".format(*points[0])
    return start + ("".join("L{} {}".format(*p) for p in points[1:]) or "h.1")


def picture(strokes: Sequence[Any], words: str) -> Markup:
    """The signature, as large as its lines need; `words` stand for it where it is not seen."""
    drawn = [s for s in strokes if isinstance(s, (list, tuple)) and len(s) >= 2 and all(type(n) is int for n in s)]
    if not drawn:
        return Markup.escape(words)
    xs, ys = [x for s in drawn for x in s[::2]], [y for s in drawn for y in s[1::2]]
    left, upper = min(xs) - EDGE, min(ys) - EDGE
    width, height = max(xs) - left + EDGE, max(ys) - upper + EDGE
    shown = round(72 * width / height) if height else 72
    return Markup(
        '<svg viewBox="{} {} {} {}" width="{}" height="72" role="img" aria-label="{}" fill="none" stroke="currentColor" '
        'stroke-width="9" stroke-linecap="round" stroke-linejoin="round"><path d="{}"></path></svg>'
    ).format(left, upper, width, height, min(shown, 280), words, "".join(_path(s) for s in drawn))

"""Words: Chinese msgids, English from locale/en/*.po (one file per room), read once at start."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from babel.messages.pofile import read_po

LANGS = ("zh", "en")
LOCALE = Path(__file__).parents[1] / "locale"


class Pair(Protocol):
    """A text in both languages, as the catalogue has it."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@cache
def english() -> dict[str, str]:
    """All English texts by their Chinese msgid."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / "en").glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return texts


def gettext(text: str, lang: str) -> str:
    """A text in the language asked for; an untranslated one stays Chinese rather than vanish."""
    return english().get(text, text) if lang == "en" else text


def said(params: Mapping[str, object], lang: str) -> dict[str, object]:
    """The values of a text: one that is a text of ours itself is translated too, of a bilingual one a side is picked."""
    return {name: _side(value, lang) for name, value in params.items()}


def _side(value: object, lang: str) -> object:
    if isinstance(value, str):
        return gettext(value, lang)
    return getattr(value, lang) if hasattr(value, "zh") and hasattr(value, "en") else value


def pick(pair: Pair, lang: str) -> str:
    """One side of a bilingual text."""
    return pair.en if lang == "en" else pair.zh


def choose(cookie: str | None, accept: str) -> str:
    """The reader's language: their choice, else the browser's first, else Chinese."""
    if cookie in LANGS:
        return str(cookie)
    return "en" if accept.strip().lower().startswith("en") else "zh"

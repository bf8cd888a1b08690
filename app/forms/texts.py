"""What is written in words: texts and names, without emoji and without what cannot be seen."""

import re
import unicodedata

from . import mistakes as m
from .definition import Kind, Question
from .mistakes import Wrong
from .verdicts import At

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LETTERS = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
HAN_NAME = re.compile(rf"[{HAN}]+(·[{HAN}]+)*")
LETTER_NAME = re.compile(rf"[{LETTERS}]+([ .'-]{{1,2}}[{LETTERS}]+)*\.?")
DOTS = str.maketrans("•・‧∙．", "·····")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\ufe0f\u20e3]")
UNSEEN = {"Cc", "Cf", "Cs", "Co"}
SPACED = (Kind.TEXT, Kind.ADDRESS)  # typed in several lines, kept in one


def line(question: Question, value: object) -> str:
    """One line of text within the question's lengths; raises Wrong."""
    if not isinstance(value, str):
        raise Wrong(m.SHAPE)
    if question.kind in SPACED:
        value = re.sub(r"[\r\n\t]+", " ", value)
    if EMOJI.search(value):
        raise Wrong(m.EMOJI)
    if not value.isprintable() and any(unicodedata.category(c) in UNSEEN or c in "\u2028\u2029" for c in value):
        raise Wrong(m.CONTROL)
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > question.max_length:
        raise Wrong(m.TOO_LONG, max=question.max_length, count=len(text))
    if text and len(text) < question.min_length:
        raise Wrong(m.TOO_SHORT, min=question.min_length, count=len(text))
    return text


def compact(question: Question, value: object, drop: str = r"[\s-]") -> str:
    """Digits as people type them: full width, in groups, with dashes."""
    return re.sub(drop, "", unicodedata.normalize("NFKC", line(question, value)))


def text(question: Question, value: object, at: At) -> str:
    """A line of text."""
    return line(question, value)


def name(question: Question, value: object, at: At) -> str:
    """A person's name as on the document: 汉字 with ·, or letters."""
    found = re.sub(r"\s+", " ", line(question, value).translate(DOTS))
    if found and not HAN_NAME.fullmatch(found) and (question.han_only or not LETTER_NAME.fullmatch(found)):
        raise Wrong(m.NAME_HAN if question.han_only else m.NAME_SIGNS)
    if found and len(found) < max(2, question.min_length):
        raise Wrong(m.TOO_SHORT, min=max(2, question.min_length), count=len(found))
    return found

"""What single fields of the administrators' forms must look like; each check gives a text to mend it, or None."""

import re

from app.core.errors import N_

PHONE = re.compile(r"\+?[0-9][0-9 \-]{2,18}[0-9]")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LATIN = re.compile(r"[\x20-\x7e‘’“”–—…×·]+")
HAN = re.compile(r"[一-鿿㐀-䶿〇]")


def phone(text: str) -> str | None:
    """A number that can be called: digits, spaces and dashes."""
    return None if PHONE.fullmatch(text) else N_("电话只写数字和短横，像 0512-65390000 或 12345。")


def clock(text: str) -> str | None:
    """A time of day, HH:MM."""
    return None if CLOCK.fullmatch(text) else N_("时间写成 09:00 这样。")


def english(text: str) -> str | None:
    """Words in Latin letters, so that the English pages stay English."""
    return None if LATIN.fullmatch(text) else N_("英文用拉丁字母写。")


def chinese(text: str) -> str | None:
    """Words with at least one Chinese character."""
    return None if HAN.search(text) else N_("中文名要写汉字。")

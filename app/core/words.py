"""How dates, times, numbers and names read on screen (screens.md §7)."""

from datetime import datetime, timedelta

from .clock import local, utcnow

WEEKDAYS_ZH = "一二三四五六日"


class Words:
    """Formatters in Chinese and English; dates are said as people say them, the year only when it differs."""

    @staticmethod
    def date(moment: datetime, lang: str, now: datetime | None = None) -> str:
        """3月18日, or 18 March; with the year when it is not this one."""
        day, today = local(moment).date(), local(now or utcnow()).date()
        if lang == "en":
            return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")
        return (f"{day.year}年" if day.year != today.year else "") + f"{day.month}月{day.day}日"

    @classmethod
    def day(cls, moment: datetime, lang: str, now: datetime | None = None, before: str = "") -> str:
        """今天, 昨天, 3月12日; `before` stands before a date only: on 12 March, but today."""
        today = local(now or utcnow()).date()
        near = {today: ("今天", "today"), today - timedelta(days=1): ("昨天", "yesterday")}.get(local(moment).date())
        return near[lang == "en"] if near else before + cls.date(moment, lang, now)

    @classmethod
    def moment(cls, moment: datetime, lang: str, now: datetime | None = None) -> str:
        """今天 10:24, 昨天 10:24, 3月12日 09:20."""
        return f"{cls.day(moment, lang, now)} {local(moment):%H:%M}"

    @classmethod
    def until(cls, moment: datetime, lang: str, now: datetime | None = None) -> str:
        """3月18日 17:00 前, or by 18 March 17:00."""
        when = f"{cls.date(moment, lang, now)} {local(moment):%H:%M}"
        return f"by {when}" if lang == "en" else f"{when} 前"

    @staticmethod
    def fours(number: str) -> str:
        """A case number in groups of four."""
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))

    @staticmethod
    def mask(value: str) -> str:
        """A name or number as lists show it: 王*, 阿****, 138****6021, 3205**********1234."""
        if not value.isascii() or not any(sign.isdigit() for sign in value):
            return value[:1] + "*" * (len(value) - 1)
        if len(value) < 8:
            return "*" * len(value[:-2]) + value[-2:]
        keep = 3 if len(value) < 15 else 4
        return value[:keep] + "*" * (len(value) - keep - 4) + value[-4:]


WORDS = Words()

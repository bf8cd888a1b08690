"""What the head says, by the town's clock and the official calendar."""

from datetime import datetime

import pytest

from app.core.clock import SHANGHAI
from app.home import greeting


def at(text: str) -> datetime:
    """A moment in town."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("hour", "said"), [
    ("04:59", "夜深了"), ("05:00", "上午好"), ("10:59", "上午好"), ("11:00", "中午好"), ("13:00", "下午好"),
    ("17:59", "下午好"), ("18:00", "晚上好"), ("23:59", "晚上好"),
])  # fmt: skip
def test_the_time_of_day(hour: str, said: str) -> None:
    assert greeting.hello(at(f"2026-11-25T{hour}")) == said


def test_the_day_of_the_week() -> None:
    assert [greeting.weekday(at(f"2026-11-{day}T00:10")) for day in (23, 29)] == ["周一", "周日"]


@pytest.mark.parametrize(("moment", "said"), [
    ("2026-11-25T08:59", "部门 9:00 上班"), ("2026-11-25T09:00", "部门上班到 17:00"), ("2026-11-25T17:00", "部门已经下班"),
    ("2026-11-28T10:00", "部门今天休息"), ("2026-10-01T10:00", "部门今天休息"), ("2026-10-10T10:00", "部门上班到 17:00"),
])  # fmt: skip
def test_whether_offices_are_open(moment: str, said: str) -> None:
    told = greeting.hours(at(moment))
    assert told.text % {"at": told.at} == said

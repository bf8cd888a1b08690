"""Dates, numbers and names as people read them."""

from datetime import UTC, datetime

import pytest

from app.core.words import WORDS

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 10:00 in town


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("王兰", "王*"),
        ("王晓兰", "王**"),
        ("欧阳晓兰", "欧***"),
        ("阿卜杜拉·买买提", "阿*******"),
        ("John Smith", "J*********"),
        ("13800006021", "138****6021"),
        ("320507199403180243", "3205**********0243"),
        ("32050719940318024X", "3205**********024X"),
        ("12345", "***45"),
        ("1", "1"),
        ("王", "王"),
        ("", ""),
    ],
)
def test_masking_keeps_what_its_owner_recognises(value: str, shown: str) -> None:
    assert WORDS.mask(value) == shown


@pytest.mark.parametrize("length", range(1, 19))
def test_a_masked_number_never_shows_more_than_eight_digits(length: int) -> None:
    shown = WORDS.mask("123456789012345678"[:length])
    assert len(shown) == length
    assert sum(sign != "*" for sign in shown) <= min(8, max(2, length - 1))


def test_the_year_is_said_only_when_it_is_another() -> None:
    assert WORDS.date(datetime(2026, 3, 18, tzinfo=UTC), "zh", NOW) == "3月18日"
    assert WORDS.date(datetime(2025, 3, 18, tzinfo=UTC), "zh", NOW) == "2025年3月18日"
    assert WORDS.date(datetime(2025, 3, 18, tzinfo=UTC), "en", NOW) == "18 March 2025"


def test_the_day_is_the_towns_day() -> None:
    assert WORDS.moment(datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "zh", NOW) == "今天 01:30"
    assert WORDS.moment(datetime(2026, 11, 24, 15, 30, tzinfo=UTC), "zh", NOW) == "昨天 23:30"
    assert WORDS.moment(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "en", NOW) == "23 November 23:30"


def test_a_near_day_is_said_without_a_date_and_a_date_may_have_a_word_before_it() -> None:
    assert WORDS.day(datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "zh", NOW) == "今天"
    assert WORDS.day(datetime(2026, 11, 24, 15, 30, tzinfo=UTC), "en", NOW, before="on ") == "yesterday"
    assert WORDS.day(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "en", NOW, before="on ") == "on 23 November"


def test_a_due_moment_is_said_with_its_hour() -> None:
    due = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert WORDS.until(due, "zh", NOW) == "12月1日 17:00 前"
    assert WORDS.until(due, "en", NOW) == "by 1 December 17:00"


def test_case_numbers_are_shown_in_fours() -> None:
    assert WORDS.fours("261125000018") == "2611 2500 0018"

"""What messages say: read strictly, each mistake with its line; nothing on a locked screen or in an SMS names anybody."""

import re
from datetime import UTC, datetime
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.catalogue import editions
from app.cli import app
from app.core.town import town
from app.messages import kinds, texts
from app.messages.text_rules import PUSH_MOST, SIGNED, sides
from app.sandbox.sms import TEMPLATES

ALL = kinds.texts().kinds
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
PARAMS: dict[str, Any] = {
    "service": "newborn", "item": "psb.birth_reg", "department": "psb", "because": ["health.birth_cert"], "n": 1,
    "due": "2026-12-03T09:00:00+00:00", "reply_by": "2026-12-10T09:00:00+00:00", "channel": "sms", "alert": "channel_failing",
}  # fmt: skip


def test_the_texts_of_a_release_hold() -> None:
    assert kinds.check() == []
    done = CliRunner().invoke(app, ["texts", "check"])
    assert (done.exit_code, done.output) == (0, "Every message has its text.\n")


def test_the_file_is_read_once() -> None:
    assert kinds.texts() is kinds.texts()
    assert kinds.kind("case_filed") is kinds.kind("case_filed")


def test_a_kind_that_a_newer_release_wrote_still_says_something_true() -> None:
    said = texts.say("hearing_called", PARAMS, "zh", NOW)
    assert (said.title, said.act) == ("有新进展", "看进度")
    assert texts.push_text("hearing_called", "en") == "Your case has moved on. Tap to see."
    assert not kinds.kind("hearing_called").matters


@pytest.mark.parametrize("name", ALL)
def test_no_service_item_or_department_is_named_on_a_locked_screen_or_in_an_sms(name: str) -> None:
    services = [edition.service for edition in editions.all_current()]
    names = [service.title for service in services] + [item.short for service in services for item in service.items]
    names += [department.short for department in editions.departments().values()]
    kind = kinds.kind(name)
    outside = [kind.push, *([kinds.texts().sms_templates[kind.sms]] if kind.sms else [])]
    said = " ".join(side.lower() for text in outside for _, side in sides(text))
    words = {pair.zh for pair in names} | {pair.en.lower() for pair in names}
    # a department named 银行 or "Bank" counts as a word of its own, not as part of another one
    assert [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said)] == []


def test_a_locked_screen_does_not_tell_a_yes_from_a_no() -> None:
    assert len({texts.push_text(kind, "zh") for kind in ("item_approved", "item_denied", "item_not_accepted")}) == 1
    assert kinds.kind("item_denied").sms == kinds.kind("item_not_accepted").sms


@pytest.mark.parametrize("name", ALL)
def test_a_push_is_short(name: str) -> None:
    for lang, words in sides(kinds.kind(name).push):
        assert len(words) <= PUSH_MOST[lang]


def test_an_sms_says_number_and_day_and_each_language_its_own() -> None:
    template, values = texts.sms("correction_asked", PARAMS, "261125000018", "zh", NOW)
    assert values == {"number": "2611 2500 0018", "day": "12月10日 17:00 前", "hotline": town().hotline}
    assert texts.sms_text(template, values, "zh").startswith(
        "【邻办】您的办件 2611 2500 0018 要补一项，请在12月10日 17:00 前补上。"
    )
    template, values = texts.sms("correction_asked", PARAMS, "261125000018", "en", NOW)
    assert "please reply by 10 December 17:00." in texts.sms_text(template, values, "en")
    assert set(texts.sms("item_finished", PARAMS, "261125000018", "zh", NOW)[1]) == {"number", "hotline"}
    assert texts.sms("item_started", PARAMS, "261125000018", "zh", NOW) == ("", {})


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_an_sms_counts_as_the_networks_count_it(length: int, parts: int) -> None:
    assert texts.sms_parts("字" * length) == parts


def test_the_sandbox_has_the_very_templates() -> None:
    ours = {name: {"zh": text.zh, "en": text.en} for name, text in kinds.texts().sms_templates.items()}
    assert {name: {lang: t.template for lang, t in both.items()} for name, both in TEMPLATES.items()} == ours


@pytest.mark.parametrize(("n", "zh", "en"), [(1, "新到 1 件，请受理", "1 item"), (3, "新到 3 件，请受理", "3 items")])
def test_numbers_agree_with_their_nouns(n: int, zh: str, en: str) -> None:
    assert texts.say("staff_item_new", PARAMS | {"n": n}, "zh", NOW).title == zh
    assert texts.say("staff_item_new", PARAMS | {"n": n}, "en", NOW).title.endswith(f": {en}")


def test_several_items_are_told_by_the_most_urgent_one() -> None:
    assert texts.say("staff_due_soon", PARAMS, "zh", NOW).title == "快到期：落户（出生登记）"
    assert texts.say("staff_due_soon", PARAMS | {"n": 3}, "zh", NOW).title == "快到期：落户（出生登记）等 3 件"
    assert texts.say("staff_due_soon", PARAMS | {"n": 3}, "en", NOW).title.endswith("and 2 more")


@pytest.mark.parametrize("alert", kinds.texts().alerts)
def test_an_alert_is_said_in_words(alert: str) -> None:
    for lang in ("zh", "en"):
        said = texts.say("staff_alert", {"alert": alert, "channel": "sms", "n": 7}, lang, NOW)
        assert alert not in said.title
        assert "%" not in said.title + said.line


_CODES = st.text(max_size=12) | st.sampled_from(["newborn", "psb.birth_reg", "psb", "sms", "push", "channel_failing"])
_DAYS = st.dates(NOW.date(), NOW.date().replace(year=2090)).map(lambda day: f"{day}T09:00:00+00:00")
_PARAMS = st.fixed_dictionaries({}, optional={
    **dict.fromkeys(("service", "item", "department", "channel", "alert"), _CODES),
    **dict.fromkeys(("due", "reply_by"), _DAYS), "because": st.lists(_CODES, max_size=3),
    **dict.fromkeys(("n", "review", "fresh", "waiting", "soon", "over", "finished"), st.integers(0, 10_000)),
})  # fmt: skip


@given(st.sampled_from([*ALL, "unheard-of"]), _PARAMS, st.sampled_from(["zh", "en"]))
def test_whatever_a_message_bears_it_can_be_said(name: str, params: dict[str, Any], lang: str) -> None:
    said = texts.say(name, params, lang, NOW)
    assert said.title
    assert said.act
    template, values = texts.sms(name, params, "261125000018", lang, NOW)
    if template:
        assert "$" not in Template(texts.sms_text(template, values, lang)).template.replace("$$", "")
        assert texts.sms_text(template, values, lang).startswith(SIGNED[lang].strip())

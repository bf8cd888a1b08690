"""Contrasts are recomputed from the sheet: text at least 4.5, in 长辈版 6.5, borders of controls 3 (screens.md §4.1, §10)."""

import pytest

from tests.look.palette import THEMES, block, contrast

GROUNDS = ("surface", "paper")
INKS = ("ink", "ink2", "ink3", "lake", "seal", "amber", "bamboo")
TINTED = ("lake", "seal", "amber", "bamboo")
PAIRS = (
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((colour, f"{colour}-tint") for colour in TINTED),
    *((ink, f"{colour}-tint") for ink in ("ink", "ink2") for colour in TINTED),
    ("ink", "sunken"), ("ink2", "sunken"), ("ink3", "sunken"), ("ink2", "track"),
    ("on-lake", "lake"), ("on-lake", "lake-press"), ("on-seal", "seal"), ("on-deep", "lake-deep"), ("on-deep2", "lake-deep"),
    ("on-brand", "brand"), ("code-ink", "code-paper"), ("surface", "bamboo"), ("paper", "ink"),
)  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read_on_every_ground_they_stand_on(theme: str) -> None:
    colours = THEMES[theme]
    weak = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in PAIRS if contrast(colours[a], colours[b]) < 4.5}
    assert weak == {}


def test_elderly_readers_get_more() -> None:
    weak = {
        (theme, ink, ground): round(contrast(THEMES[theme][ink], THEMES[theme][ground]), 2)
        for theme in ("care", "dark care") for ink in INKS for ground in GROUNDS
        if contrast(THEMES[theme][ink], THEMES[theme][ground]) < 6.0 + 0.5 * (theme == "care")
    }  # fmt: skip
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_controls_and_bars_stand_out(theme: str) -> None:
    colours = THEMES[theme]
    for ground in GROUNDS:
        assert contrast(colours["edge"], colours[ground]) >= 3
    for used in (*TINTED, "lake"):
        assert contrast(colours[used], colours["track"]) >= 3


def test_who_follows_the_device_gets_the_same_dark() -> None:
    chosen, followed = block(":root[data-theme=dark]"), block(":root:not([data-theme=light])")
    assert " ".join(chosen.split()) == " ".join(followed.split())

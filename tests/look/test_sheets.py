"""Sheets: within budget, values only in tokens, nothing the floor (Chrome 93, Safari 15.4) cannot read, icons that exist."""

import gzip
import re

import pytest

from app.core import static
from app.core.web import TEMPLATES
from tests.look.palette import CSS, sheet

SHEETS = sorted(path.name for path in CSS.glob("*.css"))
PARTS = [name for name in SHEETS if name not in ("tokens.css", "app.css")]


def packed(name: str) -> int:
    """Bytes of a sheet as it travels."""
    return len(gzip.compress(static.files()[name], 9, mtime=0))


def test_the_phone_loads_at_most_9_kilobytes_of_style() -> None:
    assert packed("css/app.css") <= 9_000


def test_all_style_together_is_at_most_12_kilobytes() -> None:
    assert packed("css/app.css") + packed("css/desk.css") <= 12_000


def test_every_sheet_is_served_within_one_of_the_two() -> None:
    assert set(re.findall(r'@import "([\w.]+)"', (CSS / "app.css").read_text())) == set(SHEETS) - {"app.css", "desk.css"}


@pytest.mark.parametrize("name", PARTS)
def test_colours_are_written_only_in_the_tokens(name: str) -> None:
    found = re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)|:\s*(?:white|black|red)\b", sheet(name))
    assert found == []


@pytest.mark.parametrize("name", PARTS)
def test_text_sizes_and_families_are_written_only_in_the_tokens(name: str) -> None:
    sizes = [s for s in re.findall(r"font-size:([^;}]+)", sheet(name)) if not s.startswith(("var(--", "inherit"))]
    families = [s for s in re.findall(r"font-family:([^;}]+)", sheet(name)) if not s.startswith(("var(--", "inherit"))]
    assert (sizes, families) == ([], [])


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_newer_than_our_floor_is_used(name: str) -> None:
    text = sheet(name)
    assert not re.search(r":has\(|light-dark\(|color-mix\(|@layer|@container|!important|\boklch\(", text)
    assert not re.search(r"\{[^{}@]*&", text), "nesting"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = static.files()["icons/sprite.svg"].decode()
    there = set(re.findall(r'id="([\w-]+)"', sprite))
    asked = set()
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"""icon\(["']([\w-]+)["']""", path.read_text()):
            asked.add(name if name.startswith("g-") else f"i-{name}")
    assert asked - there == set()


def test_the_services_icons_are_in_the_sprite() -> None:
    from app.catalogue import editions

    sprite = static.files()["icons/sprite.svg"].decode()
    assert [e.service.icon for e in editions.all_current() if f'id="i-{e.service.icon}"' not in sprite] == []

"""The sheet's tokens as values: which colours hold in light, dark and 长辈版, and how far two of them are apart (WCAG 2.2)."""

import re
from pathlib import Path

CSS = Path(__file__).parents[2] / "app/static/css"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\s*[;}]")


def sheet(name: str) -> str:
    """A sheet without its comments."""
    return COMMENT.sub("", (CSS / name).read_text())


def block(selector: str) -> str:
    """The declarations of the first rule with exactly this selector."""
    found = re.search(rf"(?:^|[}}{{])\s*{re.escape(selector)}\s*\{{(.*?)\}}", sheet("tokens.css"), re.S)
    assert found, f"no rule {selector}"
    return found[1]


def colours(*selectors: str) -> dict[str, str]:
    """Colour tokens after these rules, later ones winning."""
    return {name: value for selector in selectors for name, value in COLOUR.findall(block(selector) + ";")}


LIGHT = colours(":root")
DARK = colours(":root", ":root[data-theme=dark]")
CARE = colours(":root", "[data-mode=care]")
DARK_CARE = colours(":root", "[data-mode=care]", ":root[data-theme=dark]")
THEMES = {"light": LIGHT, "dark": DARK, "care": CARE, "dark care": DARK_CARE}


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)

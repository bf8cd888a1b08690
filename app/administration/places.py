"""The places of the installation's district as choices, each within the administrator's own jurisdiction."""

from app.accounts.officers import Officer
from app.core.i18n import Pair
from app.core.settings import settings
from app.forms.definition import Text
from app.territory import divisions


def _indented(code: str, name: Pair, top: str) -> tuple[str, Text]:
    depth = {9: 1, 12: 2}.get(len(code), 0) if len(top) == 6 else len(code) > len(top)
    return code, Text(zh="　" * depth + name.zh, en="\u2003" * depth + name.en)


def _below(code: str) -> list[divisions.DivisionLine]:
    return [found for child in divisions.children(code) for found in (child, *_below(child.code))]


def options(officer: Officer, *, villages: bool = True) -> list[tuple[str, Text]]:
    """The officer's jurisdiction and all that is open within it, in order, each level set in a little more."""
    top = officer.jurisdiction if len(officer.jurisdiction) > len(settings().division) else settings().division
    own = divisions.line(top)
    found = [own] if own else []
    found += [each for each in _below(top) if villages or len(each.code) == 9]
    return [_indented(each.code, each.name, top) for each in found]

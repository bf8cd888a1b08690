"""One form of an administrator's screen: its fields, what was typed, what is to mend, what somebody else saved meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated
from unicodedata import normalize

from fastapi import Depends, Request

from app.core.errors import N_
from app.core.i18n import Pair, gettext, pick
from app.forms.mistakes import CONTROL

MISSING, TOO_LONG, UNKNOWN = N_("这一格要填。"), N_("最多 %(most)s 个字。"), N_("请从里面选一个。")
Check = Callable[[str], str | None]


@dataclass(frozen=True)
class Line:
    """A field. `kind` is one of components/fields.html (text, phone, long) or pick; `check` gives a mistake or None."""

    name: str
    label: str
    most: int = 60
    optional: bool = False
    kind: str = "text"
    hint: str = ""
    options: Sequence[tuple[str, str | Pair]] = ()
    check: Check | None = None
    fixed: bool = False

    def said(self, lang: str) -> list[tuple[str, str]]:
        """The options in words."""
        return [(key, gettext(text, lang) if isinstance(text, str) else pick(text, lang)) for key, text in self.options]

    def shown(self, value: str, lang: str) -> str:
        """A value in words."""
        return dict(self.said(lang)).get(value, value)


@dataclass
class Sheet:
    """`version` is what the page showed; `stored` what the database has by now, when that is something else."""

    lines: Sequence[Line]
    values: dict[str, str]
    version: str = ""
    mistakes: dict[str, tuple[str, dict[str, object]]] = field(default_factory=dict)
    stored: Mapping[str, str] | None = None

    def mistake(self, name: str, text: str, **params: object) -> None:
        """Say what is to mend at a field; the first word stands."""
        self.mistakes.setdefault(name, (text, params))

    def other(self, name: str) -> str | None:
        """What somebody else saved in this field, when it differs from what was typed."""
        if self.stored is None or self.stored.get(name, "") == self.values.get(name, ""):
            return None
        return self.stored.get(name, "")

    def after(self, stored: Mapping[str, str], version: str) -> "Sheet":
        """The same typing beside what is stored now; saving it again is a choice."""
        return replace(self, stored=stored, version=version)


def clean(text: str) -> str:
    """A line as it is kept: one form of each character, single spaces, none around."""
    return " ".join(normalize("NFC", text).split())


def read(lines: Sequence[Line], posted: Mapping[str, str]) -> Sheet:
    """What was typed, cleaned and checked."""
    sheet = Sheet(lines, {line.name: clean(posted.get(line.name, "")) for line in lines}, posted.get("version", ""))
    for line in lines:
        _check(sheet, line, sheet.values[line.name])
    return sheet


def _check(sheet: Sheet, line: Line, value: str) -> None:
    if not value:
        if not line.optional:
            sheet.mistake(line.name, MISSING)
    elif line.options:
        if value not in {str(key) for key, _ in line.options}:
            sheet.mistake(line.name, UNKNOWN)
    elif not value.isprintable():  # nothing unseen, as signs that turn the direction of what follows
        sheet.mistake(line.name, CONTROL)
    elif len(value) > line.most:
        sheet.mistake(line.name, TOO_LONG, most=line.most)
    elif line.check and (found := line.check(value)):
        sheet.mistake(line.name, found)


async def _posted(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=60)
    return {name: value for name, value in form.items() if isinstance(value, str)}


Posted = Annotated[dict[str, str], Depends(_posted)]

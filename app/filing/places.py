"""The picker of places: which levels a question shows, what each offers, and whether what was picked exists."""

from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from app.core.errors import N_
from app.core.i18n import Pair, pick
from app.core.settings import settings
from app.forms.definition import Kind, Level, Question
from app.forms.mistakes import Mistake
from app.territory import divisions

DEPTH = {level: n for n, level in enumerate(Level)}
#: What each level is called beside its list.
NAMES = {
    Level.PROVINCE: N_("省份"), Level.CITY: N_("城市"), Level.COUNTY: N_("区县"), Level.TOWN: N_("镇、街道"),
    Level.VILLAGE: N_("村、社区"),
}  # fmt: skip


@dataclass(frozen=True)
class Offers:
    """What can be picked within a place: the options of one list, rendered once per language."""

    places: tuple[divisions.DivisionLine, ...]
    html: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What this level is called (a msgid); empty when there is nothing to pick."""
        return NAMES[self.places[0].level] if self.places else ""

    def options(self, lang: str) -> str:
        """The options of a select, none of them selected."""
        if lang not in self.html:
            option = Markup('<option value="{}">{}</option>')
            self.html[lang] = "".join(option.format(one.code, pick(one.name, lang)) for one in self.places)
        return self.html[lang]


@dataclass(frozen=True)
class LevelView:
    """One list of the picker, the n-th: what it offers and what is picked; without offers it is not shown."""

    n: int
    offers: Offers
    picked: str

    @property
    def name(self) -> str:
        """What this level is called (a msgid)."""
        return self.offers.name

    def options(self, lang: str) -> Markup:
        """Its options, the picked one selected."""
        chosen = f'<option value="{self.picked}">'
        html = self.offers.options(lang)
        return Markup(html.replace(chosen, f"{chosen[:-1]} selected>") if self.picked else html)  # noqa: S704 - our own options


@dataclass(frozen=True)
class PlacesView:
    """The picker. `folded` lists stand under the name of what they picked, closed when that is settled; `open` are picked now.

    `start`: where the picker stands by itself. `inside`: the name of the district that it keeps to, if it does.
    """

    folded: tuple[LevelView, ...]
    open: tuple[LevelView, ...]
    start: tuple[str, ...]
    inside: Pair | None = None

    @property
    def closed(self) -> bool:
        """Whether everything above is picked."""
        return all(level.picked or not level.offers.places for level in self.folded)

    @property
    def next(self) -> int:
        """The number of the list to go to."""
        shown = [level for level in (*self.folded, *self.open) if level.offers.places]
        waiting = [level.n for level in shown if not level.picked]
        return waiting[0] if waiting else shown[-1].n if shown else 0

    @property
    def names(self) -> dict[Level, str]:
        """What the levels are called (msgids), for lists that scripts fill."""
        return NAMES


def wanted(question: Question) -> Level:
    """How deep a place must be named, where it is known that deep."""
    return question.down_to or Level.COUNTY


def depth(question: Question) -> Level:
    """How deep the picker goes: an address always down to the village."""
    return Level.VILLAGE if question.kind is Kind.ADDRESS else wanted(question)


def start(question: Question) -> tuple[str, ...]:
    """Where the picker stands before anybody moves it: in the installation's own district, above the level to be picked."""
    deep = DEPTH[depth(question)]
    own = divisions.chain(settings().division)
    return tuple(code for code in own if (level := divisions.level(code)) and DEPTH[level] < deep)


class _Kept(NamedTuple):
    """Lists that were made out of one state of the register; another state, other lists."""

    of: divisions.Administered
    lists: dict[tuple[str, int], Offers]


_NOTHING = Offers(())
_kept = _Kept(divisions.Administered({}, {}), {})


def _offers(parent: str, deep: int) -> Offers:
    """What lies within a place, down to a level."""
    global _kept
    if not parent:
        return _NOTHING
    now, kept = divisions.administered(), _kept
    if kept.of is not now:
        kept = _kept = _Kept(now, {})
    if (parent, deep) not in kept.lists:
        kept.lists[parent, deep] = Offers(tuple(one for one in divisions.children(parent) if DEPTH[one.level] <= deep))
    return kept.lists[parent, deep]


def view(question: Question, code: str) -> PlacesView:
    """The picker with a place picked; an empty or unknown code shows where it starts."""
    begin, chain = start(question), divisions.chain(code)
    picked = chain if chain and (not question.here or settings().division in chain) else begin
    deep = DEPTH[depth(question)]
    lists, parent = [], divisions.COUNTRY
    for n in range(deep + 1):
        offers = _offers(parent, deep)
        parent = next((one.code for one in offers.places if one.code in picked), "")
        lists.append(LevelView(n, offers, parent))
    above, below = tuple(lists[: len(begin)]), tuple(lists[len(begin) :])
    own = divisions.line(settings().division) if question.here else None
    return PlacesView((), below, begin, own.name) if own else PlacesView(above, below, begin)


NOWHERE = N_("没有找到这个地方，请重新选一遍。")


def mistake(name: str, code: str) -> Mistake | None:
    """Whether a code that has the right form names no place at all; `name` is its field."""
    return None if divisions.exists(code) else Mistake(name, NOWHERE)

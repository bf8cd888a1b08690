"""What texts.yaml is made of: groups, tones, kinds, all texts. Frozen, strict, in memory for the life of the process."""

from enum import StrEnum

from app.forms.definition import Strict, Text


class Group(StrEnum):
    """What a person chooses by; of `turn` and `result` the law demands notice (行政许可法 art. 32, 38, 44): never all muted."""

    TURN = "turn"
    RESULT = "result"
    PROGRESS = "progress"
    STAFF_TURN = "staff_turn"
    STAFF_LIGHT = "staff_light"
    STAFF_DIGEST = "staff_digest"

    @property
    def staff(self) -> bool:
        """Whether staff are told, at the desk."""
        return self.value.startswith("staff_")


class Tone(StrEnum):
    """The colour of a message's gate; none is lake. Vermilion (`seal`) is for the reader's turn and what is overdue alone."""

    LAKE = ""
    SEAL = "seal"
    AMBER = "amber"
    OK = "ok"
    MUTE = "mute"


class Kind(Strict):
    """One kind: `matters` lets an SMS follow, `urgent` breaks quiet hours; `title` and `line` take its message's names.

    `instead_of`: kinds that need not ring too when this one comes of the same act; the inbox has both.
    """

    group: Group
    icon: str
    tone: Tone = Tone.LAKE
    matters: bool = False
    urgent: bool = False
    title: Text
    line: Text
    act: Text
    push: Text
    sms: str = ""
    instead_of: tuple[str, ...] = ()


class Texts(Strict):
    """The whole file. `unknown` is what a message says whose kind a newer release wrote; `alerts` what %(alert)s says."""

    sms_templates: dict[str, Text]
    alerts: dict[str, Text]
    unknown: Kind
    kinds: dict[str, Kind]

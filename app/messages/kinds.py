"""The kinds of messages and their texts, from texts.yaml: what each says over which channel, and how much it matters."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from app.forms.definition import Text

FILE = Path(__file__).parent / "texts.yaml"


class Group(StrEnum):
    """What a person chooses by; of `turn` and `result` the law demands notice (行政许可法 art. 32, 38, 44): never all muted."""

    TURN = "turn"
    RESULT = "result"
    PROGRESS = "progress"
    STAFF_TURN = "staff_turn"
    STAFF_LIGHT = "staff_light"
    STAFF_DIGEST = "staff_digest"


class Kind(BaseModel):
    """One kind: `matters` lets an SMS follow, `urgent` breaks quiet hours; `title` and `line` take its message's names."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    group: Group
    icon: str
    tone: str = ""
    matters: bool = False
    urgent: bool = False
    title: Text
    line: Text
    act: Text
    push: Text
    sms: str = ""


class Texts(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sms_templates: dict[str, Text]
    alerts: dict[str, Text]
    kinds: dict[str, Kind]


@cache
def texts() -> Texts:
    """All texts, read once."""
    return Texts.model_validate(yaml.safe_load(FILE.read_text()))


UNKNOWN = Kind(
    group=Group.PROGRESS, icon="lanes", title=Text(zh="有新进展：%(service)s", en="News: %(service)s"),
    line=Text(zh="点开看详情。", en="Open it for details."), act=Text(zh="看进度", en="See how it goes"),
    push=Text(zh="您的办件有新进展，点开看。", en="Your case has moved on. Tap to see."),
)  # fmt: skip


def kind(name: str) -> Kind:
    """A kind by its name; one that a newer release wrote still says something true."""
    return texts().kinds.get(name, UNKNOWN)

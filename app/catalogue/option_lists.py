"""The bank's lists of options (bank.yaml), for what is shown without being a question of a form."""

from functools import cache

from pydantic import TypeAdapter

from app.forms.definition import Option

from .loader import BANK, DEFINITIONS
from .yaml_marks import Map, read

_OPTIONS = TypeAdapter(tuple[Option, ...])


@cache
def _lists() -> Map:
    return Map(read(DEFINITIONS / BANK)["options"])


@cache
def option_list(name: str) -> tuple[Option, ...]:
    """A named list of options of the bank; raises KeyError."""
    return _OPTIONS.validate_python(_lists()[name])

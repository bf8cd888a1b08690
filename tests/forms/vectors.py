"""The vectors that Python and JavaScript share (tests/vectors): one truth for both."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "vectors"


def read(name: str) -> dict[str, Any]:
    """A vector file."""
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def moment(vectors: dict[str, Any]) -> datetime:
    """The `now` of a vector file."""
    return datetime.fromisoformat(vectors["now"])

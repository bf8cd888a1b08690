"""File names as people see them: never part of a path, a header or a blob's name."""

import re
import secrets

from .sniff import EXTENSIONS, Kind

MOST = 120
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")


def safe_filename(name: str) -> str:
    """A sender's file name without folders, control or direction characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = _UNFIT.sub("", last).strip().strip(".")
    return clean[-MOST:] or "file"


def download_name(media_type: str) -> str:
    """A random name with the extension of what the file is, for a download."""
    return f"linban-{secrets.token_hex(4)}.{EXTENSIONS[Kind(media_type)]}"

"""From bytes to a file that we keep: identified by content, bounded, decoded by the press, printed anew."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from .errors import BrokenFile, FileTooLarge, refusal
from .press import CPU_SECONDS, MEMORY, MOST_OUTPUT, MOST_PIXELS
from .sniff import Kind, sniff

MOST_BYTES = 20 * 1024 * 1024
WALL_SECONDS = 40.0
PRESS = Path(__file__).with_name("press.py")
#: Decoders are hungry: two at a time in a process, the others wait.
_places = BoundedSemaphore(2)


class Rendition(NamedTuple):
    """One page as it is shown: a JPEG of at most 2048 px a side, its thumbnail, its size in pixels."""

    width: int
    height: int
    whole: bytes
    thumb: bytes

    @property
    def sha256(self) -> str:
        """The hash of the picture as kept."""
        return hashlib.sha256(self.whole).hexdigest()


@dataclass(frozen=True)
class Checked:
    """A file that passed: its bytes and SHA-256 as received, what it is, and its pages."""

    body: bytes
    sha256: str
    kind: Kind
    pages: tuple[Rendition, ...]


def too_large() -> FileTooLarge:
    """The refusal of a file over the bound, in words."""
    return FileTooLarge(most=MOST_BYTES // 1024 // 1024)


def check(body: bytes, *, memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS, wall_seconds: float = WALL_SECONDS) -> Checked:
    """Check and print one file; raises FileTooLarge, FileRefused and its kin. Takes up to seconds: have no session open."""
    if len(body) > MOST_BYTES:
        raise too_large()
    sniffed = sniff(body)
    if sniffed.width * sniffed.height > MOST_PIXELS:
        raise refusal("file-pixels")
    pages = _pressed(body, sniffed.kind, memory, cpu_seconds, wall_seconds)
    return Checked(body, hashlib.sha256(body).hexdigest(), sniffed.kind, pages)


def _pressed(body: bytes, kind: Kind, memory: int, cpu_seconds: int, wall_seconds: float) -> tuple[Rendition, ...]:
    command = [sys.executable, "-I", str(PRESS), kind.value, str(memory), str(cpu_seconds)]
    with _places:
        try:
            done = subprocess.run(command, input=body, capture_output=True, timeout=wall_seconds, env={}, check=False)  # noqa: S603 - our own script, fixed arguments
        except subprocess.TimeoutExpired:
            raise BrokenFile from None
    if done.returncode > 0:  # the press catches what a file does to it: this is a fault of ours
        raise RuntimeError(f"the press ended with {done.returncode}: {done.stderr[-300:]!r}")
    if done.returncode < 0 or len(done.stdout) > MOST_OUTPUT + 65_536:
        raise BrokenFile
    line, _, rest = done.stdout.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if "refused" in head:
        raise refusal(head["refused"])
    pages, at = [], 0
    for page in head["pages"]:
        whole, thumb = at + page["whole"], at + page["whole"] + page["thumb"]
        pages.append(Rendition(page["width"], page["height"], rest[at:whole], rest[whole:thumb]))
        at = thumb
    return tuple(pages)

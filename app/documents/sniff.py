"""What a file is, by its bytes alone: kind, size in pixels, and whether it is only that. Pure; nothing is decoded here.

Accepted: JPEG, PNG, HEIC, PDF, each whole and with nothing of another kind in it or behind it. Refused as hidden content:
- markup that a browser would run (doctype, html, script, iframe, php) anywhere in a picture, or at either end of a PDF;
- a ZIP directory where unpackers look for one (the last 64 KiB), a PDF header where readers look (the first KiB);
- bytes behind a PNG's IEND, a HEIC's last box or a PDF's %%EOF; behind a JPEG's end anything but what cameras put there:
  padding, further JPEGs (multi-picture, gain map), a motion photo's video, Samsung's trailer.
"""

import re
import struct
from enum import StrEnum
from typing import NamedTuple

from .errors import BrokenFile, HiddenContent, UnknownKind


class Kind(StrEnum):
    """The media types that we accept."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    PDF = "application/pdf"


EXTENSIONS = {Kind.JPEG: "jpg", Kind.PNG: "png", Kind.HEIC: "heic", Kind.PDF: "pdf"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
MARKUP = re.compile(rb"<(?:!doctype|html|script|iframe|\?php)[\s>/]", re.IGNORECASE)
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
ZIP_END = b"PK\x05\x06"
ZIP_REACH = 65_557
#: JPEG markers that carry no length: TEM, RST0-7, SOI.
BARE = {0x01, *range(0xD0, 0xD9)}
#: SOFn: every frame header but DHT, JPG and DAC, which share their range.
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Sniffed(NamedTuple):
    """A file's kind; width and height in pixels where the header gives them (JPEG, PNG), else 0."""

    kind: Kind
    width: int
    height: int


def sniff(body: bytes) -> Sniffed:
    """Name a file by its content; raises UnknownKind, BrokenFile or HiddenContent."""
    kind = _kind(body)
    _nothing_else(body, kind)
    if kind is Kind.JPEG:
        return Sniffed(kind, *_jpeg(body))
    if kind is Kind.PNG:
        return Sniffed(kind, *_png(body))
    if kind is Kind.HEIC:
        _heic(body)
    else:
        _pdf(body)
    return Sniffed(kind, 0, 0)


def _kind(body: bytes) -> Kind:
    if body.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if body.startswith(PNG_MAGIC):
        return Kind.PNG
    if body[4:8] == b"ftyp" and HEIC_BRANDS & _brands(body):
        return Kind.HEIC
    if body.startswith(b"%PDF-"):
        return Kind.PDF
    raise UnknownKind


def _brands(body: bytes) -> set[bytes]:
    end = min(int.from_bytes(body[:4], "big"), len(body), 256)
    return {body[8:12], *(body[i : i + 4] for i in range(16, end - 3, 4))}


def _nothing_else(body: bytes, kind: Kind) -> None:
    tail = body[-ZIP_REACH:]
    ends = [body] if kind is not Kind.PDF else [body[:1024], body[-1024:]]
    if any(MARKUP.search(part) for part in ends) or ZIP_END in tail:
        raise HiddenContent
    if kind is not Kind.PDF and b"%PDF-" in body[:1024]:
        raise HiddenContent


def _jpeg(body: bytes) -> tuple[int, int]:
    """Walk the segments to the end of the image; gives (width, height)."""
    at, size = 2, (0, 0)
    while True:
        marker, at = _marker(body, at)
        if marker == 0xD9:
            break
        if marker in BARE:
            continue
        length = int.from_bytes(body[at : at + 2], "big")
        if length < 2 or at + length > len(body):
            raise BrokenFile
        if marker in FRAMES:
            height, width = struct.unpack(">HH", body[at + 3 : at + 7])
            size = (width, height)
        at += length
        if marker == 0xDA:
            at = _scan_end(body, at)
    if 0 in size:
        raise BrokenFile
    if not _camera_trailer(body[at:]):
        raise HiddenContent
    return size


def _marker(body: bytes, at: int) -> tuple[int, int]:
    while at + 1 < len(body) and body[at] == 0xFF:
        if body[at + 1] != 0xFF:
            return body[at + 1], at + 2
        at += 1
    raise BrokenFile


def _scan_end(body: bytes, at: int) -> int:
    """Where entropy-coded data ends: the next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = body.find(b"\xff", at)
        if at < 0 or at + 1 >= len(body):
            raise BrokenFile
        following = body[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _camera_trailer(rest: bytes) -> bool:
    bare = rest.lstrip(b"\x00\xff")
    return not bare or rest.startswith(b"\xff\xd8\xff") or rest[4:8] == b"ftyp" or rest.endswith(b"SEFT")


def _png(body: bytes) -> tuple[int, int]:
    """Walk the chunks: IHDR first, IEND last, nothing behind it."""
    at, size = len(PNG_MAGIC), (0, 0)
    while True:
        if at + 12 > len(body):
            raise BrokenFile
        length, name = struct.unpack(">I4s", body[at : at + 8])
        if at == len(PNG_MAGIC):
            if name != b"IHDR" or length != 13:
                raise BrokenFile
            size = struct.unpack(">II", body[at + 8 : at + 16])
        at += 12 + length
        if name == b"IEND":
            break
    if at > len(body) or 0 in size:
        raise BrokenFile
    if at < len(body):
        raise HiddenContent
    return size


def _heic(body: bytes) -> None:
    """The boxes tile the file exactly."""
    at = 0
    while at < len(body):
        length, name = struct.unpack(">I4s", body[at : at + 8].ljust(8, b"\0"))
        if length == 1:
            length = int.from_bytes(body[at + 8 : at + 16], "big")
        elif length == 0:
            length = len(body) - at
        if length < 8 or not name.isascii():
            raise HiddenContent if at else BrokenFile
        at += length
    if at != len(body):
        raise BrokenFile


def _pdf(body: bytes) -> None:
    end = body.rfind(b"%%EOF")
    if end < len(body) - 2048 or end < 0:
        raise BrokenFile
    if body[end + 5 :].strip(b"\x00\x1a \t\r\n"):
        raise HiddenContent

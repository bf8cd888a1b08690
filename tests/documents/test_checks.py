"""What is accepted, what is refused and why, and what a file looks like afterwards."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import AppError
from app.documents import checks
from app.documents.checks import check
from app.documents.errors import (
    ActivePdf,
    BrokenFile,
    FileTooLarge,
    HiddenContent,
    LockedPdf,
    TooManyPages,
    TooManyPixels,
    UnknownKind,
)
from app.documents.press import MOST_PAGES
from app.documents.sniff import Kind

from . import files

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def opened(page: checks.Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(page.whole))
    assert image.format == "JPEG"
    return image


def red(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[0] > 180 and pixel[1] < 80


@pytest.mark.parametrize(
    ("body", "kind", "size"),
    [
        (files.jpeg(), Kind.JPEG, (1200, 900)),
        (files.png(), Kind.PNG, (640, 480)),
        (files.heic(), Kind.HEIC, (800, 600)),
        (files.jpeg(progressive=True, quality=95), Kind.JPEG, (1200, 900)),
    ],
)
def test_pictures_are_printed_anew(body: bytes, kind: Kind, size: tuple[int, int]) -> None:
    checked = check(body)
    (page,) = checked.pages
    assert checked.kind is kind
    assert checked.body == body
    assert opened(page).size == (page.width, page.height) == size
    assert page.whole != body
    assert red(opened(page), 20, 20)
    assert max(Image.open(io.BytesIO(page.thumb)).size) <= 320


def test_a_large_picture_becomes_at_most_2048_pixels_a_side() -> None:
    (page,) = check(files.jpeg(5000, 3000)).pages
    assert (page.width, page.height) == (2048, 1229)


def test_orientation_is_applied_and_nothing_of_the_camera_is_left() -> None:
    body = files.jpeg_with_exif(orientation=6)
    (page,) = check(body).pages
    image = opened(page)
    assert files.WORDS in body
    assert image.size == (900, 1200)
    assert red(image, 880, 20)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for part in (page.whole, page.thumb):
        assert files.WORDS not in part
        assert b"Exif" not in part
        assert b"ICC_PROFILE" not in part


def test_what_is_see_through_becomes_white_not_black() -> None:
    (page,) = check(files.transparent_png()).pages
    assert opened(page).getpixel((10, 10)) == (255, 255, 255)


def test_a_pdf_is_previewed_page_by_page() -> None:
    checked = check(files.pdf(3))
    assert checked.kind is Kind.PDF
    assert len(checked.pages) == 3
    assert all(red(opened(page), 30, 30) for page in checked.pages)
    assert max(checked.pages[0].width, checked.pages[0].height) <= 2048


def test_a_pdf_that_opens_at_a_page_is_fine() -> None:
    assert len(check(files.pdf_with(files.opening_at_a_page)).pages) == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        pytest.param(HTML, UnknownKind, id="HTML named .jpg"),
        pytest.param(SVG, UnknownKind, id="SVG"),
        pytest.param(b"GIF89a/*" + b"\0" * 40 + b"*/=alert(1)", UnknownKind, id="GIF that is a script"),
        pytest.param(files.zipped(), UnknownKind, id="ZIP"),
        pytest.param(b"", UnknownKind, id="empty"),
        pytest.param(b"\xff\xd8\xff", BrokenFile, id="only a JPEG's first bytes"),
        pytest.param(files.jpeg()[:9000], BrokenFile, id="truncated JPEG"),
        pytest.param(files.jpeg()[:-2], BrokenFile, id="JPEG without its end"),
        pytest.param(files.png()[:-20], BrokenFile, id="truncated PNG"),
        pytest.param(files.heic()[:-500], BrokenFile, id="truncated HEIC"),
        pytest.param(files.pdf()[:-400], BrokenFile, id="truncated PDF"),
        pytest.param(files.jpeg() + HTML, HiddenContent, id="JPEG and HTML"),
        pytest.param(files.jpeg(comment=HTML), HiddenContent, id="HTML in a JPEG's comment"),
        pytest.param(files.jpeg() + files.zipped(), HiddenContent, id="JPEG and ZIP"),
        pytest.param(files.jpeg() + b"\x7fELF and so on", HiddenContent, id="JPEG and a program"),
        pytest.param(files.png() + files.zipped(), HiddenContent, id="PNG and ZIP"),
        pytest.param(files.png() + b"more", HiddenContent, id="PNG and more"),
        pytest.param(files.pdf() + b"\n" + HTML, HiddenContent, id="PDF and HTML"),
        pytest.param(files.pdf() + files.zipped(), HiddenContent, id="PDF and ZIP"),
        pytest.param(files.jpeg(comment=b"%PDF-1.7"), HiddenContent, id="JPEG and PDF"),
        pytest.param(files.png_claiming(50_000, 50_000), TooManyPixels, id="pixel bomb"),
        pytest.param(files.pdf_with(files.scripted), ActivePdf, id="PDF with a script"),
        pytest.param(files.pdf_with(files.script_in_annotation), ActivePdf, id="PDF with a script in a link"),
        pytest.param(files.pdf_with(files.launching), ActivePdf, id="PDF that starts a program"),
        pytest.param(files.pdf_with(files.with_attachment), ActivePdf, id="PDF with an attachment"),
        pytest.param(files.pdf_with(files.with_xfa), ActivePdf, id="PDF with an XFA form"),
        pytest.param(files.locked(user="secret"), LockedPdf, id="PDF with a password"),
        pytest.param(files.locked(), LockedPdf, id="PDF with restrictions"),
        pytest.param(files.pdf(MOST_PAGES + 1), TooManyPages, id="PDF of too many pages"),
    ],
)
def test_refused(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(AppError) as raised:
        check(body)
    assert type(raised.value) is refusal


def test_more_than_20_mb_is_refused_unread() -> None:
    with pytest.raises(FileTooLarge):
        check(b"\xff" * (checks.MOST_BYTES + 1))


@pytest.mark.parametrize(
    "trailer",
    [b"\0" * 100, files.jpeg(100, 100), b"\0\0\0\x18ftypmp42" + b"\0" * 12, b"\0\0\x01\x0amore of Samsung's SEFT"],
    ids=["padding", "second picture", "motion photo", "Samsung's trailer"],
)
def test_what_cameras_put_behind_a_jpeg_is_accepted(trailer: bytes) -> None:
    assert check(files.jpeg() + trailer).kind is Kind.JPEG


def test_a_bomb_is_refused_from_its_header_without_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PRESS", checks.PRESS.with_name("there_is_no_such_press.py"))
    with pytest.raises(TooManyPixels):
        check(files.png_claiming(50_000, 50_000))


def test_the_press_has_no_memory_to_waste() -> None:
    with pytest.raises(BrokenFile):
        check(files.png(4000, 4000), memory=96 << 20)


def test_the_press_has_no_time_to_waste() -> None:
    started = time.monotonic()
    with pytest.raises(BrokenFile):
        check(files.pdf(20), wall_seconds=0.2)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("work", "ends"),
    [
        ("bytearray(400 << 20)", "MemoryError"),
        ("open('left', 'wb', buffering=0).write(b'x')", "OSError"),
        ("while True: pass", "killed"),
    ],
    ids=["memory", "files", "processor"],
)
def test_the_limits_hold(work: str, ends: str, tmp_path: Path) -> None:
    """The press's own limit() around work that goes too far."""
    script = (
        f"import sys; sys.path.insert(0, {str(checks.PRESS.parent)!r}); import press, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"press.limit(256 << 20, 1)\ntry:\n    {work}\nexcept Exception as error:\n    print(type(error).__name__)\n"
    )
    command = [sys.executable, "-I", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
    assert ends == ("killed" if done.returncode < 0 else done.stdout.strip())


def test_the_press_says_only_that_a_file_does_not_open() -> None:
    command = [sys.executable, "-I", str(checks.PRESS), "image/jpeg", str(1 << 30), "10"]
    done = subprocess.run(command, input=b"\xff\xd8\xff nonsense", capture_output=True, timeout=20, check=True)
    assert json.loads(done.stdout)["refused"] == "file-broken"

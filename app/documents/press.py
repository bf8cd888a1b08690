"""The press: decodes one file in a process of its own, with hard limits, and prints it anew as plain JPEGs.

Run as a script by press_room.py with nothing of ours imported: stdin is the file, argv its kind, stdout one line of JSON
and then the pictures. Whatever the decoders do to it, they do it to a process without keys, files or time.
"""

import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY = 1 << 30
CPU_SECONDS = 25
MOST_PIXELS = 50_000_000
MOST_PAGES = 30
MOST_OUTPUT = 40 << 20
SIDE, THUMB = 2048, 320
QUALITY, THUMB_QUALITY = 85, 72
MOST_OBJECTS = 200_000
MOST_DEPTH = 60
WHITE = (255, 255, 255)
BAD_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
}  # fmt: skip
BAD_KEYS = {"/JS", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent"}
BAD_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"}


class Refused(Exception):
    """The file is not accepted: the stable type of the refusal."""


def limit(memory: int, cpu_seconds: int) -> None:
    """Give up memory, time, files and processes for good, before the first byte is read."""
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(which)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (value, value))


def picture(body: bytes, kind: str) -> Any:
    """Decode a picture upright, in RGB on white, at most SIDE pixels a side."""
    from PIL import Image, ImageOps

    if kind == "image/heic":
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    name = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}[kind]
    image: Any = Image.open(io.BytesIO(body), formats=["JPEG", "MPO"] if name == "JPEG" else [name])
    if image.width * image.height > MOST_PIXELS:
        raise Refused("file-pixels")
    if image.format == "JPEG":
        image.draft(None, (SIDE, SIDE))  # the decoder itself scales down: less memory, less time
    image.load()
    profile = image.info.get("icc_profile")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _in_srgb(_flat(ImageOps.exif_transpose(image)), profile)


def _flat(image: Any) -> Any:
    """RGB on white, whatever the mode was."""
    from PIL import Image

    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Colours as every screen shows them; a profile that does not fit is dropped."""
    if not profile:
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def check_pdf(body: bytes) -> None:
    """Refuse what acts by itself, carries files, is locked or too long; raises Refused."""
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(body))
    except pikepdf.PasswordError:
        raise Refused("file-locked-pdf") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refused("file-locked-pdf")
        if len(pdf.pages) > MOST_PAGES:
            raise Refused("file-pages")
        if not len(pdf.pages):
            raise Refused("file-broken")
        if len(pdf.objects) > MOST_OBJECTS:
            raise Refused("file-broken")
        for thing in pdf.objects:
            _check_object(thing, 0)
        _check_opening(pdf.Root.get("/OpenAction"))
        if "/AA" in pdf.Root:
            raise Refused("file-active-pdf")


def _check_opening(action: Any) -> None:
    """Opening at a page is harmless and common; any other action upon opening is not."""
    import pikepdf

    if isinstance(action, pikepdf.Dictionary) and action.get("/S") != "/GoTo":
        raise Refused("file-active-pdf")


def _check_object(thing: Any, depth: int) -> None:
    import pikepdf

    if depth > MOST_DEPTH:
        raise Refused("file-broken")
    if isinstance(thing, pikepdf.Array):
        inner: Iterable[Any] = thing
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        keys = set(thing.keys())
        if BAD_KEYS & keys or str(thing.get("/Type")) == "/EmbeddedFile":
            raise Refused("file-active-pdf")
        if "/S" in keys and isinstance(thing["/S"], pikepdf.Name) and str(thing["/S"]) in BAD_ACTIONS:
            raise Refused("file-active-pdf")
        if "/Subtype" in keys and str(thing["/Subtype"]) in BAD_ANNOTATIONS:
            raise Refused("file-active-pdf")
        inner = (thing[key] for key in keys)
    else:
        return
    for value in inner:
        if not getattr(value, "is_indirect", False):  # indirect ones come by themselves
            _check_object(value, depth + 1)


def pdf_pages(body: bytes) -> Iterator[Any]:
    """Each page of a PDF as a picture of at most SIDE pixels a side."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    for page in document:
        width, height = page.get_size()
        if min(width, height) < 1:
            raise Refused("file-broken")
        yield page.render(scale=min(SIDE / max(width, height), 3.0), may_draw_forms=False).to_pil().convert("RGB")
        page.close()


def printed(image: Any, side: int, quality: int) -> bytes:
    """A plain JPEG: no EXIF, no profile, no comment."""
    from PIL import Image

    image = image.copy()
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.info.clear()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def press(body: bytes, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """All pages of a file: what to say about them, and per page the picture and its thumbnail."""
    if kind == "application/pdf":
        check_pdf(body)
        images: Iterable[Any] = pdf_pages(body)
    else:
        images = iter([picture(body, kind)])
    pages, blobs = [], []
    for image in images:
        whole, thumb = printed(image, SIDE, QUALITY), printed(image, THUMB, THUMB_QUALITY)
        pages.append({"width": image.width, "height": image.height, "whole": len(whole), "thumb": len(thumb)})
        blobs += [whole, thumb]
        if sum(map(len, blobs)) > MOST_OUTPUT:
            raise Refused("file-broken")
    return {"pages": pages}, blobs


def main(kind: str, memory: int, cpu_seconds: int) -> None:
    """Read the file from stdin, write the pictures to stdout; a refusal is an answer too."""
    limit(memory, cpu_seconds)
    body = sys.stdin.buffer.read()
    blobs: list[bytes] = []
    try:
        head, blobs = press(body, kind)
    except Refused as refusal:
        head = {"refused": str(refusal)}
    except Exception as error:  # decoders raise anything; the caller needs to know that it does not open
        head = {"refused": "file-broken", "why": type(error).__name__}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(blobs))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

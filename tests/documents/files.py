"""Files as people send them, and as attackers do; all made here."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

WORDS = b"secret camera words"


def drawing(width: int = 1200, height: int = 900) -> Image.Image:
    """A picture whose top left corner is red, so that its orientation can be seen."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 3), fill=(230, 10, 10))
    return image


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 1200, height: int = 900, **options: Any) -> bytes:
    return _saved(drawing(width, height), "JPEG", **options)


def noisy_jpeg(side: int = 2600) -> bytes:
    """Some megabytes that do not compress."""
    return _saved(Image.effect_noise((side, side), 90).convert("RGB"), "JPEG", quality=88)


def jpeg_with_exif(orientation: int = 6) -> bytes:
    """Lying on its side, with a place, a maker and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, WORDS.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return _saved(drawing(), "JPEG", exif=exif, comment=WORDS, icc_profile=_profile())


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png(width: int = 640, height: int = 480) -> bytes:
    return _saved(drawing(width, height), "PNG")


def transparent_png() -> bytes:
    return _saved(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), "PNG")


def heic(width: int = 800, height: int = 600) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(drawing(width, height)).save(out, quality=60)
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int) -> bytes:
    """A small real PNG whose header says that it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    images = [drawing(600, 800) for _ in range(pages)]
    return _saved(images[0], "PDF", save_all=True, append_images=images[1:])


def pdf_with(change: Any, **options: Any) -> bytes:
    """A PDF after `change(pdf)`."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(1))) as opened:
        change(opened)
        opened.save(out, **options)
    return out.getvalue()


def scripted(opened: pikepdf.Pdf) -> None:
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def script_in_annotation(opened: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    opened.pages[0].Annots = pikepdf.Array([note])


def launching(opened: pikepdf.Pdf) -> None:
    opened.Root.OpenAction = opened.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))


def with_attachment(opened: pikepdf.Pdf) -> None:
    opened.attachments["hello.exe"] = pikepdf.AttachedFileSpec(opened, b"MZ")


def with_xfa(opened: pikepdf.Pdf) -> None:
    opened.Root.AcroForm = pikepdf.Dictionary(XFA=opened.make_stream(b"<xdp/>"))


def opening_at_a_page(opened: pikepdf.Pdf) -> None:
    opened.Root.OpenAction = pikepdf.Array([opened.pages[0].obj, pikepdf.Name.Fit])


def locked(**options: Any) -> bytes:
    return pdf_with(lambda _: None, encryption=pikepdf.Encryption(owner="boss", user=options.get("user", "")))

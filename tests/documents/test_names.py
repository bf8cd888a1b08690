"""File names do no harm."""

import pytest

from app.documents.names import download_name, safe_filename


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("户口簿 首页.jpg", "户口簿 首页.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "file"),
        ("..", "file"),
        ("x" * 500 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert safe_filename(name) == shown


def test_a_download_has_a_random_name_with_the_extension_of_its_content() -> None:
    one, two = download_name("application/pdf"), download_name("application/pdf")
    assert one != two
    assert one.startswith("linban-")
    assert one.endswith(".pdf")

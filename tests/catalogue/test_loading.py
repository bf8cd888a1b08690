"""Reading the files: YAML without its surprises, and quick enough to do at every start."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.catalogue.loader import BANK, DEFINITIONS, DEPARTMENTS, EVENTS, check, load
from app.catalogue.yaml_marks import CatalogueError, read
from tests.catalogue.folder import changed, write

SIXTY = 60


def grown(folder: Path) -> Path:
    """Our own definitions, copied under other ids until there are sixty services."""
    shared = (DEPARTMENTS, BANK, EVENTS)
    own = [path for path in sorted(DEFINITIONS.glob("*.yaml")) if path.name not in shared]
    for name in shared:
        (folder / name).write_text((DEFINITIONS / name).read_text(encoding="utf-8"), encoding="utf-8")
    for n in range(SIXTY):
        path = own[n % len(own)]
        text = path.read_text(encoding="utf-8")
        assert text.count(f"\nid: {path.stem}\n") == 1
        name = path.stem if n < len(own) else f"{path.stem}-{n}"
        (folder / f"{name}.yaml").write_text(text.replace(f"\nid: {path.stem}\n", f"\nid: {name}\n"), encoding="utf-8")
    return folder


def test_sixty_services_load(tmp_path: Path) -> None:
    """How fast is measured by `make bench`."""
    assert len(load(grown(tmp_path)).services) == SIXTY


def test_neither_the_command_line_nor_the_app_reads_the_catalogue_before_it_needs_it() -> None:
    script = (
        "import app.cli, app.main\n"
        "from app.catalogue import editions\n"
        "raise SystemExit(editions._catalogue.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("word", ["No", "yes", "on", "Off", "12:30", "2026-11-25", "1_000", "0x1F", "007", "1e3", ".5", "True"])
def test_a_word_in_a_text_is_what_it_says(tmp_path: Path, word: str) -> None:
    text, _ = changed("en: Everybody", f"en: {word}")
    assert load(write(tmp_path, text)).services["tiny"].eligibility.en == word


@pytest.mark.parametrize("value", ["5", "5.0", "true", "null"])
def test_numbers_and_truth_are_no_texts(tmp_path: Path, value: str) -> None:
    text, line = changed("en: Everybody", f"en: {value}")
    assert check(write(tmp_path, text)) == [f"tiny.yaml:{line}: eligibility.en: input should be a valid string"]


def test_a_part_is_not_used_twice_by_an_alias(tmp_path: Path) -> None:
    text, line = changed("title: {zh: 小事, en: A small matter}", "title: &t {zh: 小事, en: A small matter}")
    text, _ = changed("situation: {zh: 有件小事, en: There is a small matter}", "situation: *t", text)
    assert check(write(tmp_path, text)) == [f"tiny.yaml:{line}: aliases are not allowed: write it out, or use the bank"]


def test_a_file_that_doubles_itself_thirty_times_is_refused(tmp_path: Path) -> None:
    """A reader that wrote it out first would never come to an end."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30))]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogueError):
        read(path)


@pytest.mark.parametrize("text", ["a: " + "[" * 20_000, "- " * 20_000, "a: {b: " * 20_000])
def test_a_file_nested_without_end_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError):
        read(path)

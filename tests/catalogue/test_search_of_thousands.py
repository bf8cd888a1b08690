"""Two thousand services: the right one is found, and the index is no burden at start."""

import subprocess
import sys

import pytest

from app.catalogue.search import search
from app.catalogue.search_index import Index
from app.catalogue.search_text import sounds
from tests.bench import search as bench


@pytest.fixture(scope="module")
def known() -> Index:
    return bench.index(bench.made())


def test_there_are_two_thousand(known: Index) -> None:
    """How fast they are searched is measured by `make bench`."""
    assert len(known.editions) == 2_000


def test_each_is_found_by_its_title_and_its_pinyin(known: Index) -> None:
    for edition in known.editions[::97]:
        title = edition.service.title.zh
        exact = [hit.edition.service.title.zh for hit in search(title, known).hits[:3]]
        typed = "".join(sounds(sign)[0] for sign in title)
        assert exact[0].startswith(title) or title in exact
        assert title in [hit.edition.service.title.zh for hit in search(typed, known).hits[:3]], typed


def test_a_slip_in_a_long_title_still_finds_it(known: Index) -> None:
    for edition in known.editions[5::211]:
        title = edition.service.title.zh
        slipped = title[:2] + "囧" + title[3:]
        assert title in [hit.edition.service.title.zh for hit in search(slipped, known).hits[:5]], slipped


def test_the_command_line_loads_no_dictionary_of_sounds() -> None:
    code = "import app.cli, app.catalogue.search_routes, sys; print([m for m in sys.modules if m.startswith('pypinyin')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Templates keep the strict policy: no inline script or style, nothing unescaped, every page with a title."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates

from app.core.web import TEMPLATES, templates

ALL = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.html"))
PAGES = [
    name
    for name in ALL
    if not Path(name).name.startswith("_") and not name.startswith("components/") and Path(name).name != "base.html"
]
#: What the policy forbids, and htmx's evaluated features.
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an inline sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
    "an evaluated htmx attribute": re.compile(r"hx-on|hx-vals\s*=\s*.js:|\bjs:", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
    "a foreign address": re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.I),
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def source(name: str) -> str:
    """A template without its comments."""
    return COMMENT.sub("", (TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(name: str) -> None:
    templates().get_template(name)


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("name", ALL)
def test_it_holds_nothing_that_the_policy_forbids(name: str, what: str) -> None:
    found = FORBIDDEN[what].search(source(name))
    assert found is None, f"{name} has {what}: {found and found[0]}"


def _chain(name: str) -> list[str]:
    """A template and what it extends, nearest first."""
    tree = templates().parse(source(name))
    parent = tree.find(nodes.Extends)
    if parent is None:
        return [name]
    assert isinstance(parent.template, nodes.Const), f"{name} extends what cannot be known beforehand"
    return [name, *_chain(parent.template.value)]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_extends_the_base_and_has_a_title(name: str) -> None:
    chain = _chain(name)
    assert chain[-1] == "base.html"
    titled = [
        part for part in chain[:-1] for block in templates().parse(source(part)).find_all(nodes.Block) if block.name == "title"
    ]
    if Path(name).name in FRAMES:
        return
    assert titled, f"{name} has no title"


#: Frames between the base and a room's pages: their pages bear the title.
FRAMES = {"desk.html", "frame.html"}


@pytest.mark.parametrize("name", ALL)
def test_whatever_it_includes_exists(name: str) -> None:
    for other in find_referenced_templates(templates().parse(source(name))):
        assert other is None or other in ALL, f"{name} needs {other}"


def test_no_template_is_left_over() -> None:
    named = "".join(p.read_text() for p in (TEMPLATES.parent).rglob("*.py")) + "".join(source(name) for name in ALL)
    assert [name for name in ALL if f'"{name}"' not in named and f"'{name}'" not in named] == []

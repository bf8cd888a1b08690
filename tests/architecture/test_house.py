"""The plan of the house holds: floors, short files, documented settings, definitions and words."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.core.settings import Settings

ROOT = Path(__file__).parents[2]
CODE = [p for top in ("app", "migrations", "tests") for p in (ROOT / top).rglob("*.py")]
SCRIPTS = [p for top in ("app/static/js", "tests/js") for p in (ROOT / top).rglob("*.js")]
SHEETS = list((ROOT / "app/static/css").rglob("*.css"))
TEMPLATES = list((ROOT / "app/templates").rglob("*.html"))


def test_rooms_import_only_from_floors_below_their_own() -> None:
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", [*CODE, *SCRIPTS, *TEMPLATES, *SHEETS], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_500_lines(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= (1000 if path.parent.name == "versions" else 500)  # migrations are written by alembic


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained_in_the_operators_guide(name: str) -> None:
    assert Settings.model_fields[name].description
    assert f"`{name.upper()}`" in (ROOT / "docs/operations.md").read_text()


def test_every_definition_loads() -> None:
    from app.catalogue import loader

    assert loader.check() == []


def test_every_text_has_its_english() -> None:
    from app import texts

    assert texts.findings() == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils.py", "helpers.py", "common.py", "manager.py", "util.py", "misc.py"}
    assert [p for p in CODE if p.name in drawers] == []


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [p for p in CODE if p.read_text().strip() and not p.read_text().startswith('"""')]
    assert silent == []


def test_models_keep_their_annotations_alive() -> None:
    assert [p for p in CODE if p.name == "models.py" and "from __future__ import annotations" in p.read_text()] == []


def test_relationships_are_never_loaded_behind_a_templates_back() -> None:
    from sqlalchemy.orm import configure_mappers
    from sqlmodel import SQLModel

    import app.models  # noqa: F401

    configure_mappers()
    lazy = [str(r) for mapper in SQLModel._sa_registry.mappers for r in mapper.relationships if r.lazy != "raise"]
    assert lazy == []

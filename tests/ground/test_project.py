"""The project's own papers: settings explained, locks without hosts, commands listed."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from app.core.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_explained(name: str) -> None:
    assert f"`{name.upper()}`" in (ROOT / "docs/operations.md").read_text()


def test_no_setting_is_explained_that_does_not_exist() -> None:
    table = (ROOT / "docs/operations.md").read_text().split("## Settings")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([A-Z_]+)`", table, re.M))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("lock", ["requirements.lock", "package-lock.json"])
def test_no_lock_names_a_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def test_the_python_lock_has_a_hash_for_every_package() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert len(blocks) > 50
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_javascript_lock_has_a_hash_for_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_make_help_lists_the_commands() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("run", "test", "test-long", "check", "worker", "migration", "bench", "help"):
        assert f"make {command} " in listed


def test_a_decision_is_written_for_every_library() -> None:
    dependencies = re.findall(
        r'^    "([a-z0-9-]+)', (ROOT / "pyproject.toml").read_text().split("[dependency-groups]")[0], re.M
    )
    written = "\n".join(path.read_text() for path in (ROOT / "docs/decisions").glob("*.md"))
    assert [name for name in dependencies if f"`{name}`" not in written] == []

"""Firefox ESR, headless, driven through tests/e2e/firefox.mjs (puppeteer-core, WebDriver BiDi)."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Seconds until a Firefox that hangs is ended, so that the test fails.
PATIENCE = 180
SCRIPT = Path(__file__).parents[1] / "e2e" / "firefox.mjs"


class Firefox:
    """A running Firefox with one page."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.version = self._answer()["ready"]

    def do(self, name: str, **values: Any) -> dict[str, Any]:
        """One command of the script; an error there is an error here."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": name, **values}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "Firefox ended"
        found: dict[str, Any] = json.loads(line)
        assert "error" not in found, found["error"]
        return found


@contextmanager
def firefox(push_server: str, profile: Path) -> Iterator[Firefox]:
    """A Firefox whose push service is `push_server`."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path, "Firefox is not installed: bash .ci/browser"
    profile.mkdir()
    env = {**os.environ, "FIREFOX": path, "PUSH_SERVER": push_server, "PROFILE": str(profile), "MOZ_HEADLESS": "1"}
    process = subprocess.Popen(["node", SCRIPT], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield Firefox(process)
    finally:
        watchdog.cancel()
        if process.stdin and process.poll() is None:
            process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

"""`make bench`: the figures of a release, as JSON. Ratios are taken in turns within one run: a busy machine cancels out."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.bench import forms, render, rows, search, streams, telling, world
from tests.bench.bytes import first_visit

SECONDS, ROUNDS, CONNECTIONS, SUBMISSIONS = 1.0, 7, 8, 150
GUIDE = "/services/newborn"
AT_LEAST = {
    "guide_over_hello": 0.30, "case_over_hello": 0.05, "submissions_over_raw": 0.05, "pushes_per_second": 1_500,
    "claims_per_second": 3_000,
}  # fmt: skip
AT_MOST = {
    "first_visit_bytes": 45_000, "form_page_ms": 15, "form_page_of_60_questions_ms": 15, "search_p95_ms": 30,
    "search_index_seconds": 1, "catalogue_load_seconds": 1, "form_check_ms": 15, "form_shown_ms": 30,
    "form_proposals_ms": 60, "form_check_1000_rows_ms": 400, "streams_1000_mb": 150,
    "page_p95_beside_streams": 1.5, "event_to_inbox_p95_seconds": 1, "event_to_push_p95_ms": 1_000,
}  # fmt: skip


@contextmanager
def installation() -> Iterator[Path]:
    """A migrated and published database of its own in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="linban-bench-"))
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": "", "SANDBOX_URL": "http://127.0.0.1:9"}
    from app import operations, wiring

    wiring.listen()
    operations.migrate()
    operations.publish()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[int]:
    """The application and hello in one process; gives the port."""
    command = [sys.executable, "-m", "tests.bench.served"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def load(port: int, asks: list[dict[str, Any]], seconds: float, connections: int = CONNECTIONS) -> list[dict[str, Any]]:
    """What the load generator found out."""
    command = [sys.executable, "-m", "tests.bench.load", str(port), str(seconds), str(connections)]
    lines = "\n".join(json.dumps(ask) for ask in asks)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def pages(port: int, made: world.World) -> dict[str, Any]:
    """Requests a second of hello, guide and case page, in turns; the median of each and of their ratios."""
    browser = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html", "Accept-Language": "zh-CN"}
    asks = [
        {"path": "/hello"},
        {"path": GUIDE, "headers": browser},
        {"path": f"/cases/{made.number}", "headers": browser | {"Cookie": f"linban_session={made.cookie}"}},
    ]
    load(port, asks, 0.5)
    turns: list[list[float]] = []
    for _ in range(ROUNDS):
        found = load(port, asks, SECONDS)
        for ask, one in zip(asks, found, strict=True):
            if set(one["status"]) != {"200"}:
                raise RuntimeError(f"{ask['path']} answered {one['status']}")
        turns.append([one["answers"] / one["seconds"] for one in found])
    hello, guide, case = (statistics.median(turn[n] for turn in turns) for n in range(3))
    return {
        "hello_per_second": round(hello), "guide_per_second": round(guide), "case_per_second": round(case),
        "guide_over_hello": round(statistics.median(t[1] / t[0] for t in turns), 3),
        "case_over_hello": round(statistics.median(t[2] / t[0] for t in turns), 3),
    }  # fmt: skip


def submissions(port: int, made: world.World, folder: Path) -> dict[str, Any]:
    """Whole submissions a second over HTTP, against raw sqlite3 writing what one of them wrote."""
    from app.core import db

    with db.writing() as session:
        filings = [world.arrived(session, made.person) for _ in range(2 * SUBMISSIONS + 2)]
    bearer = {"Authorization": f"Bearer {made.bearer}", "Content-Type": "application/json"}
    asks = [filing.ask | {"headers": bearer} for filing in filings]
    file = folder / "linban.db"
    _accepted(load(port, asks[:1], 0))
    before = rows.snapshot(file)
    _accepted(load(port, asks[1:2], 0))
    written = rows.Written(before, rows.snapshot(file))
    ours, raw = [], []
    for half in range(2):
        some = asks[2 + half * SUBMISSIONS : 2 + (half + 1) * SUBMISSIONS]
        ours.append(_accepted(load(port, some, 0)))
        copy = rows.copy_of(file, folder / f"raw{half}.db")
        raw.append(rows.raw_rate(copy, written, SUBMISSIONS))
    return {
        "rows_of_a_submission": written.count(),
        "submissions_per_second": round(statistics.mean(ours)),
        "raw_transactions_per_second": round(statistics.mean(raw)),
        "submissions_over_raw": round(statistics.mean(ours) / statistics.mean(raw), 3),
    }


def _accepted(found: list[dict[str, Any]]) -> float:
    one = found[0]
    if set(one["status"]) != {"201"}:
        raise RuntimeError(f"submissions were answered {one['status']}")
    return float(one["answers"] / one["seconds"])


def main() -> int:
    """Measure and print; 1 when a figure misses what the release promises."""
    with installation() as folder:
        from app.core import db
        from app.core.clock import utcnow
        from app.territory import demo

        with db.writing() as session:
            demo.fill(session, utcnow())
            made = world.build(session)
        with server() as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            visit = first_visit(client, GUIDE)
            figures: dict[str, Any] = {"first_visit_bytes": sum(visit.values()), "first_visit": visit}
            figures |= pages(port, made)
            figures |= render.figures()
            figures |= forms.measure()
            figures |= submissions(port, made, folder)
        figures |= search.measure()
        figures |= streams.figures()
    figures |= telling.measure()
    missed = [name for name, least in AT_LEAST.items() if figures[name] < least]
    missed += [name for name, most in AT_MOST.items() if figures[name] > most]
    figures["missed"] = missed
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What the form engine and the catalogue cost: loading sixty services, and checking the largest form there may be."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.catalogue.loader import load
from app.core.clock import utcnow
from app.forms.answers import check_answers, proposals
from app.forms.conditions import holds, shown
from tests.catalogue.test_loading import SIXTY, grown
from tests.forms import large

TURNS, ROWS, EVALUATIONS = 9, 20, 1000
CONDITION = "has(q9.yes) && (q9.yes || (has(q3.yes) && !q3.yes))"


def _took(work: Callable[[], object], turns: int = TURNS) -> float:
    """Milliseconds of this thread, the median of some turns: what others do on the machine does not count."""
    work()
    times = []
    for _ in range(turns):
        begin = time.thread_time()
        work()
        times.append((time.thread_time() - begin) * 1000)
    return round(statistics.median(times), 2)


def measure() -> dict[str, Any]:
    """Seconds to load sixty services; milliseconds to check, show and fill in the largest form, also with a thousand rows."""
    form, whole, now = large.form(), large.answers(), utcnow()
    answers = {**whole, "rows.all": whole["rows.all"][:ROWS]}
    with tempfile.TemporaryDirectory(prefix="linban-bench-") as folder:
        sixty = grown(Path(folder))
        loading = _took(lambda: load(sixty), 3)
    return {
        "catalogue_services": SIXTY, "catalogue_load_seconds": round(loading / 1000, 3),
        "form_check_ms": _took(lambda: check_answers(form, answers, now)),
        "form_shown_ms": _took(lambda: shown(form, answers, now)),
        "form_proposals_ms": _took(lambda: proposals(form, {}, {}, now)),
        "form_check_1000_rows_ms": _took(lambda: check_answers(form, whole, now)),
        "condition_us": _took(lambda: [holds(CONDITION, answers, now) for _ in range(EVALUATIONS)]),
    }  # fmt: skip

"""What a page of the largest form costs to render: 200 questions on 30 pages, each page whole, and the heaviest of them."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from starlette.requests import Request

from app.catalogue.definition import Edition
from app.catalogue.editions import all_current
from app.core.clock import utcnow
from app.core.web import page_of, render
from app.filing import display, pages
from app.filing.fields import labels
from app.filing.steps import steps
from app.forms.definition import Form, Page, Question
from tests.forms import large

#: Turns for each page; the median counts.
TURNS, MOST_ON_A_PAGE = 15, 60


def _request(path: str) -> Request:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "root_path": ""}
    return Request({**scope, "scheme": "http", "server": ("localhost", 80)})


def _edition(form: Form) -> Edition:
    """The largest form in the place of a service's own."""
    service = all_current()[0].service
    return Edition("0" * 16, service.model_copy(update={"form": form, "materials": ()}))


def page_of_form(edition: Edition, page: Page, answers: dict[str, Any]) -> bytes:
    """One page as its route makes it, without the queries."""
    now, form = utcnow(), edition.service.form
    request = _request(f"/forms/{edition.service.id}/{edition.id}/{page.id}")
    way = steps(edition, answers, now)
    fields = pages.fields(form, page, answers, {}, {}, now, seen=way.seen)
    lang = page_of(request).lang
    context = {
        "edition": edition, "form_page": page, "draft": {"id": "0"}, "number": way.number(page.id), "of": way.count,
        "next_title": way.after(page.id, form.pages), "fields": fields, "mistakes": [], "labels": dict(labels(fields, lang)),
        "mistake_texts": pages.mistake_texts(lang), "say": partial(display.answer, lang=lang),
        "say_row": partial(display.row, lang=lang), "materials": [], "fetched": [], "why": {}, "asks": False,
        "base": pages.base_of(page, answers),
        "ticket": "x", "held": False, "back": "", "previous": way.before(page.id, form.pages), "saved_at": now, "revision": 1,
    }  # fmt: skip
    return bytes(render(request, "filing/form.html", context).body)


def _took(work: Callable[[], object]) -> float:
    """Milliseconds of this thread, the median of some turns: what others do on the machine does not count."""
    work()
    turns = []
    for _ in range(TURNS):
        begin = time.thread_time()
        work()
        turns.append(time.thread_time() - begin)
    return statistics.median(turns) * 1000


def _crowded(form: Form) -> Page:
    """The same questions with as many on one page as fit, every kind among them."""
    plain = [q for page in form.pages for q in page.questions if q.kind != "group"]
    kinds: dict[str, list[Question]] = {}
    for question in plain:
        kinds.setdefault(question.kind, []).append(question)
    turn: Iterator[Question] = (group[n] for n in range(len(plain)) for group in kinds.values() if n < len(group))
    return Page(id="crowd", title=form.pages[0].title, questions=tuple(islice(turn, MOST_ON_A_PAGE)))


def figures() -> dict[str, Any]:
    """Milliseconds of the heaviest of thirty pages, of a page with sixty questions of every kind, and of a thousand rows."""
    form, all_answers = large.form(), large.answers()
    edition = _edition(form)
    grouped = {q.id for q in form.questions().values() if q.kind == "group"}
    answers = {name: value[:20] if name in grouped else value for name, value in all_answers.items()}
    each = {page.id: _took(partial(page_of_form, edition, page, answers)) for page in form.pages}
    rows = next(page for page in form.pages if grouped & {q.id for q in page.questions})
    return {
        "form_page_ms": round(max(each.values()), 2), "form_page_median_ms": round(statistics.median(each.values()), 2),
        "form_page_of_60_questions_ms": round(_took(partial(page_of_form, edition, _crowded(form), answers)), 2),
        "form_page_of_1000_rows_ms": round(_took(partial(page_of_form, edition, rows, all_answers)), 2),
        "form_page_of_1000_rows_bytes": len(page_of_form(edition, rows, all_answers)),
    }  # fmt: skip

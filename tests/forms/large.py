"""The largest form that a definition may ask for: 200 questions on 30 pages, fifty conditions deep, a thousand rows."""

from typing import Any

from app.forms.definition import Form

PAGES, QUESTIONS, DEPTH, ROWS = 30, 200, 50, 1000
LABEL = {"zh": "题", "en": "Question"}
YES = {"kind": "yes_no", "label": LABEL}
OPTIONS = [{"value": f"o{n}", "label": LABEL} for n in range(20)]
KINDS: list[tuple[dict[str, Any], Any]] = [
    ({"kind": "text"}, "渭塘镇珍珠湖路"),
    ({"kind": "name"}, "王晓兰"),
    ({"kind": "id_number"}, "320507199003070029"),
    ({"kind": "phone"}, "13800006021"),
    ({"kind": "date", "earliest_days": -400, "latest_days": 0}, "2026-03-18"),
    ({"kind": "month", "latest_months": 0}, "2026-03"),
    ({"kind": "number", "minimum": 1, "maximum": 9}, 3),
    ({"kind": "money"}, 1200.5),
    ({"kind": "choice", "options": OPTIONS}, "o7"),
    ({"kind": "several", "options": OPTIONS}, ["o1", "o19"]),
    ({"kind": "division", "down_to": "village"}, "320507104203"),
    ({"kind": "bank_card"}, "4111111111111111"),
    ({"kind": "credit_code"}, "91110000600037341L"),
    ({"kind": "address", "down_to": "village"}, {"division": "320507104203", "detail": "12 组 3 号"}),
    ({"kind": "person", "with_phone": True}, {"name": "王晓兰", "id_number": "320507199003070029", "phone": "13800006021"}),
]
COLUMNS = [
    {"id": "kind", "kind": "choice", "label": LABEL, "options": OPTIONS},
    {"id": "name", "kind": "name", "label": LABEL, "shown_if": "row.kind == 'o1'"},
    {"id": "code", "kind": "credit_code", "label": LABEL, "shown_if": "row.kind in ['o2', 'o3'] && q0.yes"},
    {"id": "pays", "kind": "money", "label": LABEL},
    {"id": "since", "kind": "date", "label": LABEL, "optional": True},
]
GROUP = {"id": "rows.all", "kind": "group", "label": LABEL, "row": LABEL, "max_rows": ROWS, "questions": COLUMNS}


def _questions() -> list[tuple[dict[str, Any], Any]]:
    """Fifty questions each shown by the one before, then every kind in turn under conditions over several of them, and rows."""
    found: list[tuple[dict[str, Any], Any]] = [({**YES, "id": "q0.yes"}, True)]
    for n in range(1, DEPTH):
        before = " && ".join(f"has(q{m}.yes) && q{m}.yes" for m in range(max(0, n - 8), n) if m) or "q0.yes"
        found.append(({**YES, "id": f"q{n}.yes", "shown_if": before}, True))
    for n in range(DEPTH, QUESTIONS - 2):
        kind, value = KINDS[n % len(KINDS)]
        condition = f"has(q{n % 40 + 9}.yes) && (q{n % 40 + 9}.yes || (has(q{n % 7 + 1}.yes) && !q{n % 7 + 1}.yes))"
        found.append(({"id": f"p.f{n}", "label": LABEL, "shown_if": condition, **kind}, value))
    total = {"id": "rows.total", "kind": "money", "label": LABEL}
    rows = {**GROUP, "total_of": "pays", "total_equals": "rows.total"}
    return [*found, (total, ROWS * 1.01), (rows, [_row(n) for n in range(ROWS)])]


def _row(n: int) -> dict[str, Any]:
    more = {"name": "王晓兰"} if n % 2 else {"code": "91110000600037341L"}
    return {"kind": "o1" if n % 2 else "o2", "pays": 1.01, "since": "2026-03-18", **more}


def definition() -> dict[str, Any]:
    """The form as data."""
    questions = [question for question, _ in _questions()]
    pages = [
        {"id": f"page{n}", "title": LABEL, "questions": questions[n * QUESTIONS // PAGES : (n + 1) * QUESTIONS // PAGES]}
        for n in range(PAGES)
    ]
    checks = [{"at": "rows.total", "must": "rows.total > 0.0 && rows.all.exists(r, r.kind == 'o2')", "say": LABEL}]
    return {"district": "320507", "pages": pages, "checks": checks}


def form() -> Form:
    """The form."""
    return Form.model_validate(definition())


def answers() -> dict[str, Any]:
    """Right answers to all of it."""
    return {question["id"]: value for question, value in _questions()}

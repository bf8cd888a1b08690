"""Fills in any form as somebody might, by chance but again the same for a seed: what is proposed is mostly taken."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from app.forms.answers import proposals
from app.forms.conditions import visible
from app.forms.definition import Form, Kind, Question
from app.forms.derived import today
from tests.services import id_number

NAMES = ("王晓兰", "沈国平", "李秀英", "顾永昌", "陈安宁")
PLACES = ("320507", "310115", "341203")
CODE = "91350100M000100Y43"  # the example of GB 32100


class Walker:
    """Somebody with a seed, who files on a given day."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.dice = random.Random(seed)  # noqa: S311 no secret
        self.on = today(now)
        self.now = now
        self.known = {
            "profile.name": self.dice.choice(NAMES), "profile.id_number": self.somebody(self.dice.randint(18, 95)),
            "profile.phone": "13800006021", "enterprise.name": "渭塘珠宝有限公司", "enterprise.credit_code": CODE,
        }  # fmt: skip

    def somebody(self, age: int) -> str:
        """The ID number of a person of that age."""
        born = date(self.on.year - age, self.on.month, 1) - timedelta(days=self.dice.randint(1, 300))
        return id_number(born, self.dice.choice(("male", "female")))

    def filled(self, form: Form) -> dict[str, Any]:
        """Answers to every question that they make visible."""
        answers: dict[str, Any] = {}
        for question in form.questions().values():
            if question.id not in visible(form, answers, self.now):
                continue
            proposed = proposals(form, answers, self.known, self.now).get(question.id) if self.dice.random() < 0.8 else None
            if proposed is None and question.optional and self.dice.random() < 0.4:
                continue
            answers[question.id] = proposed.value if proposed else self.answer(question, answers)
        return answers

    def answer(self, question: Question, answers: dict[str, Any]) -> Any:
        """A right answer to one question."""
        if question.kind is Kind.GROUP:
            return self.rows(question, answers)
        return BY_KIND[question.kind](self, question)

    def rows(self, group: Question, answers: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of a group; where their sum must be something, the last one makes it so."""
        count = self.dice.randint(max(1, group.min_rows), max(1, group.min_rows, min(group.max_rows, 3)))
        rows = [{column.id: self.answer(column, {}) for column in group.questions} for _ in range(count)]
        if group.total_of and group.total_equals in answers:
            share = round(float(answers[group.total_equals]) / count, 2)
            for row in rows:
                row[group.total_of] = share
            rows[-1][group.total_of] = round(float(answers[group.total_equals]) - share * (count - 1), 2)
        return rows

    def number(self, question: Question) -> float:
        """A number within its bounds."""
        low = question.minimum if question.minimum is not None else 0.0
        high = min(question.maximum if question.maximum is not None else low + 100, low + 100)
        return float(self.dice.randint(int(low + 0.999), max(int(low + 0.999), int(high))))

    def place(self, question: Question) -> str:
        """A division as deep as is asked."""
        if question.here:
            return "320507104203"
        code = self.dice.choice(PLACES)
        return "320507104203" if code == "320507" and question.down_to else code

    def date(self, question: Question) -> str:
        """A day within its bounds."""
        early = question.earliest_days if question.earliest_days is not None else -400
        late = question.latest_days if question.latest_days is not None else max(early, 60)
        return (self.on + timedelta(days=self.dice.randint(max(early, late - 400), late))).isoformat()

    def month(self, question: Question) -> str:
        """A month within its bounds."""
        early = question.earliest_months if question.earliest_months is not None else -12
        late = question.latest_months if question.latest_months is not None else max(early, 3)
        count = self.on.year * 12 + self.on.month - 1 + self.dice.randint(max(early, late - 12), late)
        return f"{count // 12:04d}-{count % 12 + 1:02d}"

    def several(self, question: Question) -> list[str]:
        """At least one of the options."""
        values = [option.value for option in question.options]
        return self.dice.sample(values, self.dice.randint(1, len(values)))

    def person(self, question: Question) -> dict[str, str]:
        """Somebody named."""
        found = {"name": self.dice.choice(NAMES), "id_number": self.somebody(self.dice.randint(0, 80))}
        return found | ({"phone": "13900006088"} if question.with_phone else {})


BY_KIND: dict[Kind, Callable[[Walker, Question], Any]] = {
    Kind.TEXT: lambda w, q: "渭塘".ljust(q.min_length, "镇")[: q.max_length],
    Kind.NAME: lambda w, q: w.dice.choice(NAMES),
    Kind.ID_NUMBER: lambda w, q: w.somebody(w.dice.randint(0, 80)),
    Kind.PHONE: lambda w, q: "13900006088",
    Kind.DATE: Walker.date,
    Kind.MONTH: Walker.month,
    Kind.NUMBER: Walker.number,
    Kind.MONEY: Walker.number,
    Kind.YES_NO: lambda w, q: w.dice.random() < 0.5,
    Kind.CHOICE: lambda w, q: w.dice.choice(q.options).value,
    Kind.SEVERAL: Walker.several,
    Kind.DIVISION: Walker.place,
    Kind.BANK_CARD: lambda w, q: "6222020000000000000",
    Kind.CREDIT_CODE: lambda w, q: CODE,
    Kind.ADDRESS: lambda w, q: {"division": w.place(q), "detail": "珍珠湖路 18 号"},
    Kind.PERSON: Walker.person,
    Kind.DECLARATION: lambda w, q: True,
    Kind.SIGNATURE: lambda w, q: {"way": "drawn", "strokes": [[10, 10, 200, 200, 400, 100, 600, 500, 800, 300]]},
}

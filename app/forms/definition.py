"""What a form is made of: texts, questions, pages. Frozen, strict, and in memory for the life of the process."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Unknown keys are mistakes; a definition never changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Kind(StrEnum):
    """The kinds of question; each has its check in kinds.py and kinds.js, and its macro in components/fields.html."""

    TEXT = "text"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    MONTH = "month"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    DIVISION = "division"
    BANK_CARD = "bank_card"
    CREDIT_CODE = "credit_code"
    ADDRESS = "address"
    PERSON = "person"
    GROUP = "group"
    DECLARATION = "declaration"
    SIGNATURE = "signature"


class Level(StrEnum):
    """省、市、区县、镇街、村居: how deep a place is named (GB/T 2260, then the statistical codes of towns and villages)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class Option(Strict):
    """One of the answers to choose from; `value` is what is stored."""

    value: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    label: Text


class Question(Strict):
    """题: asked once per filing. `id` is dotted (mother.name); `items` names the items that see the answer, [] means all.

    `prefill` names where a proposal comes from, or several places in order, the first that has a value wins: profile.name,
    profile.id_number, profile.phone, profile.division; enterprise.name, enterprise.credit_code, enterprise.representative;
    <register>.<field> of a register that was asked (catalogue/registers.py); `earlier`, the same question in the person's
    last case; or an earlier question's id. `prefill_if` (CEL) says when. `shown_if` is CEL.
    Dates: `earliest_days` and `latest_days` are bounds in days relative to the filing day (-365 … 0); months likewise in
    months. Lengths in characters. `han_only` (names): no letters. `whole` (numbers): no fraction. `unit` stands behind the
    field. `with_phone` (persons): their phone is asked too. `down_to` (divisions, addresses): the lowest level that must be
    picked where it is known; `here` keeps the choice inside the installation's district.

    Groups: `questions` are the columns of a row (their ids have no dots), `row` names a row, `min_rows` and `max_rows` bound
    their number; a column's `shown_if` may name the row's own columns as `row.kind`. `total_of` names a number or money
    column whose sum over the rows must equal the answer to `total_equals`.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
    kind: Kind
    label: Text
    hint: Text | None = None
    optional: bool = False
    shown_if: str | None = None
    options: tuple[Option, ...] = ()
    min_length: int = Field(1, ge=1)
    max_length: int = Field(200, ge=1, le=5000)
    han_only: bool = False
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None
    earliest_days: int | None = None
    latest_days: int | None = None
    earliest_months: int | None = None
    latest_months: int | None = None
    unit: Text | None = None
    with_phone: bool = False
    down_to: Level | None = None
    here: bool = False
    questions: "tuple[Question, ...]" = ()
    row: Text | None = None
    min_rows: int = Field(1, ge=0)
    max_rows: int = Field(20, ge=1, le=1000)
    total_of: str | None = None
    total_equals: str | None = None
    prefill: str | tuple[str, ...] | None = None
    prefill_if: str | None = None
    items: tuple[str, ...] = ()


class Page(Strict):
    """页: one topic. `materials` are asked for on this page below its questions."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")
    title: Text
    intro: Text | None = None
    questions: tuple[Question, ...] = ()
    materials: tuple[str, ...] = ()


class Check(Strict):
    """A rule across questions: unless `must` (CEL) holds, `say` is told at the question `at`.

    It is asked only when every field that it names has an answer; a missing answer is a mistake of its own.
    """

    at: str
    must: str
    say: Text


class Form(Strict):
    """表单: pages in order; the review page and the receipt are not part of it. `checks` are the rules across questions.

    `district` is the division code that counts as local (applicant.local_hukou); the loader stamps the installation's own.
    """

    pages: tuple[Page, ...] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
    district: str = ""

    def questions(self) -> dict[str, Question]:
        """Every question by its id, in order."""
        return {q.id: q for page in self.pages for q in page.questions}

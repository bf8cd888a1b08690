"""What a service is made of: items, materials, its form; and an edition, which drafts and cases are pinned to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from app.forms.definition import Form, Strict, Text


class ItemKind(StrEnum):
    """行政许可, 行政确认, 行政给付, 公共服务, 备案, 其他权力, 奖励, 公用企业 (facts §0)."""

    LICENCE = "XK"
    CONFIRMATION = "QR"
    BENEFIT = "JF"
    PUBLIC_SERVICE = "GF"
    FILING = "BA"
    OTHER = "QT"
    AWARD = "JL"
    UTILITY = "SC"


class ServiceKind(StrEnum):
    """One item, 一件事, 行业综合许可证, project stage."""

    SINGLE = "single"
    ONE_THING = "one_thing"
    COMBINED = "combined"
    STAGE = "stage"


class Source(StrEnum):
    """Who provides a material: the applicant, a state register (免提交), the system from the answers, a partner."""

    APPLICANT = "applicant"
    STATE = "state"
    SYSTEM = "system"
    PARTNER = "partner"


class Audience(StrEnum):
    """Whom a service is for: a natural person, an enterprise."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class Register(StrEnum):
    """数据共享: the state's registers that are asked instead of the person; their fields are listed in registers.py."""

    POPULATION = "population"
    MARRIAGE = "marriage"
    BIRTH = "birth"
    SOCIAL_SECURITY = "social_security"
    LICENCE = "licence"
    CREDIT = "credit"


class LifeEvent(Strict):
    """人生事件、企业周期: what happens in a life, under which services are found."""

    id: str = Field(pattern=r"^[a-z_]{2,30}$")
    name: Text
    audience: Audience
    icon: str


class Basis(Strict):
    """A legal basis; `verified` is False until the town's office has checked it (facts: mark K)."""

    text: Text
    verified: bool = False


class DepartmentDef(Strict):
    """A department: its full and its short name, and its icon in the sprite."""

    id: str = Field(pattern=r"^[a-z]{2,20}$")
    name: Text
    short: Text
    icon: str = "building"


class Item(Strict):
    """事项. Limits in working days; `legal_days` None means that no statute fixes one.

    `needed_if` is CEL, absent = always; `when` says the same to people.

    `after`: all needed ones must be decided positively first; `after_any`: at least one of the needed ones.
    `visit`: where and why somebody must come in person for it; a service with `visits` says it of at least one item.
    """

    id: str = Field(pattern=r"^[a-z]+\.[a-z0-9_]+$")
    name: Text
    short: Text
    department: str
    kind: ItemKind
    legal_days: int | None = Field(default=None, ge=0)
    promised_days: int = Field(ge=0)
    result: Text | None = None
    after: tuple[str, ...] = ()
    after_any: tuple[str, ...] = ()
    needed_if: str | None = None
    when: Text | None = None
    visit: Text | None = None
    basis: Basis | None = None


class Material(Strict):
    """材料要求. `pages` is how many pictures at least and at most; `page_names` says what each shows.

    `needed_if` absent = always; `exempt_if` (CEL): fetched by the state, nothing to upload. `items` [] means all.
    Only materials of source applicant or partner, needed and not exempt, are uploaded.

    `held_by` (source state): the register that is asked for it, with the person's consent; `licence`: which certificate,
    when that register is the one of licences. Until the register has answered with it, it is uploaded like the others.
    `shows`: which of the register's fields stand for the material and are shown to its departments, none named means all; it
    counts as answered with when the first of them is there (somebody unmarried is in the register, without a certificate).
    `from_item`: an item of the same case that makes it; then nobody is asked and nothing is uploaded.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9-]{1,40}$")
    name: Text
    hint: Text | None = None
    source: Source
    needed_if: str | None = None
    exempt_if: str | None = None
    deferrable: bool = False
    committable: bool = False
    held_by: Register | None = None
    licence: str | None = Field(default=None, pattern=r"^[a-z_]{2,40}$")
    shows: tuple[str, ...] = ()
    from_item: str | None = None
    min_pages: int = Field(1, ge=1)
    max_pages: int = Field(3, ge=1, le=20)
    page_names: tuple[Text, ...] = ()
    items: tuple[str, ...] = ()


class Requirement(Strict):
    """Who may file, as a condition over what is known of a person before the form: `must` (CEL) over applicant.age,
    applicant.sex, applicant.local_hukou, applicant.enterprise (filing for one); otherwise `say` is told on the way to the
    form.
    """

    must: str
    say: Text


class Faq(Strict):
    """A question that people ask, and its answer."""

    question: Text
    answer: Text


class Service(Strict):
    """服务: what a person chooses and files.

    `verified`: the town's office has checked promises, materials and conditions. `revision` is counted up by hand when a
    change of words changes what is meant, since texts alone make no new edition. `steps`: how it goes, for the guide.
    `filers`: who files it, a person for themself, somebody acting for an enterprise, or either; empty means the audience's
    own. `events`: life events (events.yaml) under which it is found. `requirements`: `eligibility` as conditions.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    kind: ServiceKind
    title: Text
    situation: Text
    audience: Audience
    filers: tuple[Audience, ...] = ()
    events: tuple[str, ...] = ()
    lead: str
    visits: int = 0
    fee: Text
    fee_note: Text | None = None
    eligibility: Text
    requirements: tuple[Requirement, ...] = ()
    icon: str
    items: tuple[Item, ...] = Field(min_length=1)
    materials: tuple[Material, ...]
    form: Form
    declaration: Text
    steps: tuple[Text, ...] = ()
    verified: bool = False
    revision: int = Field(1, ge=1)
    faq: tuple[Faq, ...] = ()
    keywords: tuple[str, ...] = ()

    def item(self, item_id: str) -> Item:
        """An item by its id; raises KeyError."""
        return {i.id: i for i in self.items}[item_id]

    def material(self, material_id: str) -> Material:
        """A material by its id; raises KeyError."""
        return {m.id: m for m in self.materials}[material_id]

    def filed_by(self, audience: Audience) -> bool:
        """Whether somebody may file it who acts for themself (person) or for an enterprise."""
        return audience in (self.filers or (self.audience,))

    def seen_by(self, item_ids: set[str]) -> tuple[set[str], set[str]]:
        """(question ids, material ids) that the given items may see: the desk shows a department nothing else."""
        questions = {q.id for q in self.form.questions().values() if not q.items or item_ids & set(q.items)}
        materials = {m.id for m in self.materials if not m.items or item_ids & set(m.items)}
        return questions, materials


@dataclass(frozen=True)
class Edition:
    """版本: a service at one moment, by the hash of its meaning; `closes_at` set when it may no longer be filed after."""

    id: str
    service: Service
    published_at: datetime | None = None
    closes_at: datetime | None = None
    close_reason: Text | None = None

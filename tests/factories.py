"""Plain functions that make what a test needs; they flush, the test commits.

The cast: 王晓兰 (mother), 陈志远 (father), 李建国 (grandfather), known to the sandbox's register; make_person() without a
name invents somebody new each time.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session, select
from stdnum.cn import ric

from app.accounts.models import (
    AgentRole,
    Binding,
    Department,
    Enterprise,
    EnterpriseKind,
    Person,
    Phone,
    Role,
    SessionRow,
    Staff,
)
from app.accounts.second_factor import demo_secret
from app.accounts.tokens import digest, new_token
from app.cases.models import Case
from app.cases.service import Filing, PlannedItem, open_case
from app.core.clock import utcnow
from app.core.crypto import keyring
from app.core.ids import new_id
from app.filing.enquiries import asked_of, purpose
from app.filing.models import Draft, Lookup, Outcome
from app.sandbox.enterprises import FOOD, Listed
from app.sandbox.people import FATHER, GRANDFATHER, MOTHER, Known

DIVISION = "320507"
PASSWORD = "Of-the-tests-2026"
DEPARTMENTS = {"health": "卫健委", "cdc": "接种单位", "psb": "公安局", "msb": "医保局", "hrss": "人社局"}
#: All seven items of P01, as they depend on each other.
NEWBORN = (
    PlannedItem("health.birth_cert", "health", True, (), (), 0, None),
    PlannedItem("cdc.vacc_cert", "cdc", True, ("health.birth_cert",), (), 0, None),
    PlannedItem("psb.birth_reg", "psb", True, ("health.birth_cert",), (), 1, None),
    PlannedItem("msb.resident_enrol", "msb", True, ("psb.birth_reg",), (), 1, None),
    PlannedItem("hrss.sscard_apply", "hrss", True, ("psb.birth_reg",), (), 10, None),
    PlannedItem("msb.maternity_benefit", "msb", True, ("health.birth_cert",), (), 10, 20),
    PlannedItem("health.childcare_subsidy", "health", True, ("psb.birth_reg",), (), 20, None),
)
_numbers = count(1)


def id_number(born: str = "19900101", *, female: bool = False, prefix: str = DIVISION) -> str:
    """A well-formed ID number that no other call gave."""
    body = f"{prefix}{born}{(next(_numbers) * 2 - female) % 1000:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def phone_number() -> str:
    """A mobile number that no other call gave."""
    return f"139{next(_numbers):08d}"


def make_person(session: Session, known: Known | None = None, now: datetime | None = None, **changed: Any) -> Person:
    """A person whose phone is their checked credential; `known` is one of the cast, MOTHER, FATHER or GRANDFATHER."""
    now = now or utcnow()
    known = known or Known("顾晓燕", id_number(female=True), phone_number())
    person = Person(
        name=known.name, id_number=known.id_number, id_number_index=keyring().blind("id_number", known.id_number),
        name_index=keyring().blind("name", known.name), division=DIVISION, created_at=now,
    )  # fmt: skip
    for name, value in changed.items():
        setattr(person, name, value)
    session.add(person)
    session.flush()
    make_phone(session, known.phone, person, now)
    return person


def make_phone(session: Session, number: str | None = None, person: Person | None = None, now: datetime | None = None) -> Phone:
    """A phone that has signed in before; with a person, their credential."""
    now, number = now or utcnow(), number or phone_number()
    phone = Phone(
        number=number, number_index=keyring().blind("phone", number), person_id=person and person.id,
        holder_checked_at=now if person else None, created_at=now,
    )  # fmt: skip
    session.add(phone)
    session.flush()
    return phone


def make_enterprise(
    session: Session, *agents: Person, known: Listed = FOOD, now: datetime | None = None, checked_at: datetime | None = None
) -> Enterprise:
    """An enterprise that these people may act for, the first as its representative; by default 莲桥食品."""
    now = now or utcnow()
    enterprise = Enterprise(
        credit_code=known.credit_code, name=known.name, kind=EnterpriseKind(known.kind),
        representative=known.representative, updated_at=now,
    )  # fmt: skip
    session.add(enterprise)
    session.flush()
    for number, person in enumerate(agents):
        role = AgentRole.AGENT if number else AgentRole.REPRESENTATIVE
        session.add(
            Binding(
                person_id=person.id, enterprise_id=enterprise.id, role=role, bound_at=now, checked_at=checked_at or now
            )
        )  # fmt: skip
    session.flush()
    return enterprise


def make_signed_in(
    session: Session, who: Person | Phone, *, bearer: bool = False, now: datetime | None = None,
    acting: Enterprise | None = None,
) -> str:  # fmt: skip
    """A session's token: for the cookie, or with `bearer` for the API. A Phone is signed in without a person.

    `acting`: the enterprise for which the person acts in it.
    """
    phone = who if isinstance(who, Phone) else session.exec(select(Phone).where(Phone.person_id == who.id)).one()
    now, token = now or utcnow(), new_token()
    session.add(
        SessionRow(
            token_hash=digest(token), phone_id=phone.id, person_id=phone.person_id, device="Android Chrome", bearer=bearer,
            created_at=now, seen_at=now, expires_at=now + timedelta(days=30), acting_for=acting and acting.id,
        )
    )  # fmt: skip
    session.flush()
    return token


@cache
def _hash(password: str) -> str:
    from app.accounts import passwords

    return passwords.hasher.hash(password)


def make_department(session: Session, department_id: str = "msb") -> Department:
    """A department: the catalogue's if it is published, else one with its short name."""
    found = session.get(Department, department_id)
    if found is None:
        name = DEPARTMENTS.get(department_id, department_id)
        found = Department(id=department_id, name_zh=name, name_en=name, short_zh=name, short_en=department_id)
        session.add(found)
        session.flush()
    return found


def make_staff(
    session: Session, username: str = "msb1", department_id: str | None = None, *, role: Role = Role.REVIEWER,
    jurisdiction: str = DIVISION, name: str = "周敏", password: str = PASSWORD, now: datetime | None = None,
    second_factor: bool = True,
) -> Staff:  # fmt: skip
    """A member of staff with a password of their own and the demo's second factor; the department is the user name without its
    digits, unless given.
    """
    department = make_department(session, department_id or username.rstrip("0123456789"))
    staff = Staff(
        username=username, name=name, badge=f"{next(_numbers):06d}", password_hash=_hash(password),
        department_id=department.id, jurisdiction=jurisdiction, role=role, created_at=now or utcnow(),
        password_changed_at=now or utcnow(), totp_secret=demo_secret(username) if second_factor else None,
    )  # fmt: skip
    session.add(staff)
    session.flush()
    return staff


def make_staff_signed_in(session: Session, staff: Staff, *, now: datetime | None = None) -> str:
    """A staff session's token, for the cookie."""
    now, token = now or utcnow(), new_token()
    session.add(
        SessionRow(
            token_hash=digest(token), staff_id=staff.id, device="Windows Chrome", created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=12),
        )
    )  # fmt: skip
    session.flush()
    return token


def current_edition(service_id: str = "newborn") -> str:
    """The id of the edition in force."""
    from app.catalogue import editions

    return editions.current(service_id).id


def make_draft(
    session: Session, person: Person, answers: Mapping[str, Any] | None = None, *, service_id: str = "newborn",
    edition: str | None = None, now: datetime | None = None, enterprise: Enterprise | None = None,
) -> Draft:  # fmt: skip
    """A draft on the server, pinned to the edition in force."""
    now = now or utcnow()
    draft = Draft(
        filer_id=person.id, id=new_id(), service_id=service_id, edition=edition or current_edition(service_id),
        answers=json.dumps(dict(answers or {}), ensure_ascii=False), created_at=now, updated_at=now,
        enterprise_id=enterprise and enterprise.id,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


#: What the registers answer about a mother of the town; `make_looks` cuts it to what a service asks.
ANSWERS: dict[str, dict[str, Any]] = {
    "population": {
        "hukou": DIVISION, "address": {"division": "320507104001", "detail": "珍珠湖路 18 号"}, "nation": "han",
        "head": "陈志远",
    },
    "marriage": {"state": "married", "married": True, "spouse_name": "陈志远", "date": "2021-05-20"},
    "social_security": {
        "employee_insured": True, "medical_kind": "employee", "employer": "渭塘珠宝有限公司", "months": 86,
        "pension_kind": "employee", "pension_paused": False, "hpf_account": True,
    },
    "birth": {"child_name": "沈一鸣", "child_sex": "male", "child_born": "2019-08-14", "certificate": "T320012345"},
    "licence": {"number": "320507-1", "valid_until": "2031-04-12", "name": "王晓兰"},
    "credit": {"barred": False},
}  # fmt: skip


def make_looks(
    session: Session, person_id: UUID, draft_id: UUID, *, service_id: str = "newborn", now: datetime | None = None,
    outcomes: Mapping[str, str] | None = None,
) -> dict[str, Lookup]:  # fmt: skip
    """A look into every register that a service asks, with consent; found unless `outcomes` says otherwise, by register."""
    from app.catalogue import editions

    now, edition, made = now or utcnow(), editions.current(service_id), {}
    for one in asked_of(edition):
        outcome = Outcome((outcomes or {}).get(one.key, "found"))
        held = {name: ANSWERS[one.register][name] for name in one.fields if name in ANSWERS[one.register]}
        found = outcome is Outcome.FOUND
        made[one.key] = Lookup(
            filer_id=person_id, draft_id=draft_id, service_id=service_id, held_by=one.register, licence=one.licence,
            purpose=purpose(edition.service, one), consented_at=None if outcome is Outcome.REFUSED else now, asked_at=now,
            outcome=outcome, as_of=now if found else None, answer=json.dumps(held, ensure_ascii=False) if found else None,
        )  # fmt: skip
        session.add(made[one.key])
    session.flush()
    return made


def make_case(
    session: Session, person: Person, *, items: Sequence[PlannedItem] = NEWBORN, answers: Mapping[str, Any] | None = None,
    service_id: str = "newborn", edition: str | None = None, filer: Person | None = None, division: str = DIVISION,
    now: datetime | None = None, enterprise: Enterprise | None = None,
) -> Case:  # fmt: skip
    """A case as a submission opens it, with events and messages; by default all seven items of P01."""
    for item in items:
        make_department(session, item.department_id)
    filing = Filing(
        draft_id=new_id(), service_id=service_id, edition=edition or current_edition(service_id), applicant_id=person.id,
        filer_id=(filer or person).id, division=division, channel="phone",
        answers=json.dumps(dict(answers or {}), ensure_ascii=False), items=items,
        enterprise_id=enterprise and enterprise.id,
    )  # fmt: skip
    return open_case(session, filing, now or utcnow())


__all__ = [
    "DIVISION", "FATHER", "GRANDFATHER", "MOTHER", "NEWBORN", "PASSWORD", "current_edition", "id_number", "make_case",
    "make_department", "make_draft", "make_enterprise", "make_looks", "make_person", "make_phone", "make_signed_in",
    "make_staff", "make_staff_signed_in", "phone_number",
]  # fmt: skip

"""The real-name check: name and ID number, confirmed by the identity register, make a phone a Person's credential."""

from datetime import date, datetime
from unicodedata import normalize

from sqlmodel import Session, col, select
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from app.core import db
from app.core.crypto import keyring
from app.core.errors import N_, BadInput
from app.core.settings import settings

from .budgets import DAY, spend
from .models import Consent, ConsentKind, Person, Phone, SessionRow

SENSITIVE_VERSION = "2026-11"
CHECKS_PER_DAY = 10


def id_number(text: str, today: date) -> str:
    """An 18-digit ID number out of what was typed (GB 11643); raises BadInput with a remedy."""
    compact = "".join(normalize("NFKC", text).split()).upper()
    if len(compact) < 18:
        raise BadInput(N_("身份证号还差几位，一共 18 位。"))
    if len(compact) > 18:
        raise BadInput(N_("身份证号多了几位，一共 18 位。"))
    # ric.validate also asks whether the division existed in the year of birth; whoever was numbered later may fail that.
    try:
        wrong = not compact[:-1].isdecimal() or not compact.isascii() or len(compact) != 18
        if wrong or compact[-1] != ric.calc_check_digit(compact):
            raise ValidationError
        born = ric.get_birth_date(compact)
    except ValidationError:
        raise BadInput(N_("最后一位和前面对不上。请对着身份证再看一遍。")) from None
    if born > today:
        raise BadInput(N_("身份证号里的出生日期在将来。请对着身份证再看一遍。"))
    return compact


def person_name(text: str) -> str:
    """A name of 2 to 50 characters, without control characters; raises BadInput."""
    name = " ".join(normalize("NFC", text).split())
    if not 2 <= len(name) <= 50 or not name.replace("·", "").replace(" ", "").isalpha():
        raise BadInput(N_("姓名请照身份证上的字填写，2 到 50 个字。"))
    return name


def spend_check(session: Session, phone_id: object, now: datetime) -> None:
    """Count a real-name check: ten a day for a phone, so that the register cannot be guessed against; raises TooMany."""
    spend(session, "real-name", keyring().blind("phone-id", str(phone_id)), CHECKS_PER_DAY, DAY, now)


def bind(session: Session, phone_id: object, name: str, number: str, now: datetime) -> Person:
    """Make the phone a credential of the person with this ID number; the register has confirmed both.

    A phone that belonged to somebody else is cut from them: sessions of the former holder end. A name that changed in the
    register changes here.
    """
    phone = session.exec(select(Phone).where(Phone.id == phone_id).with_for_update()).first()
    if phone is None:
        raise LookupError("no such phone")
    person = _person(session, name, number, now)
    if phone.person_id not in (None, person.id):
        for row in session.exec(
            select(SessionRow).where(SessionRow.phone_id == phone.id, col(SessionRow.person_id) == phone.person_id)
        ):
            session.delete(row)
    phone.person_id, phone.holder_checked_at = person.id, now
    session.add(phone)
    session.add(
        Consent(phone_id=phone.id, person_id=person.id, kind=ConsentKind.SENSITIVE, version=SENSITIVE_VERSION, given_at=now)
    )
    return person


def _person(session: Session, name: str, number: str, now: datetime) -> Person:
    same = select(Person).where(Person.id_number_index == keyring().blind("id_number", number))
    name_index = keyring().blind("name", name)
    person = session.exec(same).first()
    if person is None:
        person = Person(
            name=name, id_number=number, id_number_index=keyring().blind("id_number", number), name_index=name_index,
            division=settings().division, created_at=now,
        )  # fmt: skip
        if not db.added(session, person):
            person = session.exec(same).one()
    if person.name_index != name_index:
        person.name, person.name_index = name, name_index
        session.add(person)
    return person

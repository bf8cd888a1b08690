"""The real-name check makes a phone a Person's credential, and a number that changed hands sees nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.accounts import real_name
from app.accounts import sign_in as rules
from app.accounts.models import Consent, ConsentKind, Person, Phone, SessionRow
from app.core import db
from app.core.clock import utcnow
from app.core.errors import BadInput
from app.sandbox.people import FATHER, GRANDFATHER, MOTHER
from tests.conftest import Visit
from tests.factories import make_person, make_phone, make_signed_in

SignIn = Callable[..., httpx.Response]
NOW = utcnow()


def said(who: object = MOTHER, **changed: str) -> dict[str, str]:
    """What 王晓兰 types into the real-name page."""
    return {"name": who.name, "id_number": who.id_number, "consent": "1", "next": "/cases", **changed}  # type: ignore[attr-defined]


def fault(sandbox: str, kind: str) -> None:
    httpx.post(f"{sandbox}/sandbox/faults", json={"system": "identity", "kind": kind, "times": 20}, trust_env=False)


def people() -> list[str]:
    with db.reading() as session:
        return [p.name for p in session.exec(select(Person))]


def test_name_and_number_make_the_phone_a_persons(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    before = client.cookies["linban_session"]
    answer = client.post("/real-name", data=said())
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert client.cookies["linban_session"] != before
    with db.reading() as session:
        person, phone = session.exec(select(Person)).one(), session.exec(select(Phone)).one()
        assert (person.name, person.id_number, phone.person_id) == (MOTHER.name, MOTHER.id_number, person.id)
        assert session.exec(select(SessionRow)).one().person_id == person.id


def test_the_token_from_before_the_check_is_worth_nothing_afterwards(
    client: httpx.Client, visit: Visit, sign_in: SignIn
) -> None:
    sign_in(client, MOTHER.phone)
    stale = visit(client.cookies["linban_session"])
    client.post("/real-name", data=said())
    assert stale.get("/real-name").headers["location"].startswith("/sign-in")


def test_the_next_sign_in_knows_the_person(client: httpx.Client, visit: Visit, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    client.post("/real-name", data=said())
    assert sign_in(visit(), MOTHER.phone, "/cases").headers["location"] == "/cases"


def test_personal_data_rests_encrypted(client: httpx.Client, sign_in: SignIn, database: Engine) -> None:
    sign_in(client, MOTHER.phone)
    client.post("/real-name", data=said())
    with database.connect() as connection:
        rows = "".join(
            str(tuple(row))
            for table in ("person", "phone", "consent")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        )
    for secret in (MOTHER.name, MOTHER.id_number, MOTHER.phone):
        assert secret not in rows
        assert secret.encode().hex() not in rows


def test_without_consent_nothing_is_asked_and_nothing_kept(client: httpx.Client, sign_in: SignIn, sandbox: str) -> None:
    sign_in(client, MOTHER.phone)
    answer = client.post("/real-name", data=said(consent=""))
    assert answer.status_code == 422
    assert "没有您的同意" in answer.text
    assert MOTHER.name in answer.text
    assert people() == []


def test_consent_to_sensitive_data_is_recorded_apart_with_its_version(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    client.post("/real-name", data=said())
    with db.reading() as session:
        given = {c.kind: c.version for c in session.exec(select(Consent))}
    assert given == {ConsentKind.TERMS: rules.TERMS_VERSION, ConsentKind.SENSITIVE: real_name.SENSITIVE_VERSION}


def test_what_the_register_does_not_have_is_refused_and_kept_on_the_page(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    answer = client.post("/real-name", data=said(name="王小兰"))
    assert answer.status_code == 422
    assert "姓名和身份证号对不上" in answer.text
    assert "王小兰" in answer.text
    assert people() == []


def test_knowing_somebodys_name_and_number_is_not_being_them(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, FATHER.phone)
    answer = client.post("/real-name", data=said(MOTHER))
    assert answer.status_code == 422
    assert "登记在别人名下" in answer.text
    assert people() == []


@pytest.mark.parametrize("kind", ["fail", "lie"])
def test_an_outage_of_the_register_is_said_and_binds_nobody(
    client: httpx.Client, sign_in: SignIn, sandbox: str, kind: str
) -> None:
    sign_in(client, MOTHER.phone)
    fault(sandbox, kind)
    answer = client.post("/real-name", data=said())
    assert answer.status_code == 503
    assert MOTHER.name in answer.text
    assert people() == []


def test_the_register_cannot_be_guessed_against(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    for _ in range(real_name.CHECKS_PER_DAY):
        assert client.post("/real-name", data=said(name="王小兰")).status_code == 422
    assert client.post("/real-name", data=said()).status_code == 429


def test_the_check_needs_a_signed_in_phone(client: httpx.Client) -> None:
    assert client.get("/real-name").headers["location"].startswith("/sign-in?next=")
    assert client.post("/real-name", data=said()).headers["location"].startswith("/sign-in?next=")


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("32050719940318024", "还差几位"), ("3205071994031802433", "多了几位"), ("320507199403180244", "最后一位"),
        ("320507203003180245", "最后一位"), ("320507199413180248", "最后一位"), ("32050719940318024😀", "最后一位"),
        ("", "还差几位"), ("ABCDEFGHIJKLMNOPQR", "最后一位"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_told_how_to_mend_it(typed: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        real_name.id_number(typed, TODAY)
    assert hint in str(refused.value.params["detail"])


def test_a_birth_date_in_the_future_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        real_name.id_number(MOTHER.id_number, date(1994, 3, 17))
    assert "将来" in str(refused.value.params["detail"])


def test_a_number_may_be_typed_in_groups_and_with_a_small_x() -> None:
    from stdnum.cn import ric

    body = next(b for n in range(1, 200) if ric.calc_check_digit((b := f"32050719940318{n:03d}") + "0") == "X")
    assert real_name.id_number(f" {body[:6]} {body[6:14]} {body[14:]}x", TODAY) == body + "X"


@pytest.mark.parametrize("name", ["王", "", "王\x00兰", "王1", "<script>", "😀😀", "王" * 51, "王\u202e兰"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        real_name.person_name(name)


@pytest.mark.parametrize(
    ("typed", "name"), [(" 王晓兰 ", "王晓兰"), ("阿卜杜拉·买买提", "阿卜杜拉·买买提"), ("Ann  Lee", "Ann Lee")]
)
def test_names_of_all_kinds_pass(typed: str, name: str) -> None:
    assert real_name.person_name(typed) == name


def test_a_changed_name_in_the_register_changes_here(session: Session) -> None:
    person = make_person(session, MOTHER)
    phone = session.exec(select(Phone)).one()
    again = real_name.bind(session, phone.id, "王晓岚", MOTHER.id_number, NOW)
    assert (again.id, again.name) == (person.id, "王晓岚")


def test_a_number_that_somebody_else_holds_now_sees_nothing_of_its_former_owner(
    session: Session, client: httpx.Client, visit: Visit, sign_in: SignIn, sandbox: str
) -> None:
    person = make_person(session, MOTHER)
    old_token = make_signed_in(session, person)
    session.commit()
    stranger = {"name": "钱多多", "id_number": "320507199001010018", "phone": MOTHER.phone}
    httpx.post(f"{sandbox}/sandbox/people", json=stranger, trust_env=False).raise_for_status()
    answer = sign_in(client, MOTHER.phone, "/cases")
    assert answer.headers["location"] == "/real-name?next=%2Fcases"
    assert visit(old_token).get("/real-name").headers["location"].startswith("/sign-in")
    with db.reading() as read:
        phone = read.exec(select(Phone)).one()
        assert phone.person_id is None
        live = read.exec(select(Consent).where(Consent.withdrawn_at == None)).all()  # noqa: E711 - SQL
        assert [c.kind for c in live] == [ConsentKind.TERMS]


def test_while_the_register_is_silent_a_bond_is_trusted_for_half_a_numbers_rest(session: Session) -> None:
    person = make_person(session, MOTHER, NOW)
    fresh = rules.open_session(session, MOTHER.phone, "x", NOW + timedelta(days=44), holder=None)
    stale = rules.open_session(session, MOTHER.phone, "x", NOW + timedelta(days=45), holder=None)
    assert (fresh.person_id, stale.person_id) == (person.id, None)


def test_a_confirmed_holder_is_trusted_anew(session: Session) -> None:
    person = make_person(session, MOTHER, NOW)
    rules.open_session(session, MOTHER.phone, "x", NOW + timedelta(days=40), holder=True)
    later = rules.open_session(session, MOTHER.phone, "x", NOW + timedelta(days=80), holder=None)
    assert later.person_id == person.id


def test_another_person_takes_a_phone_over_and_the_former_ones_sessions_end(session: Session) -> None:
    make_person(session, MOTHER)
    phone = session.exec(select(Phone)).one()
    mine = make_signed_in(session, phone)
    theirs = real_name.bind(session, phone.id, GRANDFATHER.name, GRANDFATHER.id_number, NOW)
    assert phone.person_id == theirs.id
    assert mine
    assert session.exec(select(SessionRow)).all() == []


def test_one_person_may_have_two_phones(session: Session) -> None:
    person = make_person(session, MOTHER)
    second = make_phone(session)
    assert real_name.bind(session, second.id, MOTHER.name, MOTHER.id_number, NOW).id == person.id
    assert len(session.exec(select(Person)).all()) == 1


def test_a_phone_that_is_somebodys_is_not_checked_for_another(client: httpx.Client, sign_in: SignIn) -> None:
    sign_in(client, MOTHER.phone)
    client.post("/real-name", data=said())
    answer = client.post("/real-name", data=said(FATHER, next="/cases"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert client.get("/me/devices").status_code == 200
    assert len(people()) == 1

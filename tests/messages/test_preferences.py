"""What follows from 长辈版 and language, what a choice outlives, and where a message goes by it all."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Person, Phone, SessionRow
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.messages import outbox, preferences, service
from app.messages.channels import Parcel
from app.messages.models import Channel, Delivery, Preference, PushSubscription, SmsWhen
from app.messages.planning import Wishes
from app.messages.preferences import Choice, OneChannelStays
from tests.accounts.test_pages import code_for
from tests.architecture.test_queries import counted
from tests.conftest import Visit
from tests.factories import MOTHER, make_person, make_phone, make_signed_in, make_staff

NOW = utcnow()


@pytest.fixture
def mother(session: Session) -> Person:
    return make_person(session, MOTHER)


@pytest.fixture
def token(session: Session, mother: Person) -> str:
    made = make_signed_in(session, mother)
    session.commit()
    return made


def wishes(session: Session, person: Person) -> Wishes:
    session.rollback()  # on SQLite it holds the write lock
    with db.reading() as fresh:
        return preferences.wishes_of(fresh, {person.id})[person.id]


def rows(session: Session) -> list[Preference]:
    session.rollback()
    with db.reading() as fresh:
        return list(fresh.exec(select(Preference)))


def test_care_means_sms_at_once_and_the_standard_view_takes_it_back(
    session: Session, mother: Person, token: str, visit: Visit
) -> None:
    client = visit(token)
    assert wishes(session, mother).sms is SmsWhen.LATE
    client.post("/settings", data={"mode": "care"})
    assert wishes(session, mother).sms is SmsWhen.AT_ONCE
    client.post("/settings", data={"mode": "standard"})
    assert wishes(session, mother).sms is SmsWhen.LATE


@pytest.mark.parametrize("sms", [SmsWhen.LATE, SmsWhen.NEVER])
def test_who_chose_in_care_keeps_the_choice_in_both_views(session: Session, mother: Person, sms: SmsWhen, visit: Visit) -> None:
    token = make_signed_in(session, mother)
    session.commit()
    client = visit(token)
    client.post("/settings", data={"mode": "care"})
    session.rollback()
    preferences.choose(session, mother.id, Choice(sms=sms), NOW)
    session.commit()
    for mode in ("standard", "care"):
        client.post("/settings", data={"mode": mode})
        assert wishes(session, mother).sms is sms


def test_saving_something_else_is_no_choice_of_sms(session: Session, mother: Person) -> None:
    preferences.choose(session, mother.id, Choice(quiet_from=21), NOW)
    assert session.get_one(Preference, mother.id).sms is None
    preferences.choose(session, mother.id, Choice(sms=SmsWhen.AT_ONCE), NOW)
    preferences.choose(session, mother.id, Choice(sms=SmsWhen.LATE), NOW)
    assert session.get_one(Preference, mother.id).sms is SmsWhen.LATE


def test_the_language_follows_what_is_chosen_while_signed_in(
    session: Session, mother: Person, token: str, visit: Visit
) -> None:
    client = visit(token)
    client.post("/settings", data={"lang": "en"})
    assert wishes(session, mother).lang == "en"
    client.post("/settings", data={"theme": "dark", "text": "3"})
    client.post("/settings", data={"lang": "zh"})
    assert wishes(session, mother).lang == "zh"


def test_the_language_chosen_for_sms_outlives_a_change_of_view(
    session: Session, mother: Person, token: str, visit: Visit
) -> None:
    client = visit(token)
    session.rollback()
    preferences.choose(session, mother.id, Choice(lang="en"), NOW)
    session.commit()
    client.post("/settings", data={"mode": "care"})
    assert wishes(session, mother).lang == "en"


def test_nothing_is_written_when_nothing_changes_nor_by_a_look_at_a_page(
    session: Session, mother: Person, token: str, visit: Visit, database: Engine
) -> None:
    client = visit(token)
    client.post("/settings", data={"mode": "standard", "lang": "zh"})
    assert rows(session) == []
    client.post("/settings", data={"mode": "care"})
    with counted(database) as found:
        client.get("/")
        client.get("/me/notifications")
        client.post("/settings", data={"mode": "care"})
        client.post("/settings", data={"text": "3"})
    assert [sql for sql in found if not sql.startswith("SELECT")] == []


def test_strangers_and_phones_without_a_person_choose_their_look_and_nothing_is_kept(session: Session, visit: Visit) -> None:
    phone = make_signed_in(session, make_phone(session))
    session.commit()
    for client in (visit(), visit(phone)):
        assert client.post("/settings", data={"mode": "care", "lang": "en"}).status_code == 303
    assert rows(session) == []


def sign_in(client: object, sandbox: str, number: str) -> None:
    client.post("/sign-in", data={"phone": number})  # type: ignore[attr-defined]
    assert client.post("/sign-in/code", data={"code": code_for(sandbox, number)}).status_code == 303  # type: ignore[attr-defined]


def test_what_was_chosen_before_signing_in_counts(session: Session, mother: Person, visit: Visit, sandbox: str) -> None:
    session.commit()
    client = visit()
    client.post("/settings", data={"mode": "care", "lang": "en"})
    sign_in(client, sandbox, MOTHER.phone)
    found = wishes(session, mother)
    assert (found.sms, found.lang) == (SmsWhen.AT_ONCE, "en")


def test_a_fresh_browser_that_says_nothing_changes_nothing(
    session: Session, mother: Person, visit: Visit, sandbox: str
) -> None:
    preferences.choose(session, mother.id, Choice(lang="en"), NOW)
    session.commit()
    sign_in(visit(**{"Accept-Language": "zh-CN"}), sandbox, MOTHER.phone)
    assert wishes(session, mother).lang == "en"


def test_who_reads_english_from_the_first_page_on_is_written_to_in_english(
    session: Session, mother: Person, visit: Visit, sandbox: str
) -> None:
    session.commit()
    sign_in(visit(**{"Accept-Language": "en-GB"}), sandbox, MOTHER.phone)
    assert wishes(session, mother).lang == "en"


def test_the_real_name_check_brings_the_view_along(session: Session, visit: Visit, sandbox: str) -> None:
    client = visit()
    client.post("/settings", data={"mode": "care"})
    sign_in(client, sandbox, MOTHER.phone)
    sent = {"name": MOTHER.name, "id_number": MOTHER.id_number, "consent": "yes"}
    assert client.post("/real-name", data=sent).status_code == 303
    (row,) = rows(session)
    assert row.care


def test_staff_have_the_defaults_and_no_row(session: Session, visit: Visit) -> None:
    staff = make_staff(session)
    service.tell_staff(session, staff.id, "staff_digest", {"count": 1, "over": 0, "soon": 0, "waiting": 0}, NOW)
    session.commit()
    assert rows(session) == []
    assert session.exec(select(Delivery)).all() == []


switches = st.sampled_from(sorted(preferences.NAMES))


@given(st.sampled_from(SmsWhen), st.frozensets(switches))
def test_a_choice_is_kept_exactly_if_one_channel_stays(sms: SmsWhen, muted: frozenset[str]) -> None:
    choice = Choice.model_validate({"sms": sms, "muted": muted})
    left = {
        group: {f"{group}.push"} | ({f"{group}.sms"} if sms is not SmsWhen.NEVER else set()) for group in ("turn", "result")
    }
    assert [group.value for group in choice.silent] == [group for group, ways in left.items() if ways <= muted]


def test_a_silent_choice_is_refused_below_every_page(session: Session, mother: Person) -> None:
    with pytest.raises(OneChannelStays):
        preferences.choose(session, mother.id, Choice(muted=frozenset({"turn.push", "turn.sms"})), NOW)


@pytest.mark.parametrize("wrong", [{"quiet_from": 24}, {"quiet_to": -1}, {"lang": "fr"}, {"muted": ["progress.sms"]}, {"x": 1}])
def test_a_choice_takes_what_may_be_chosen_and_nothing_else(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Choice.model_validate(wrong)


def subscribe(session: Session, person: Person, token: str) -> PushSubscription:
    row = session.exec(select(SessionRow).where(SessionRow.person_id == person.id)).first()
    assert row is not None
    made = PushSubscription(
        id=new_id(), session_id=row.id, person_id=person.id, endpoint_index=new_id().hex, sealed="{}", host="push.example",
        key_id="p001", lang="zh", created_at=NOW, seen_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_where_somebody_is_reached_is_one_query_and_a_message_costs_two_besides_itself(
    session: Session, mother: Person, token: str, database: Engine
) -> None:
    for _ in range(2):
        subscribe(session, mother, token)
    old = session.exec(select(Phone).where(Phone.person_id == mother.id)).one()
    newer = make_phone(session, None, mother, NOW + timedelta(days=1))
    with counted(database) as found:
        wished, targets = outbox.reach(session, mother.id)
    assert len(found) == 1
    assert wished == Wishes()
    assert sorted(target.channel for target in targets) == ["push", "push", "sms"]
    assert targets[-1].id == newer.id != old.id
    with counted(database) as found:
        service.tell(session, mother.id, None, "", "test", {}, False, NOW)
    ours = [sql for sql in found if "pg_notify" not in sql and not sql.startswith("INSERT INTO message")]
    assert len(ours) == 2, ours


def test_muting_a_group_leaves_the_inbox_alone(session: Session, mother: Person, token: str) -> None:
    subscribe(session, mother, token)
    preferences.choose(session, mother.id, Choice(muted=frozenset({"progress.push"})), NOW)
    service.tell(session, mother.id, None, "", "item_accepted", {}, False, NOW)
    assert session.exec(select(Delivery)).all() == []


def test_what_is_claimed_at_night_rests_by_its_persons_own_night(session: Session, mother: Person) -> None:
    other, night = make_person(session), datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # half past eleven at night in China
    preferences.choose(session, other.id, Choice(quiet_from=0, quiet_to=5), NOW)
    staff = new_id()

    def parcel(kind: str, person: UUID | None, member: UUID | None = None) -> Parcel:
        known = (new_id(), new_id(), Channel.PUSH, new_id(), "push.example", 1, night, new_id(), person, member)
        return Parcel(*known, None, "", kind, {}, night, None)

    hers, theirs, urgent = (
        parcel("item_denied", mother.id), parcel("item_denied", other.id), parcel("test", mother.id)
    )  # fmt: skip
    desk = parcel("staff_digest", None, staff)
    found = preferences.resting(session, [hers, theirs, urgent, desk], night)
    assert found == {one.id: datetime(2026, 11, 25, 23, 0, tzinfo=UTC) for one in (hers, desk)}

"""From a case's event to the phone and back: the real sender, the gateway over real HTTP, its signed report to our server."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.core.clock import utcnow
from app.messages.sending import Sender
from app.messages.sms import SmsDoor
from tests import factories as make
from tests.cases.hands import ask
from tests.conftest import Visit
from tests.messages.test_sending import QUICK
from tests.messages.texting import misbehave, received, stands, texts, wish
from tests.outside.test_aliyun_sms import REGISTER
from tests.support import databases

NUMBER = make.MOTHER.phone


@pytest.fixture
def mother(session: Session) -> Person:
    """At any hour of the day: she has no quiet hours."""
    person = make.make_person(session, make.MOTHER)
    session.commit()
    wish(session, person, quiet_from=0, quiet_to=0)
    return person


def asked(session: Session, person: Person, minutes: int) -> str:
    """A case of which a department asked for a correction some minutes ago; gives its number."""
    then = utcnow() - timedelta(minutes=minutes)
    case = make.make_case(session, person, now=then)
    ask(session, case, "health.birth_cert", then)
    session.commit()
    return case.number


def send(until: Callable[[], bool]) -> None:
    """Let the sender work, and the world answer, until something is true."""

    async def main() -> None:
        sender = Sender([SmsDoor()], QUICK)
        working = asyncio.create_task(sender.run())
        async with asyncio.timeout(15):
            while not until():
                await asyncio.sleep(0.02)
        sender.stop()
        await working

    asyncio.run(main())


def state(wanted: str) -> Callable[[], bool]:
    return lambda: [one[0] for one in stands()] == [wanted]


def test_an_unread_event_is_on_the_phone_and_the_ledger_knows_that_it_arrived(
    server: str, sandbox: str, session: Session, mother: Person
) -> None:
    number = asked(session, mother, 25)
    send(state("shown"))
    [text] = received(sandbox, NUMBER)
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in text
    [row] = texts()
    assert row.receipt
    assert row.accepted_at is not None
    assert row.shown_at is not None
    assert row.accepted_at <= row.shown_at <= utcnow()


def test_an_event_read_in_time_is_not_texted(server: str, sandbox: str, session: Session, mother: Person, visit: Visit) -> None:
    number = asked(session, mother, 25)
    token = make.make_signed_in(session, mother)
    session.commit()
    assert visit(token).get(f"/cases/{number}").status_code == 200
    send(state("not_needed"))
    assert received(sandbox, NUMBER) == []


def test_a_fresh_event_is_not_texted_yet(server: str, sandbox: str, session: Session, mother: Person) -> None:
    asked(session, mother, 5)
    other = make.make_person(session, make.FATHER)
    session.commit()
    wish(session, other, quiet_from=0, quiet_to=0)
    asked(session, other, 25)
    send(lambda: sorted(one[0] for one in stands()) == ["queued", "shown"])
    assert (received(sandbox, NUMBER), len(received(sandbox, make.FATHER.phone))) == ([], 1)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("failed", ("failed", "undelivered_UNDELIV")),
        ("twice", ("shown", "")),
        ("late", ("shown", "")),
        ("lie", ("accepted", "")),
    ],
)
def test_whatever_the_gateway_reports_the_ledger_says_what_is_true(
    server: str, sandbox: str, session: Session, mother: Person, kind: str, wanted: tuple[str, str]
) -> None:
    misbehave(sandbox, "sms_reports", kind)
    asked(session, mother, 25)
    send(lambda: stands() == [wanted])
    assert len(received(sandbox, NUMBER)) == (0 if kind == "failed" else 1)


def test_alibaba_cloud_goes_the_same_way(
    server: str, sandbox: str, session: Session, mother: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sms.yaml").write_text(REGISTER)
    for name, value in {
        "SMS_VENDOR": "aliyun", "SMS_URL": sandbox, "SMS_KEY_ID": "LTAI-of-the-tests", "SMS_KEY_SECRET": "secret of the tests",
        "SMS_TEMPLATES": str(tmp_path / "sms.yaml"), "SMS_REPORT_TOKEN": "address-of-the-tests",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    databases.forget_settings()
    misbehave(sandbox, "sms", "timeout")  # taken, but the answer comes too late: looked up, not sent again
    asked(session, mother, 25)
    send(state("shown"))
    assert len(received(sandbox, NUMBER)) == 1
    assert texts()[0].receipt.endswith("^0")  # type: ignore[union-attr]


def test_the_phone_page_of_the_sandbox_shows_the_text(server: str, sandbox: str, session: Session, mother: Person) -> None:
    asked(session, mother, 25)
    send(state("shown"))
    assert received(sandbox, NUMBER)[0] in httpx.get(f"{sandbox}/sandbox/phones/{NUMBER}", trust_env=False).text

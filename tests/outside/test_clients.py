"""The clients of the systems outside, over real HTTP, while the other side misbehaves."""

from collections.abc import Iterator

import httpx
import pytest

from app.core.errors import Outage
from app.outside import clients
from app.outside.calls import Line
from app.sandbox.people import FATHER, MOTHER
from tests.conftest import NOBODY
from tests.support import databases

KEY = "0190-key"


@pytest.fixture
def line(sandbox: str) -> Iterator[Line]:
    """A line that waits not at all between tries, and only a fifth of a second for an answer."""
    opened = Line(sandbox, "sandbox", timeout=0.2, wait=lambda seconds: None)
    yield opened
    opened.close()


def fault(sandbox: str, system: str, kind: str, times: int) -> None:
    body = {"system": system, "kind": kind, "times": times}
    assert httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).status_code == 204


def received(sandbox: str, number: str = MOTHER.phone) -> list[str]:
    answer = httpx.get(f"{sandbox}/sandbox/phones/{number}", headers={"Accept": "application/json"}, trust_env=False)
    return [message["text"] for message in answer.json()]


@pytest.mark.parametrize("kind", ["fail", "twice", "lie", "timeout"])
def test_a_lasting_fault_is_an_outage(sandbox: str, line: Line, kind: str) -> None:
    fault(sandbox, "identity", kind, 3)
    with pytest.raises(Outage):
        clients.HttpIdentity(line).check(MOTHER.name, MOTHER.id_number)


def test_nobody_at_the_other_end_is_an_outage() -> None:
    line = Line(NOBODY, "sandbox", timeout=0.2, wait=lambda seconds: None)
    with pytest.raises(Outage):
        clients.HttpIdentity(line).check(MOTHER.name, MOTHER.id_number)
    line.close()


def test_waits_grow_and_are_random_within_their_bound(sandbox: str) -> None:
    waits: list[float] = []
    line = Line(sandbox, "sandbox", base=0.1, wait=waits.append)
    fault(sandbox, "identity", "fail", 3)
    with pytest.raises(Outage):
        clients.HttpIdentity(line).check(MOTHER.name, MOTHER.id_number)
    line.close()
    assert len(waits) == 2
    assert 0 <= waits[0] <= 0.2
    assert 0 <= waits[1] <= 0.4


def test_a_wrong_api_key_is_an_outage_at_once(sandbox: str) -> None:
    waits: list[float] = []
    line = Line(sandbox, "wrong", wait=waits.append)
    with pytest.raises(Outage):
        clients.HttpIdentity(line).check(MOTHER.name, MOTHER.id_number)
    line.close()
    assert waits == []


def test_name_and_number_must_belong_together(line: Line) -> None:
    identity = clients.HttpIdentity(line)
    assert identity.check(MOTHER.name, MOTHER.id_number) is True
    assert identity.check(FATHER.name, MOTHER.id_number) is False
    assert identity.check("查无此人", "320507199001010014") is False


def test_the_register_says_who_holds_a_phone(sandbox: str, line: Line) -> None:
    identity = clients.HttpIdentity(line)
    assert identity.holds_phone(MOTHER.phone, MOTHER.id_number) is True
    assert identity.holds_phone(MOTHER.phone, FATHER.id_number) is False
    assert identity.holds_phone("13999999999", MOTHER.id_number) is None


def test_a_recycled_number_is_its_new_holders(sandbox: str, line: Line) -> None:
    body = {"name": "新机主", "id_number": "320507199001010014", "phone": MOTHER.phone}
    assert httpx.post(f"{sandbox}/sandbox/people", json=body, trust_env=False).status_code == 204
    assert clients.HttpIdentity(line).holds_phone(MOTHER.phone, MOTHER.id_number) is False


def test_the_clients_in_force_come_from_the_settings(sandbox: str) -> None:
    assert clients.identity().check(MOTHER.name, MOTHER.id_number)
    clients.sms().send(MOTHER.phone, "sign-in-code", {"code": "654321", "minutes": "5"}, KEY)
    assert len(received(sandbox)) == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [({}, False), ({"SMS_URL": "https://sms.example"}, True), ({"SMS_VENDOR": "aliyun"}, True),
     ({"SMS_URL": "https://sms.example", "DEMO": "1"}, False),
     ({"SMS_URL": "https://sms.example", "SMS_KEY_SECRET": "of our own"}, False)],
)  # fmt: skip
def test_operators_hear_when_their_vendor_has_the_secret_that_everybody_knows(
    more: dict[str, str], told: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DEMO", "0")
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    databases.forget_settings()
    clients.check_secret()
    assert ("SMS_KEY_SECRET" in caplog.text) is told

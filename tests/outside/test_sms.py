"""Our gateway's wire format over real HTTP, while the gateway misbehaves; and the patience of whoever waits for a code."""

from collections.abc import Iterator

import httpx
import pytest

from app.core.errors import Outage
from app.outside import clients
from app.outside.sms import HttpSms, NotSent, Patient, Sms, Wire
from app.sandbox.people import MOTHER
from tests.conftest import NOBODY
from tests.outside.test_clients import fault, received
from tests.support import databases

KEY = "0190-key"
TURN = {"number": "2611 2500 0018", "day": "3月18日 17:00 前", "hotline": "12345"}


@pytest.fixture
def vendor(sandbox: str) -> Iterator[HttpSms]:
    """The gateway, with a fifth of a second for an answer."""
    opened = HttpSms(Wire(sandbox, timeout=0.2), "sandbox", "sandbox")
    yield opened
    opened.close()


def patient(sms: Sms, waits: list[float] | None = None) -> Patient:
    return Patient(sms, wait=(waits if waits is not None else []).append)


def code(sms: Sms, digits: str = "123456", key: str = KEY) -> str:
    return sms.send(MOTHER.phone, "sign-in-code", {"code": digits, "minutes": "5"}, key)


def failure(sms: Sms, number: str = MOTHER.phone, template: str = "case-turn") -> NotSent:
    with pytest.raises(NotSent) as caught:
        sms.send(number, template, TURN, KEY, lang="zh")
    return caught.value


def test_a_message_without_a_language_reaches_the_phone_in_both(sandbox: str, vendor: HttpSms) -> None:
    assert code(vendor)
    [text] = received(sandbox)
    assert "验证码 123456" in text
    assert "code is 123456" in text


@pytest.mark.parametrize(("lang", "start"), [("zh", "【邻办】"), ("en", "[LinBan]")])
def test_a_message_with_a_language_comes_in_that_one_alone(sandbox: str, vendor: HttpSms, lang: str, start: str) -> None:
    vendor.send(MOTHER.phone, "case-turn", TURN, KEY, lang=vendor.speaks("case-turn", lang))
    [text] = received(sandbox)
    assert text.startswith(start)
    assert "\n" not in text
    assert TURN["number"] in text


def test_the_same_key_sends_once_and_gives_the_same_receipt(sandbox: str, vendor: HttpSms) -> None:
    assert code(vendor) == code(vendor)
    assert len(received(sandbox)) == 1


def test_the_newest_message_comes_first(sandbox: str, vendor: HttpSms) -> None:
    code(vendor, "111111", "one")
    code(vendor, "222222", "two")
    assert ["222222" in text for text in received(sandbox)] == [True, False]


@pytest.mark.parametrize("kind", ["fail", "twice", "lie", "timeout"])
def test_who_waits_rides_one_fault_out_and_nothing_is_sent_twice(sandbox: str, vendor: HttpSms, kind: str) -> None:
    fault(sandbox, "sms", kind, 1)
    patient(vendor).send(MOTHER.phone, "sign-in-code", {"code": "123456", "minutes": "5"}, KEY)
    assert len(received(sandbox)) == 1


@pytest.mark.parametrize("kind", ["fail", "twice", "lie", "timeout"])
def test_a_lasting_fault_is_an_outage_for_who_waits(sandbox: str, vendor: HttpSms, kind: str) -> None:
    fault(sandbox, "sms", kind, 3)
    waits: list[float] = []
    with pytest.raises(Outage):
        patient(vendor, waits).send(MOTHER.phone, "sign-in-code", {"code": "123456", "minutes": "5"}, KEY)
    assert len(waits) == 2
    assert 0 <= waits[0] <= 0.2
    assert 0 <= waits[1] <= 0.4


@pytest.mark.parametrize(
    ("kind", "because", "down"),
    [
        ("fail", "server_error", False), ("twice", "server_error", False), ("lie", "server_error", False),
        ("timeout", "timeout", True),
    ],
)  # fmt: skip
def test_one_attempt_says_what_a_later_one_may_better(
    sandbox: str, vendor: HttpSms, kind: str, because: str, down: bool
) -> None:
    fault(sandbox, "sms", kind, 1)
    failed = failure(vendor)
    assert (failed.because, failed.passing, failed.host_down) == (because, True, down)


def test_nobody_at_the_other_end_is_the_whole_host_down() -> None:
    sms = HttpSms(Wire(NOBODY), "sandbox", "sandbox")
    failed = failure(sms)
    sms.close()
    assert (failed.because, failed.passing, failed.host_down) == ("unreachable", True, True)


def test_too_many_at_once_waits_as_long_as_the_gateway_says(sandbox: str, vendor: HttpSms) -> None:
    fault(sandbox, "sms", "throttled", 1)
    failed = failure(vendor)
    assert (failed.because, failed.passing, failed.retry_after) == ("busy", True, 2.0)


def test_nobody_is_kept_waiting_for_what_the_gateway_puts_off(sandbox: str, vendor: HttpSms) -> None:
    fault(sandbox, "sms", "throttled", 1)
    waits: list[float] = []
    with pytest.raises(NotSent):
        patient(vendor, waits).send(MOTHER.phone, "sign-in-code", {"code": "123456", "minutes": "5"}, KEY)
    assert waits == []


def test_a_number_that_is_none_is_refused_for_good(sandbox: str, vendor: HttpSms) -> None:
    assert (failure(vendor, "12345").because, failure(vendor, "12345").passing) == ("bad_number", False)
    fault(sandbox, "sms", "bad_number", 1)
    assert failure(vendor).because == "bad_number"


def test_an_unknown_template_or_a_missing_parameter_is_refused_for_good(vendor: HttpSms) -> None:
    assert failure(vendor, template="no-such-template").because == "no_text"
    with pytest.raises(NotSent, match="outside-unavailable") as caught:
        vendor.send(MOTHER.phone, "case-turn", {}, KEY)
    assert (caught.value.because, caught.value.code, caught.value.passing) == ("refused", "bad request", False)


@pytest.mark.parametrize(("api_key", "secret"), [("wrong", "sandbox"), ("sandbox", "wrong")])
def test_a_wrong_key_or_signature_is_an_operators_matter_and_nobody_waits_for_it(
    sandbox: str, api_key: str, secret: str
) -> None:
    waits: list[float] = []
    sms = HttpSms(Wire(sandbox), api_key, secret)
    failed = failure(sms)
    with pytest.raises(NotSent):
        patient(sms, waits).send(MOTHER.phone, "case-turn", TURN, KEY)
    sms.close()
    assert (failed.because, failed.passing, failed.host_down) == ("account", True, True)
    assert waits == []


def test_the_vendor_in_force_comes_from_the_settings(sandbox: str) -> None:
    clients.sms().send(MOTHER.phone, "sign-in-code", {"code": "654321", "minutes": "5"}, KEY)
    assert len(received(sandbox)) == 1


def test_codes_and_notices_go_to_a_gateway_of_their_own_where_there_is_one(
    sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_URL", NOBODY)
    monkeypatch.setenv("SMS_URL", sandbox)
    databases.forget_settings()
    clients.sms().send(MOTHER.phone, "sign-in-code", {"code": "654321", "minutes": "5"}, KEY)
    assert len(received(sandbox)) == 1
    assert httpx.URL(clients.settings().sandbox_url).port == 9

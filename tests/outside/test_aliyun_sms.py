"""Alibaba Cloud's wire format: its manual's own example, every answer that it may give, and the whole way over real HTTP."""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.core.clock import utcnow
from app.outside import aliyun_sms, clients
from app.outside.aliyun_sms import AliyunSms, Register
from app.outside.sms import Answered, NotSent, Wire
from app.sandbox.people import MOTHER
from tests.outside.test_clients import fault, received
from tests.outside.test_sms import KEY, NOBODY, TURN
from tests.support import databases

#: The signed example of the manual (V3 版本请求体&签名机制, 固定参数示例): an action of another product, the same signature.
EXAMPLE = {
    "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
    "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}  # fmt: skip
QUERY = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
REGISTER = """
sign_name: 邻办
templates:
  sign-in-code: {zh: SMS_900000001}
  case-turn: {zh: SMS_900000002, en: SMS_900000003}
  case-result: {zh: SMS_900000005}
"""


@pytest.fixture
def account(sandbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sandbox as Alibaba Cloud, and ourselves as its customer."""
    (tmp_path / "sms.yaml").write_text(REGISTER)
    for name, value in {
        "SMS_VENDOR": "aliyun", "SMS_URL": sandbox, "SMS_KEY_ID": "LTAI-of-the-tests", "SMS_KEY_SECRET": "secret of the tests",
        "SMS_TEMPLATES": str(tmp_path / "sms.yaml"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    databases.forget_settings()
    return sandbox


@pytest.fixture
def vendor(account: str) -> Iterator[AliyunSms]:
    opened = AliyunSms(
        Wire(account, timeout=0.3), "LTAI-of-the-tests", "secret of the tests",
        aliyun_sms.read_register(clients.settings().sms_templates),
    )  # fmt: skip
    yield opened
    opened.close()


def failure(vendor: AliyunSms, number: str = MOTHER.phone, template: str = "case-turn", **params: str) -> NotSent:
    with pytest.raises(NotSent) as caught:
        vendor.send(number, template, params or TURN, KEY, lang="zh")
    return caught.value


def test_the_manuals_example_is_signed_as_the_manual_signs_it() -> None:
    image = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    assert aliyun_sms.canonical_query(image) == QUERY
    request = aliyun_sms.canonical_request(QUERY, EXAMPLE)
    hashed = hashlib.sha256(request.encode()).hexdigest()
    assert hashed == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    assert aliyun_sms.authorization("YourAccessKeyId", "YourAccessKeySecret", QUERY, EXAMPLE) == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_signs_that_encoders_differ_about_are_encoded_as_the_manual_says() -> None:
    assert aliyun_sms.canonical_query({"a": "x y*z~/+=&邻"}) == "a=x%20y%2Az~%2F%2B%3D%26%E9%82%BB"


def test_a_text_reaches_the_phone_and_its_receipt_comes_back(account: str, vendor: AliyunSms) -> None:
    receipt = vendor.send(MOTHER.phone, "case-turn", TURN, KEY, lang=vendor.speaks("case-turn", "zh"))
    assert receipt.endswith("^0")
    [text] = received(account)
    assert TURN["number"] in text
    assert "邻办" in text


def test_what_is_registered_in_english_too_is_sent_in_english_else_in_chinese(account: str, vendor: AliyunSms) -> None:
    assert (vendor.speaks("case-turn", "en"), vendor.speaks("case-result", "en")) == ("en", "zh")
    vendor.send(MOTHER.phone, "case-turn", TURN, KEY, lang="en")
    assert received(account)[0].startswith("[LinBan]")


def test_sign_in_codes_go_the_same_way(account: str) -> None:
    clients.sms().send(MOTHER.phone, "sign-in-code", {"code": "654321", "minutes": "5"}, KEY)
    assert "654321" in received(account)[0]


@pytest.mark.parametrize("kind", ["twice", "timeout"])
def test_a_second_try_looks_first_whether_the_first_one_arrived(account: str, vendor: AliyunSms, kind: str) -> None:
    fault(account, "sms", kind, 1)
    assert failure(vendor).passing
    assert len(received(account)) == 1
    assert vendor.send(MOTHER.phone, "case-turn", TURN, KEY, lang="zh", again=True) == ""
    assert len(received(account)) == 1


def test_a_second_try_sends_what_never_arrived(account: str, vendor: AliyunSms) -> None:
    fault(account, "sms", "fail", 1)
    assert failure(vendor).because == "server_error"
    assert vendor.send(MOTHER.phone, "case-turn", TURN, KEY, lang="zh", again=True) != ""
    assert len(received(account)) == 1


def test_whoever_has_turned_away_while_it_was_looked_up_has_nothing_sent(account: str, vendor: AliyunSms) -> None:
    with pytest.raises(NotSent) as failed:
        vendor.send(MOTHER.phone, "case-turn", TURN, KEY, again=True, until=time.monotonic())
    assert (failed.value.because, failed.value.passing) == ("timeout", True)
    assert received(account, MOTHER.phone) == []


def test_after_midnight_the_day_before_is_looked_through_as_well() -> None:
    half_past_one = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)  # at night, in China
    assert aliyun_sms.days(half_past_one) == ["20261125", "20261126"]
    assert aliyun_sms.days(half_past_one + timedelta(hours=14)) == ["20261126"]


@pytest.mark.parametrize(
    ("kind", "because", "passing", "wait", "down"),
    [
        ("throttled", "busy", True, None, False),
        ("limited", "busy", True, 60.0, False),
        ("bad_number", "bad_number", False, None, False),
        ("denied", "account", True, None, True),
        ("fail", "server_error", True, None, False),
        ("timeout", "timeout", True, None, True),
    ],
)
def test_what_the_vendor_answers_becomes_an_outcome_of_ours(
    account: str, vendor: AliyunSms, kind: str, because: str, passing: bool, wait: float | None, down: bool
) -> None:
    fault(account, "sms", kind, 1)
    failed = failure(vendor)
    assert (failed.because, failed.passing, failed.retry_after, failed.host_down) == (because, passing, wait, down)


@pytest.mark.parametrize(
    ("code", "words", "because", "passing", "wait"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", "busy", True, 3600.0),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10", "busy", True, 21600.0),
        ("isv.DAY_LIMIT_CONTROL", "", "busy", True, 3600.0),
        ("Throttling", "", "busy", True, 7.0),
        ("isv.SMS_TEMPLATE_ILLEGAL", "", "no_text", False, None),
        ("isv.SMS_SIGNATURE_ILLEGAL", "", "no_text", False, None),
        ("isv.SIGN_STATE_ILLEGAL", "", "no_text", False, None),
        ("isv.TEMPLATE_MISSING_PARAMETERS", "", "no_text", False, None),
        ("isv.OUT_OF_SERVICE", "", "account", True, None),
        ("isv.AMOUNT_NOT_ENOUGH", "", "account", True, None),
        ("SignatureDoesNotMatch", "", "account", True, None),
        ("InvalidAccessKeyId.NotFound", "", "account", True, None),
        ("isv.BLACK_KEY_CONTROL_LIMIT", "", "refused", False, None),
        ("ServiceUnavailable", "", "server_error", True, 7.0),
        ("", "", "server_error", True, 7.0),
    ],
)
def test_every_code_has_its_meaning(code: str, words: str, because: str, passing: bool, wait: float | None) -> None:
    failed = aliyun_sms.failure(Answered(400, {"retry-after": "7"}, {"Code": code, "Message": words}))
    assert (failed.because, failed.passing, failed.retry_after) == (because, passing, wait)


def test_a_template_that_is_not_registered_is_never_asked_for(vendor: AliyunSms) -> None:
    with pytest.raises(NotSent) as caught:
        vendor.speaks("case-decision", "zh")
    assert (caught.value.because, caught.value.passing) == ("no_text", False)


def test_a_missing_parameter_is_the_vendors_to_notice(vendor: AliyunSms) -> None:
    assert failure(vendor, number_of="nothing").code == "isv.TEMPLATE_MISSING_PARAMETERS"


@pytest.mark.parametrize("wrong", ["secret", "key_id", "clock", "nonce"])
def test_the_other_side_checks_the_signature_by_itself(account: str, vendor: AliyunSms, wrong: str) -> None:
    if wrong == "clock":
        vendor.now = lambda: utcnow() - timedelta(minutes=20)
    elif wrong == "nonce":
        vendor.nonce = lambda: "always the same"
        vendor.send(MOTHER.phone, "case-turn", TURN, "another key", lang="zh")
    else:
        setattr(vendor, wrong, "wrong")
    sent = len(received(account))
    failed = failure(vendor)
    assert (failed.because, failed.host_down) == ("account", True)
    assert len(received(account)) == sent


def test_a_parameter_changed_on_the_way_breaks_the_signature(account: str) -> None:
    headers = {
        "host": httpx.URL(account).netloc.decode(), "x-acs-action": "SendSms", "x-acs-version": "2017-05-25",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(), "x-acs-date": f"{utcnow():%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": "n-1",
    }  # fmt: skip
    asked = {
        "PhoneNumbers": MOTHER.phone, "SignName": "邻办", "TemplateCode": "SMS_900000002", "TemplateParam": json.dumps(TURN),
    }  # fmt: skip
    query = aliyun_sms.canonical_query(asked)
    bearing = aliyun_sms.authorization("LTAI-of-the-tests", "secret of the tests", query, headers)
    other = aliyun_sms.canonical_query({**asked, "PhoneNumbers": "13900000000"})
    for sent, code in ((other, "SignatureDoesNotMatch"), (query, "OK")):
        with httpx.Client(trust_env=False) as client:
            answer = client.post(f"{account}/?{sent}", headers={**headers, "Authorization": bearing})
        assert answer.json()["Code"] == code


def test_without_a_register_the_vendor_is_not_taken(account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMS_TEMPLATES")
    databases.forget_settings()
    with pytest.raises(ValueError, match="SMS_TEMPLATES"):
        clients.sms_reported()


def test_a_register_names_only_languages_that_we_speak() -> None:
    with pytest.raises(ValueError, match="templates"):
        Register.model_validate({"sign_name": "邻办", "templates": {"case-turn": {"fr": "SMS_1"}}})


def test_nobody_at_the_other_end_is_the_whole_host_down(vendor: AliyunSms) -> None:
    vendor.wire.close()
    vendor.wire = Wire(NOBODY)
    assert (failure(vendor).because, failure(vendor).host_down) == ("unreachable", True)

"""Delivery reports: signed or by a secret address; late, twice, wrong, out of order, and about what is not ours."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.core import db
from app.core.clock import SHANGHAI, utcnow
from app.messages import reasons, sms_callbacks
from app.messages.models import Delivery, DeliveryState
from app.outside.signing import signed
from tests import factories as make
from tests.conftest import Visit
from tests.messages.texting import AFTER, LATE, NOON, claim, door, finish, misbehave, stands, tell, texts, work
from tests.outside.test_aliyun_sms import REGISTER
from tests.support import databases

NUMBER = make.MOTHER.phone
TOKEN = "address-of-the-tests"


@pytest.fixture
def mother(session: Session) -> Person:
    person = make.make_person(session, make.MOTHER, NOON)
    session.commit()
    return person


@pytest.fixture
def sent(sandbox: str, session: Session, mother: Person) -> Delivery:
    """A text that the gateway took; its own report is never on its way in these tests."""
    misbehave(sandbox, "sms_reports", "silent")
    tell(session, mother, NOON)
    work(AFTER)
    return texts()[0]


def said(delivery: Delivery, *, delivered: bool = True, **changed: Any) -> dict[str, Any]:
    report = {"key": str(delivery.id), "receipt": delivery.receipt or "r-1", "delivered": delivered, "code": "DELIVRD"}
    return {**report, "at": (AFTER + timedelta(seconds=30)).isoformat(), **changed}


def report(visit: Visit, *reports: dict[str, Any], secret: str = "sandbox", now: datetime | None = None) -> httpx.Response:
    body = json.dumps({"reports": reports}).encode()
    client = visit()
    del client.headers["Sec-Fetch-Site"]  # a gateway is no browser
    return client.post("/callbacks/sms", content=body, headers=signed(secret, body, now or utcnow()))


def test_a_report_says_that_the_text_lies_on_the_phone(visit: Visit, sent: Delivery) -> None:
    assert report(visit, said(sent)).status_code == 204
    [row] = texts()
    assert (row.state, row.because, row.shown_at) == (DeliveryState.SHOWN, "", AFTER + timedelta(seconds=30))


def test_twice_is_as_once(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent), said(sent))
    first = texts()
    assert report(visit, said(sent)).status_code == 204
    assert texts() == first


def test_a_failure_is_noted_with_the_vendors_code(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent, delivered=False, code="UNDELIV"))
    assert stands() == [("failed", "undelivered_UNDELIV")]
    assert reasons.words(stands()[0][1]) == "短信没有送到手机"


def test_a_failure_never_takes_a_success_back(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent))
    report(visit, said(sent, delivered=False, code="EXPIRED"))
    assert stands() == [("shown", "")]


def test_a_success_after_a_failure_is_the_truth(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent, delivered=False, code="BUSY"))
    report(visit, said(sent))
    assert stands() == [("shown", "")]


def test_a_report_before_the_answer_brings_the_receipt_and_stays(
    sandbox: str, visit: Visit, session: Session, mother: Person
) -> None:
    misbehave(sandbox, "sms_reports", "silent")
    tell(session, mother, NOON)
    with door() as opened:
        taken = claim(opened, AFTER)
        report(visit, said(texts()[0], receipt="r-early"))
        finish(opened, taken, AFTER + timedelta(seconds=1))
    [row] = texts()
    assert (row.state, row.receipt, row.claim) == (DeliveryState.SHOWN, "r-early", None)


def test_a_report_of_a_text_that_was_given_up_is_believed(sandbox: str, visit: Visit, session: Session, mother: Person) -> None:
    tell(session, mother, NOON)
    misbehave(sandbox, "sms", "fail")
    work(AFTER)
    with db.writing() as writing:
        row = writing.get(Delivery, texts()[0].id)
        assert row is not None
        row.state, row.because = DeliveryState.FAILED, "timeout"
    report(visit, said(texts()[0]))
    assert stands() == [("shown", "")]


def test_what_never_left_us_cannot_have_arrived(visit: Visit, sandbox: str, session: Session, mother: Person) -> None:
    tell(session, mother, NOON)
    assert report(visit, said(texts()[0])).status_code == 204
    assert stands() == [("queued", "")]


def test_a_receipt_of_another_text_is_not_believed(visit: Visit, sent: Delivery) -> None:
    assert report(visit, said(sent, receipt="somebody-elses")).status_code == 204
    assert stands() == [("accepted", "")]


def test_unknown_ids_are_taken_and_change_nothing(visit: Visit, sent: Delivery) -> None:
    strangers = [said(sent, key=str(uuid4())), said(sent, key="no id at all"), said(sent, key="")]
    assert report(visit, *strangers).status_code == 204
    assert stands() == [("accepted", "")]


def test_a_report_from_the_future_or_from_before_is_put_right(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent, at="2099-01-01T00:00:00Z"))
    assert texts()[0].shown_at <= utcnow()  # type: ignore[operator]


def test_a_report_from_before_it_left_counts_from_then(visit: Visit, sent: Delivery) -> None:
    report(visit, said(sent, at="2001-01-01T00:00:00Z"))
    assert texts()[0].shown_at == AFTER


@pytest.mark.parametrize(("secret", "minutes"), [("wrong", 0), ("sandbox", -6), ("sandbox", 6)])
def test_without_a_fresh_signature_of_ours_nothing_is_believed(visit: Visit, sent: Delivery, secret: str, minutes: int) -> None:
    answer = report(visit, said(sent), secret=secret, now=utcnow() + timedelta(minutes=minutes))
    assert (answer.status_code, stands()) == (401, [("accepted", "")])


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "９９", "1" * 400])
def test_a_moment_that_is_none_is_refused(visit: Visit, sent: Delivery, timestamp: str) -> None:
    headers = {"Linban-Timestamp": timestamp.encode(), "Linban-Signature": b"00"}
    assert visit().post("/callbacks/sms", content=b"{}", headers=headers).status_code == 401


def test_a_body_changed_on_the_way_is_refused(visit: Visit, sent: Delivery) -> None:
    body = json.dumps({"reports": [said(sent)]}).encode()
    headers = signed("sandbox", body, utcnow())
    assert visit().post("/callbacks/sms", content=body.replace(b"true", b"false"), headers=headers).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b'{"reports": [{}]}', b'{"reports": 1}', b"\xff", b"[" * 10_000])
def test_a_signed_body_that_is_none_is_said_to_be_none(visit: Visit, sent: Delivery, body: bytes) -> None:
    answer = visit().post("/callbacks/sms", content=body, headers=signed("sandbox", body, utcnow()))
    assert answer.status_code == 422
    assert stands() == [("accepted", "")]


# -- Alibaba Cloud


@pytest.fixture
def aliyun(sandbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "sms.yaml").write_text(REGISTER)
    for name, value in {
        "SMS_VENDOR": "aliyun", "SMS_URL": sandbox, "SMS_KEY_ID": "LTAI-of-the-tests", "SMS_KEY_SECRET": "secret of the tests",
        "SMS_TEMPLATES": str(tmp_path / "sms.yaml"), "SMS_REPORT_TOKEN": TOKEN,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    databases.forget_settings()
    return sandbox


def theirs(delivery: Delivery, **changed: Any) -> dict[str, Any]:
    """As the manual shows it."""
    at = f"{(AFTER + LATE).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return {
        "phone_number": NUMBER, "send_time": at, "report_time": at, "success": True, "err_code": "DELIVERED",
        "err_msg": "用户接收成功", "sms_size": "1", "biz_id": delivery.receipt, "out_id": str(delivery.id), **changed,
    }  # fmt: skip


def test_their_report_is_taken_at_its_own_address_and_answered_as_they_want_it(
    aliyun: str, visit: Visit, session: Session, mother: Person
) -> None:
    misbehave(aliyun, "sms_reports", "silent")
    tell(session, mother, NOON)
    work(AFTER)
    answer = visit().post(f"/callbacks/sms/aliyun/{TOKEN}", json=[theirs(texts()[0])])
    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    [row] = texts()
    assert (row.state, row.shown_at) == (DeliveryState.SHOWN, AFTER + LATE)


def test_their_failure_keeps_their_code_and_an_unreadable_time_is_no_matter(
    aliyun: str, visit: Visit, session: Session, mother: Person
) -> None:
    misbehave(aliyun, "sms_reports", "silent")
    tell(session, mother, NOON)
    work(AFTER)
    bad = theirs(texts()[0], success=False, err_code="MK:0001", report_time="yesterday")
    assert visit().post(f"/callbacks/sms/aliyun/{TOKEN}", json=[bad]).status_code == 200
    assert stands() == [("failed", "undelivered_MK:0001")]


@pytest.mark.parametrize("token", ["guessed", "%E9%82%BB", TOKEN[:-1]])
def test_at_a_guessed_address_there_is_nothing(aliyun: str, visit: Visit, sent: Delivery, token: str) -> None:
    assert visit().post(f"/callbacks/sms/aliyun/{token}", json=[theirs(sent)]).status_code == 404
    assert stands() == [("accepted", "")]


def test_without_a_token_the_address_is_closed(visit: Visit, sent: Delivery) -> None:
    assert visit().post("/callbacks/sms/aliyun/", json=[theirs(sent)]).status_code == 404
    assert visit().post("/callbacks/sms/aliyun/x", json=[theirs(sent)]).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b"[{}]", b'[{"biz_id": 1, "success": "maybe"}]'])
def test_a_body_of_theirs_that_is_none_is_said_to_be_none(aliyun: str, visit: Visit, body: bytes) -> None:
    assert visit().post(f"/callbacks/sms/aliyun/{TOKEN}", content=body).status_code == 422


def test_so_many_reports_at_once_and_no_more(visit: Visit, sent: Delivery) -> None:
    assert report(visit, *[said(sent)] * (sms_callbacks.MOST + 1)).status_code == 422
    assert report(visit, *[said(sent)] * sms_callbacks.MOST).status_code == 204

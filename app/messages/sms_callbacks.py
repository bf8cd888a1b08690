"""Delivery reports of the SMS vendor: late, twice, wrong or out of order, they only ever move a delivery towards the truth.

`shown` of a text means that the operator's network laid it on the handset. A report is believed when it names a delivery of
ours together with the receipt that we got for it; before we got one, it brings it. A success is never taken back.
"""

import hmac
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlmodel import Session, col, select
from starlette.responses import JSONResponse, Response

from app.core.clock import SHANGHAI
from app.core.errors import AppError, BadInput, NotFound
from app.core.settings import settings
from app.core.unit import Opened, router
from app.outside.signing import SIGNATURE, TIMESTAMP, holds

from .models import Channel, Delivery, DeliveryState
from .reasons import Because

log = logging.getLogger(__name__)
routes = router()
MOST = 1000
Text = Annotated[str, Field(max_length=100)]


class NotSigned(AppError):
    """A report without a signature of ours, or with one that is too old."""

    status = 401
    type = "not-signed"


class Report(NamedTuple):
    """What a vendor says became of a text; `key` is the delivery's id as we sent it along, `receipt` the vendor's own."""

    key: str
    receipt: str
    delivered: bool
    code: str
    at: datetime


class OurReport(BaseModel):
    """One report of our gateway."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    key: Text
    receipt: Text
    delivered: bool
    code: Text = ""
    at: AwareDatetime


class OurReports(BaseModel):
    """The body of POST /callbacks/sms."""

    reports: Annotated[list[OurReport], Field(max_length=MOST)]


class AliyunReport(BaseModel):
    """One report of Alibaba Cloud (SmsReport, HTTP); the number that it also names is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    out_id: Text = ""
    biz_id: Text
    success: bool
    err_code: Text = ""
    report_time: Text = ""

    @property
    def at(self) -> datetime:
        """When, by the clock in China; the beginning of time when it is not said."""
        try:
            return datetime.strptime(self.report_time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI).astimezone(UTC)
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)


ALIYUN = TypeAdapter(Annotated[list[AliyunReport], Field(max_length=MOST)])


async def _body(request: Request) -> bytes:
    return await request.body()


Raw = Annotated[bytes, Depends(_body)]


@routes.post("/callbacks/sms")
def reported(request: Request, unit: Opened, body: Raw) -> Response:
    """Reports of our gateway, signed with SMS_KEY_SECRET within the last five minutes."""
    secret, said = settings().sms_key_secret.get_secret_value(), request.headers
    if not holds(secret, said.get(TIMESTAMP, ""), said.get(SIGNATURE, ""), body, unit.now):
        raise NotSigned
    try:
        told = OurReports.model_validate_json(body).reports
    except ValidationError:
        raise BadInput("reports") from None
    record(unit.session, [Report(r.key, r.receipt, r.delivered, r.code, r.at) for r in told], unit.now)
    return Response(status_code=204)


@routes.post("/callbacks/sms/aliyun/{token}")
def reported_by_aliyun(token: str, unit: Opened, body: Raw) -> Response:
    """Reports of Alibaba Cloud, which signs none: whoever knows the address is believed as far as `record` believes anybody."""
    secret = settings().sms_report_token.get_secret_value()
    if not secret or not hmac.compare_digest(secret.encode(), token.encode()):
        raise NotFound
    try:
        told = ALIYUN.validate_json(body)
    except ValidationError:
        raise BadInput("reports") from None
    record(unit.session, [Report(r.out_id, r.biz_id, r.success, r.err_code, r.at) for r in told], unit.now)
    return JSONResponse({"code": 0, "msg": "OK"})


def record(session: Session, reports: Sequence[Report], now: datetime) -> int:
    """Write down what is news; gives how much was. What is about nothing of ours is left: the vendor need not send it again."""
    named = {report: _id(report.key) for report in reports}
    wanted = select(Delivery).where(col(Delivery.id).in_({i for i in named.values() if i}), Delivery.channel == Channel.SMS)
    known = {d.id: d for d in session.exec(wanted.order_by(col(Delivery.id)).with_for_update())}
    news = sum(_apply(known.get(key), report, now) for report, key in named.items() if key)
    session.add_all(known.values())
    if news < len(reports):
        log.info("SMS reports: %s of %s were news", news, len(reports))
    return news


def _id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _apply(delivery: Delivery | None, report: Report, now: datetime) -> bool:
    """Move one delivery on; its claim ends, so that a sender who comes with an older truth writes nothing."""
    if delivery is None or delivery.handed_at is None or delivery.state is DeliveryState.SHOWN:
        return False
    if delivery.receipt not in (None, report.receipt):
        log.warning("an SMS report names delivery %s with somebody else's receipt", delivery.id)
        return False
    at = min(max(report.at, delivery.accepted_at or delivery.handed_at), now)
    if report.delivered:
        delivery.state, delivery.because, delivery.shown_at = DeliveryState.SHOWN, "", at
    elif delivery.state in _OPEN:
        delivery.state, delivery.because = DeliveryState.FAILED, f"{Because.UNDELIVERED}_{report.code}"[:40].rstrip("_")
    else:
        return False
    delivery.receipt, delivery.claim, delivery.ended_at = report.receipt, None, at
    delivery.accepted_at = delivery.accepted_at or at
    return True


#: A failed report is news only while nothing better or final is known.
_OPEN: Iterable[DeliveryState] = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.ACCEPTED)

"""Alibaba Cloud's SMS as its manual describes it: SendSms and QuerySendDetails, each signature checked anew, its own reports.

Written from the manual and not from our client, so that the two can disagree.
"""

import asyncio
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote_plus
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.clock import local, utcnow
from app.core.settings import settings

from . import sms
from .store import Store

SIGN_NAME = "邻办"
#: The codes under which our templates are registered here.
CODES = {
    "SMS_900000001": ("sign-in-code", ""), "SMS_900000002": ("case-turn", "zh"), "SMS_900000003": ("case-turn", "en"),
    "SMS_900000004": ("case-decision", "zh"), "SMS_900000005": ("case-result", "zh"), "SMS_900000006": ("case-finished", "zh"),
    "SMS_900000007": ("test", "zh"),
}  # fmt: skip
#: Faults that are answers of this vendor: (status, code, words).
REFUSALS = {
    "fail": (500, "InternalError", "The request processing has failed due to some unknown error."),
    "throttled": (400, "Throttling.User", "Request was denied due to user flow control."),
    "bad_number": (200, "isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误"),
    "limited": (200, "isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1"),
    "denied": (200, "isp.RAM_PERMISSION_DENY", "没有访问权限"),
}


def _encode(text: str) -> str:
    """The manual's recipe for URL encoders that write forms: + is %20, * is %2A, %7E is ~."""
    return quote_plus(text, safe="").replace("+", "%20").replace("*", "%2A").replace("%7E", "~")


def _authorised(request: Request, body: bytes) -> str:
    """The code of what is wrong with a request's signature; empty when it holds."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(",") if "=" in part)
    names = parts.get("SignedHeaders", "").split(";")
    bearing = {name for name in request.headers if name.startswith("x-acs-") or name == "host"}
    if scheme != "ACS3-HMAC-SHA256" or parts.get("Credential") != settings().sms_key_id:
        return "InvalidAccessKeyId.NotFound"
    if set(names) != bearing or names != sorted(names):
        return "IncompleteSignature"
    query = "&".join(
        f"{_encode(name)}={_encode(value)}" for name, value in sorted(parse_qsl(request.url.query, keep_blank_values=True))
    )
    heads = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    hashed = hashlib.sha256(body).hexdigest()
    canonical = f"{request.method}\n{request.url.path}\n{query}\n{heads}\n{';'.join(names)}\n{hashed}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    secret = settings().sms_key_secret.get_secret_value().encode()
    right = hmac.new(secret, to_sign.encode(), hashlib.sha256).hexdigest()
    if request.headers["x-acs-content-sha256"] != hashed or not hmac.compare_digest(right, parts.get("Signature", "")):
        return "SignatureDoesNotMatch"
    sent = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return "" if abs(utcnow() - sent) <= timedelta(minutes=15) else "InvalidTimeStamp.Expired"


class Aliyun:
    """One account of the vendor, behind POST / of the sandbox."""

    def __init__(self, gateway: sms.Gateway) -> None:
        self.gateway = gateway
        self.nonces: set[str] = set()
        self.sent: list[dict[str, Any]] = []

    def forget(self) -> None:
        """Forget what was sent."""
        self.nonces.clear()
        self.sent.clear()

    async def serve(self, request: Request) -> Response:
        """POST /: one action, named in a header."""
        wrong, nonce = _authorised(request, await request.body()), request.headers.get("x-acs-signature-nonce", "")
        if wrong or nonce in self.nonces:
            return _answer(400, wrong or "SignatureNonceUsed")
        self.nonces.add(nonce)
        asked, action = dict(parse_qsl(request.url.query)), request.headers["x-acs-action"]
        if request.headers["x-acs-version"] != "2017-05-25" or action not in ("SendSms", "QuerySendDetails"):
            return _answer(404, "InvalidAction.NotFound")
        if action == "QuerySendDetails":
            return self._details(asked)
        return await self._send(request, asked)

    async def _send(self, request: Request, asked: dict[str, str]) -> Response:
        store: Store = request.app.state.store
        fault = store.next_fault("sms") or ""
        if fault in REFUSALS:
            return _answer(*REFUSALS[fault])
        if asked.get("SignName") != SIGN_NAME:
            return _answer(200, "isv.SMS_SIGNATURE_ILLEGAL", "签名不合法")
        if asked.get("TemplateCode") not in CODES:
            return _answer(200, "isv.SMS_TEMPLATE_ILLEGAL", "模板不合法")
        if not sms.NUMBER.fullmatch(asked["PhoneNumbers"]):
            return _answer(*REFUSALS["bad_number"])
        template, lang = CODES[asked["TemplateCode"]]
        try:
            words = sms.text(template, json.loads(asked["TemplateParam"]), lang)
        except KeyError:
            return _answer(200, "isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少对应参数值")
        receipt, out_id = f"{uuid4().int % 10**18}^0", asked.get("OutId", "")
        reported = self._report(store, asked["PhoneNumbers"], receipt, out_id)
        if reported != "failed":
            store.deliver(asked["PhoneNumbers"], words, utcnow())
        self.sent.append({"PhoneNum": asked["PhoneNumbers"], "OutId": out_id, "SendDate": local(utcnow()), "Content": words})
        if fault == "timeout":
            await asyncio.sleep(request.app.state.silence)
        if fault == "twice":
            return _answer(*REFUSALS["fail"])
        return JSONResponse({"Code": "OK", "Message": "OK", "BizId": receipt, "RequestId": str(uuid4())})

    def _report(self, store: Store, number: str, receipt: str, out_id: str) -> str:
        """To the address that the town would enter in the vendor's console; gives the fault of the report."""
        token = settings().sms_report_token.get_secret_value()
        if not token:
            return ""
        fault, moment = store.next_fault("sms_reports") or "", f"{local(utcnow()):%Y-%m-%d %H:%M:%S}"
        report = {
            "phone_number": number, "send_time": moment, "report_time": moment, "success": fault != "failed",
            "err_code": "MK:0001" if fault == "failed" else "DELIVERED", "err_msg": "", "sms_size": "1", "biz_id": receipt,
            "out_id": str(uuid4()) if fault == "lie" else out_id,
        }  # fmt: skip
        self.gateway.report(f"{settings().public_url}/callbacks/sms/aliyun/{token}", [report], fault)
        return fault

    def _details(self, asked: dict[str, str]) -> Response:
        found = [
            {**one, "SendDate": f"{one['SendDate']:%Y-%m-%d %H:%M:%S}", "SendStatus": 1, "ErrCode": ""}
            for one in self.sent
            if one["PhoneNum"] == asked["PhoneNumber"] and f"{one['SendDate']:%Y%m%d}" == asked["SendDate"]
        ]
        body = {"Code": "OK", "Message": "OK", "TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}
        return JSONResponse({**body, "RequestId": str(uuid4())})


def _answer(status: int, code: str, words: str = "") -> Response:
    return JSONResponse({"Code": code, "Message": words or code, "RequestId": str(uuid4())}, status)

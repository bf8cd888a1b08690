"""The SMS gateway: templates in Chinese and English, messages onto the phones, and signed delivery reports a moment later."""

import asyncio
import hashlib
import hmac
import json
import re
import ssl
import time
from string import Template
from typing import Any
from uuid import uuid4

import httpx
from starlette.requests import Request

from app.core.clock import utcnow
from app.core.settings import settings

from .store import Store
from .systems import Refused

#: The gateway's registered templates, as app/messages/texts.yaml has them; a message names its language, or carries both.
TEMPLATES: dict[str, dict[str, Template]] = {
    "sign-in-code": {
        "zh": Template("【邻办】验证码 $code，$minutes 分钟内有效。工作人员不会向您要验证码。"),
        "en": Template("[LinBan] Your code is $code, good for $minutes minutes. Nobody from us will ever ask you for it."),
    },
    "case-turn": {
        "zh": Template("【邻办】您的办件 $number 要补一项，请在$day补上。打开邻办，或打 $hotline。"),
        "en": Template(
            "[LinBan] Your case $number needs something from you: please reply $day. Open LinBan, or call $hotline."
        ),
    },
    "case-decision": {
        "zh": Template("【邻办】您的办件 $number 有一项决定。打开邻办看决定和理由，或打 $hotline。"),
        "en": Template("[LinBan] There is a decision in your case $number. Open LinBan to read it and why, or call $hotline."),
    },
    "case-result": {
        "zh": Template("【邻办】您的办件 $number 有一项办好了。打开邻办看结果，或打 $hotline。"),
        "en": Template("[LinBan] Part of your case $number is done. Open LinBan to see the result, or call $hotline."),
    },
    "case-finished": {
        "zh": Template("【邻办】您的办件 $number 每一项都有结果了。打开邻办看，或打 $hotline。"),
        "en": Template("[LinBan] Every part of your case $number has its result. Open LinBan, or call $hotline."),
    },
    "test": {
        "zh": Template("【邻办】试发成功，这个号码收得到短信。有事打 $hotline。"),
        "en": Template("[LinBan] It works: this number gets our texts. Questions: $hotline."),
    },
}
NUMBER = re.compile(r"1[3-9][0-9]{9}")
#: Beside the common faults: too busy, a number that is none. And what may be wrong with the report of a message: it comes
#: late, twice, about another message, says that nothing arrived, or never comes.
FAULTS, REPORT_FAULTS = ("throttled", "bad_number"), ("late", "twice", "lie", "failed", "silent")
#: Seconds after which a report is sent; a late one takes so many times longer.
REPORT_AFTER, LATE = 2.0, 20
REPORT_TRIES = 3


def text(template: str, params: dict[str, str], lang: str = "") -> str:
    """The message as it is sent; raises KeyError for an unknown template or a missing parameter."""
    parts = TEMPLATES[template]
    return "\n".join(parts[one].substitute(params) for one in ([lang] if lang else parts))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Ours and LinBan's: HMAC-SHA256 over `timestamp.body`, in hex."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def signed(request: Request, body: bytes) -> bool:
    """Whether LinBan signed a request, in the last five minutes."""
    timestamp = request.headers.get("linban-timestamp", "0")
    right = signature(settings().sms_key_secret.get_secret_value(), timestamp, body)
    recent = timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= 300
    return recent and hmac.compare_digest(right, request.headers.get("linban-signature", ""))


def refuse(fault: str) -> None:
    """The gateway's own faults; raises Refused."""
    if fault == "throttled":
        raise Refused("busy", 429, **{"Retry-After": "2"})
    if fault == "bad_number":
        raise Refused("bad_number")


class Gateway:
    """Sends, and reports after a while; `reports` are on their way."""

    def __init__(self, report_after: float = REPORT_AFTER) -> None:
        self.report_after = report_after
        self.reports: set[asyncio.Task[None]] = set()
        self.keys: list[str] = []

    def send(self, store: Store, asked: dict[str, Any]) -> dict[str, Any]:
        """Put a message on its phone; gives the receipt by which the report will name it."""
        number, template, params = asked["to"], asked["template"], asked["params"]
        if not NUMBER.fullmatch(number):
            raise Refused("bad_number")
        if template not in TEMPLATES or asked.get("lang", "") not in ("", *TEMPLATES[template]):
            raise Refused("unknown_template")
        words, receipt = text(template, params, asked.get("lang", "")), uuid4().hex
        fault = store.next_fault("sms_reports") or "" if asked.get("report_url") else ""
        if fault != "failed":
            store.deliver(number, words, utcnow())
        if asked.get("report_url"):
            report = {"key": asked["key"], "receipt": receipt, "delivered": fault != "failed", "at": utcnow().isoformat()}
            report["code"] = "UNDELIV" if fault == "failed" else "DELIVRD"
            self.report(asked["report_url"], self._lie(report) if fault == "lie" else report, fault)
            self.keys.append(asked["key"])
        return {"accepted": True, "receipt": receipt}

    def _lie(self, report: dict[str, Any]) -> dict[str, Any]:
        """A report that names another message, in our receipt's name."""
        return {**report, "key": self.keys[-1] if self.keys else str(uuid4())}

    def report(self, url: str, report: dict[str, Any] | list[dict[str, Any]], fault: str = "") -> None:
        """Send a report a moment from now: of our own format as an object, of another vendor's as its list."""
        after = self.report_after * (LATE if fault == "late" else 1)
        for _ in range({"silent": 0, "twice": 2}.get(fault, 1)):
            task = asyncio.get_running_loop().create_task(_post(url, report, after))
            self.reports.add(task)
            task.add_done_callback(self.reports.discard)

    def forget(self) -> None:
        """Send none of the reports that are still on their way."""
        for task in self.reports:
            task.cancel()
        self.keys.clear()


async def _post(url: str, report: dict[str, Any] | list[dict[str, Any]], after: float) -> None:
    body = json.dumps(report if isinstance(report, list) else {"reports": [report]}, ensure_ascii=False).encode()
    async with httpx.AsyncClient(trust_env=False, timeout=5, verify=_trusted()) as client:
        for _ in range(REPORT_TRIES):
            await asyncio.sleep(after)
            timestamp = str(int(time.time()))
            headers = {"Content-Type": "application/json", "Linban-Timestamp": timestamp}
            headers["Linban-Signature"] = signature(settings().sms_key_secret.get_secret_value(), timestamp, body)
            try:
                if (await client.post(url, content=body, headers=headers)).is_success:
                    return
            except httpx.HTTPError:
                continue


def _trusted() -> ssl.SSLContext:
    """The usual authorities, and the local one of `make run HTTPS=1`."""
    context, ours = ssl.create_default_context(), settings().data_dir / "ca" / "ca.crt"
    if ours.exists():
        context.load_verify_locations(ours)
    return context

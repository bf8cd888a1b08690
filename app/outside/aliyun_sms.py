"""Alibaba Cloud's SMS (阿里云短信服务): Dysmsapi 2017-05-25 over plain HTTP, signed ACS3-HMAC-SHA256 (its "V3" signature).

SendSms knows no idempotency key: its manual says to look the message up before a second try. So do we, by OutId.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

import yaml
from pydantic import BaseModel, ConfigDict

from app.core.clock import local, utcnow

from .sms import Answered, BadNumber, NotSent, SentLately, Wire, seconds, still

ENDPOINT = "https://dysmsapi.aliyuncs.com"
VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
#: How far back a first try may lie when we look for what became of it.
LOOK_BACK = timedelta(hours=13)


class Register(BaseModel):
    """What the vendor registered for a town (docs/operations.md): the sign name, and a code for each template and language."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sign_name: str
    templates: dict[str, dict[Literal["zh", "en"], str]]

    def language(self, template: str, wished: str) -> Literal["zh", "en"]:
        """The language in which a template is registered: the wished one, else Chinese. Raises NotSent."""
        known = self.templates.get(template, {})
        if wished == "en" and "en" in known:
            return "en"
        if "zh" not in known:
            raise NotSent("no_text", f"no code for {template}")
        return "zh"


def read_register(path: Path | None) -> Register:
    """The file that SMS_TEMPLATES names; raises ValueError saying what is wrong with it."""
    if path is None:
        raise ValueError("SMS_VENDOR=aliyun needs SMS_TEMPLATES: the file with the sign name and the templates' codes")
    return Register.model_validate(yaml.safe_load(path.read_text()))


def days(moment: datetime) -> list[str]:
    """The days, by the clock in China, on which a first try may have been made."""
    return sorted({f"{local(at):%Y%m%d}" for at in (moment, moment - LOOK_BACK)})


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def canonical_query(params: Mapping[str, str]) -> str:
    """The parameters in order of their names, percent-encoded as RFC 3986 has it."""
    return "&".join(f"{quote(name, safe='~')}={quote(params[name], safe='~')}" for name in sorted(params))


def canonical_request(query: str, headers: Mapping[str, str]) -> str:
    """What is signed, of a POST to `/` with an empty body; `headers` in small letters, every one of them signed."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    return "\n".join(("POST", "/", query, lines, ";".join(sorted(headers)), _sha256(b"")))


def authorization(key_id: str, secret: str, query: str, headers: Mapping[str, str]) -> str:
    """The Authorization header of a request."""
    to_sign = f"{ALGORITHM}\n{_sha256(canonical_request(query, headers).encode())}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(sorted(headers))},Signature={signature}"


#: The account: wrong key, no right, no money, a forbidden address. An operator can mend it while messages wait.
ACCOUNT = (
    "isp.RAM_PERMISSION_DENY", "isv.ACCOUNT_", "isv.OUT_OF_SERVICE", "isv.AMOUNT_NOT_ENOUGH", "isv.PRODUCT_UN",
    "isv.DENY_IP_RANGE", "Signature", "IncompleteSignature", "InvalidAccessKeyId", "InvalidTimeStamp", "Forbidden",
    "NoPermission",
)  # fmt: skip


def failure(answer: Answered) -> NotSent:
    """What an answer other than OK means to us (国内消息 API 错误码, and the gateway's own codes)."""
    code, words = str(answer.body.get("Code", "")), str(answer.body.get("Message", ""))
    if not code or code in ("isp.SYSTEM_ERROR", "InternalError", "ServiceUnavailable"):
        return NotSent("server_error", code or str(answer.status), passing=True, retry_after=seconds(answer.headers))
    if code.startswith("Throttling"):
        return NotSent("busy", code, passing=True, retry_after=seconds(answer.headers))
    if code == "isv.BUSINESS_LIMIT_CONTROL":  # this number got one in this minute, five in this hour, ten today
        wait = 60.0 if "分钟" in words else 3600.0 if "小时" in words else 6 * 3600.0
        return SentLately("busy", code, passing=True, retry_after=wait)
    if code in ("isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"):  # the town's own limits in the vendor's console
        return NotSent("busy", code, passing=True, retry_after=3600.0, host_down=True)
    if code == "isv.MOBILE_NUMBER_ILLEGAL":
        return BadNumber("bad_number", code)
    if any(part in code for part in ("TEMPLATE", "SIGN_", "SIGNATURE")) and code.startswith("isv."):
        return NotSent("no_text", code)
    if code.startswith(ACCOUNT):
        return NotSent("account", code, passing=True, host_down=True)
    return NotSent("refused", code)


@dataclass
class AliyunSms:
    """The vendor for one account; `nonce` and `now` are arguments so that a documented example can be signed again."""

    wire: Wire
    key_id: str
    secret: str
    register: Register
    nonce: Callable[[], str] = lambda: uuid4().hex
    now: Callable[[], datetime] = utcnow

    def send(
        self, number: str, template: str, params: Mapping[str, str], key: str, *, lang: str = "", again: bool = False,
        until: float = inf,
    ) -> str:  # fmt: skip
        """See Sms; our key travels as OutId."""
        code = self.register.templates.get(template, {}).get(self.register.language(template, lang), "")
        if again and self._taken(number, key):
            return ""
        values = json.dumps(dict(params), ensure_ascii=False, separators=(",", ":"))
        asked = {
            "PhoneNumbers": number, "SignName": self.register.sign_name, "TemplateCode": code, "TemplateParam": values,
            "OutId": key,
        }  # fmt: skip
        still(until)
        return str(self._ask("SendSms", asked).get("BizId", ""))[:100]

    def speaks(self, template: str, lang: str) -> str:
        """See Sms."""
        return self.register.language(template, lang)

    def close(self) -> None:
        """See Sms."""
        self.wire.close()

    def _taken(self, number: str, key: str) -> bool:
        """Whether the vendor has a message of this key, sent today or, after midnight, yesterday."""
        asked = {"PhoneNumber": number, "PageSize": "50", "CurrentPage": "1"}
        return any(key in _out_ids(self._ask("QuerySendDetails", {**asked, "SendDate": day})) for day in days(self.now()))

    def _ask(self, action: str, params: Mapping[str, str]) -> dict[str, Any]:
        """The body of an answer whose Code is OK; raises NotSent for any other."""
        query = canonical_query(params)
        headers = {
            "host": self.wire.host, "x-acs-action": action, "x-acs-version": VERSION, "x-acs-content-sha256": _sha256(b""),
            "x-acs-date": f"{self.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "x-acs-signature-nonce": self.nonce(),
        }  # fmt: skip
        signed = {**headers, "Authorization": authorization(self.key_id, self.secret, query, headers)}
        answer = self.wire.post(f"/?{query}", b"", signed)
        if answer.status == 200 and answer.body.get("Code") == "OK":
            return answer.body
        raise failure(answer)


def _out_ids(body: Mapping[str, Any]) -> set[str]:
    found = (body.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
    return {str(detail.get("OutId", "")) for detail in found if isinstance(detail, dict)}

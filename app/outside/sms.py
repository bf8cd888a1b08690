"""SMS over one door: what a vendor must do, what can go wrong, our own gateway's wire format, and patience for who waits."""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple, Protocol

import httpx

from app.core.clock import utcnow
from app.core.errors import N_, Outage

from .calls import whole
from .signing import signed


class NotSent(Outage):
    """A message was not handed over. `because` is a code of the ledger (messages/reasons.py), `code` the vendor's own.

    `passing`: a later try may better it, after `retry_after` seconds if the vendor named some. `host_down`: nothing of the
    vendor was reached, or it serves none of us now: every other message would fare the same.
    """

    def __init__(
        self, because: str, code: str = "", *, passing: bool = False, retry_after: float | None = None, host_down: bool = False
    ) -> None:
        super().__init__()
        self.because, self.code = because, code
        self.passing, self.retry_after, self.host_down = passing, retry_after, host_down


class BadNumber(NotSent):
    """The vendor knows no such number."""

    status = 422
    type = "bad-number"
    what = N_("这个号码收不了短信。")
    todo = N_("请换一个号码，或者打 %(hotline)s。")


class SentLately(NotSent):
    """The number got texts a moment ago, and the vendor lets one number have only so many in a minute, hour or day."""

    status = 429
    type = "sent-lately"
    what = N_("这个号码刚收过短信，要等一会儿才能再发。")
    todo = N_("请先看看收到的短信；没有的话，过几分钟再试，或者打 %(hotline)s。")


class Sms(Protocol):
    """An SMS vendor. Texts are templates registered with it; we send a template's name and its parameters."""

    def send(
        self, number: str, template: str, params: Mapping[str, str], key: str, *, lang: str = "", again: bool = False,
        until: float = inf,
    ) -> str:  # fmt: skip
        """Hand one message over, one attempt; gives the vendor's receipt id, by which its reports name the message.

        The same key again sends nothing new; `again` says that this key was tried before. Without `lang` the text is in both
        languages, where the vendor has such. An empty receipt: taken before, its id is not known. Nothing is
        handed over after `until` (time.monotonic): whoever asked has turned away and may ask anew. Raises NotSent.
        """

    def speaks(self, template: str, lang: str) -> str:
        """The language in which the vendor has a template: the wished one, else Chinese. Raises NotSent: it has none."""

    def close(self) -> None:
        """Give the connections back."""


class Answered(NamedTuple):
    """What came back; `body` is {} when it was no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


#: Seconds for a new connection; with Wire.timeout for the answer, what one request may take.
CONNECT = 2.0


@dataclass
class Wire:
    """One attempt at a time: `timeout` seconds for each step, no redirects, a bounded answer. Raises NotSent for silence."""

    base_url: str
    timeout: float = 3.0
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.base_url,
            timeout=httpx.Timeout(self.timeout, connect=CONNECT),
            follow_redirects=False,
            trust_env=False,
        )

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Answered:
        """The answer to one request, whatever its status."""
        try:
            with self.client.stream("POST", url, content=content, headers=dict(headers)) as response:
                raw = whole(response, self.timeout)
        except httpx.TimeoutException:
            raise NotSent("timeout", passing=True, host_down=True) from None
        except httpx.RequestError:
            raise NotSent("unreachable", passing=True, host_down=True) from None
        except ValueError:
            raise NotSent("server_error", "endless", passing=True) from None
        return Answered(response.status_code, response.headers, _object(raw))

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    @property
    def host(self) -> str:
        """The Host header: name, and the port where it is not the scheme's own."""
        return self.client.base_url.netloc.decode()


def _object(raw: bytes) -> dict[str, Any]:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def still(until: float) -> None:
    """Raises NotSent when the time for handing something over has passed."""
    if time.monotonic() > until:
        raise NotSent("timeout", "too late to begin", passing=True, host_down=True)


def seconds(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, at most a day; a date or nonsense is left to our own waits."""
    asked = headers.get("retry-after", "").strip()
    return min(float(asked), 86_400.0) if asked.isascii() and asked.isdecimal() else None


@dataclass
class HttpSms:
    """Our own gateway's format: JSON with an idempotency key, signed; every template in both languages.

    `report_url`: where delivery reports shall go; empty asks for none.
    """

    wire: Wire
    api_key: str
    secret: str
    report_url: str = ""

    def send(
        self, number: str, template: str, params: Mapping[str, str], key: str, *, lang: str = "", again: bool = False,
        until: float = inf,
    ) -> str:  # fmt: skip
        """See Sms. The gateway knows the key by itself, whether or not this is another try."""
        asked = {"to": number, "template": template, "lang": lang, "params": dict(params), "report_url": self.report_url}
        body = json.dumps(asked, ensure_ascii=False).encode()
        headers = {
            "Authorization": f"Bearer {self.api_key}", "Idempotency-Key": key, "Content-Type": "application/json",
            **signed(self.secret, body, utcnow()),
        }  # fmt: skip
        still(until)
        return self._receipt(self.wire.post("/sms/messages", body, headers), key)

    def _receipt(self, answer: Answered, key: str) -> str:
        error = answer.body.get("error")
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            raise NotSent("busy", passing=True, retry_after=seconds(answer.headers))
        if answer.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise NotSent("account", passing=True, host_down=True)
        if answer.status >= 500:
            raise NotSent("server_error", str(answer.status), passing=True, retry_after=seconds(answer.headers))
        if error == "bad_number":
            raise BadNumber("bad_number", error)
        if answer.status != httpx.codes.OK:
            raise NotSent("no_text" if error == "unknown_template" else "refused", str(error or answer.status)[:40])
        # An answer that does not name our key belongs to somebody else's request: never believe it.
        receipt = answer.body.get("receipt")
        if answer.body.get("key") != key or answer.body.get("accepted") is not True or not isinstance(receipt, str):
            raise NotSent("server_error", "answer", passing=True)
        return receipt[:100]

    def speaks(self, template: str, lang: str) -> str:
        """See Sms."""
        return lang

    def close(self) -> None:
        """See Sms."""
        self.wire.close()


@dataclass
class Patient:
    """The same door for somebody who waits for the message: a failure that passes is tried again, with full jitter."""

    sms: Sms
    tries: int = 3
    base: float = 0.1
    longest: float = 2.0
    wait: Callable[[float], None] = time.sleep

    def send(self, number: str, template: str, params: Mapping[str, str], key: str) -> str:
        """See Sms; the same key throughout, so that what arrived in spite of a broken answer is not sent twice."""
        for turn in range(self.tries):
            if turn:
                self.wait(random.uniform(0, min(self.longest, self.base * 2**turn)))  # noqa: S311 - jitter, no secret
            try:
                return self.sms.send(number, template, params, key, again=turn > 0)
            except NotSent as failed:
                if not failed.passing or failed.because == "account" or failed.retry_after or turn == self.tries - 1:
                    raise
        raise NotSent("timeout")  # no tries at all

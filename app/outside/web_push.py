"""Web push (RFC 8030): one message to one browser, encrypted for it (RFC 8291), signed by our key (VAPID, RFC 8292).

What became of it is told plainly; what it means for a delivery is decided in messages/push.py.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore
import httpx

from app.core.clock import utcnow
from app.core.push_keys import push_keys
from app.core.settings import settings

from . import push_endpoints as endpoints
from .lanes import LanesTransport
from .pinned import PinnedBackend, Refused, Resolve, resolve

#: Requests at a time to one push service; seconds for one in all, and for the body of its answer, which may weigh this much.
LANES, SECONDS, BODY_SECONDS, BODY_BYTES = 48, 9.0, 1.0, 4096
#: Bytes of a message before encryption: Safari takes 4 KB, with what encryption adds; some services on the way less.
MOST_BYTES = 2500
#: A signature holds for twelve hours (a day is the most that is allowed) and is used for four: clocks differ.
SIGNED_FOR, SIGNED_USED = timedelta(hours=12), timedelta(hours=4)


class Push(NamedTuple):
    """A message to a browser. `ttl` in seconds; `topic` at most 32 characters: a newer message of it replaces an older one.

    `sealed`: the body as encrypt() gives it, if that was done already.
    """

    endpoint: str
    p256dh: str
    auth: str
    key_id: str
    body: bytes
    ttl: int
    urgency: str
    topic: str
    sealed: bytes = b""


def encrypt(push: Push) -> bytes:
    """The body as its browser alone can read it (RFC 8291).

    Done in a batch ahead of sending (messages/push.py), it leaves the loop to the wire.
    """
    from pywebpush import WebPusher  # with it come aiohttp and requests: only the worker pays for them

    keys = {"p256dh": push.p256dh, "auth": push.auth}
    sealed: bytes = WebPusher({"endpoint": push.endpoint, "keys": keys}).encode(push.body, "aes128gcm")["body"]
    return sealed


@dataclass(frozen=True)
class Answer:
    """What a push service said: its status, where it put the message, when to come again (seconds), why not (its words).

    Without a status, `fault` says why: bad_endpoint, private_address (nothing was connected), timeout, unreachable.
    """

    status: int = 0
    fault: str = ""
    location: str = ""
    retry_after: float | None = None
    reason: str = ""


class WebPush:
    """The client; it belongs to one event loop. `resolver`: how names are looked up."""

    def __init__(self, resolver: Resolve = resolve) -> None:
        from py_vapid import Vapid02  # as pywebpush, only for the worker

        self._vapid: Callable[..., Any] = Vapid02
        self._signed: dict[tuple[str, str], tuple[datetime, str]] = {}
        context = ssl.create_default_context()
        self.testing = settings().push_test_ca
        if self.testing:
            context.load_verify_locations(self.testing)
        self.hosts = settings().push_hosts
        # Straight to the transport: an httpx client would add cookies, redirects and a log line with the endpoint in it.
        self.http = LanesTransport(PinnedBackend(self._allowed, resolver), context, LANES)

    def _allowed(self, host: str, address: str) -> bool:
        here = bool(self.testing) and host in endpoints.LOOPBACK and endpoints.loopback(address)
        return here or endpoints.public(address)

    async def send(self, push: Push) -> Answer:
        """Hand one message over. Raises nothing and never takes longer than SECONDS."""
        try:
            where = endpoints.check(push.endpoint, self.hosts, loopback=bool(self.testing))
            async with asyncio.timeout(SECONDS):
                return await self._exchange(self._request(push, where.origin))
        except (endpoints.BadEndpoint, httpx.InvalidURL, UnicodeError):  # the latter from names that no resolver takes
            return Answer(fault="bad_endpoint")
        except Refused:
            return Answer(fault="private_address")
        except TimeoutError:
            return Answer(fault="timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError):
            return Answer(fault="unreachable")

    async def _exchange(self, request: httpx.Request) -> Answer:
        response = await self.http.handle_async_request(request)
        reason = await _read(response)
        headers = response.headers
        return Answer(
            response.status_code, "", headers.get("location", ""), _seconds(headers.get("retry-after", ""), utcnow()), reason
        )

    def _request(self, push: Push, origin: str) -> httpx.Request:
        headers = {
            "TTL": str(push.ttl), "Urgency": push.urgency, "Topic": push.topic, "Content-Encoding": "aes128gcm",
            "Authorization": self._authorization(origin, push.key_id),
        }  # fmt: skip
        return httpx.Request("POST", push.endpoint, headers=headers, content=push.sealed or encrypt(push))

    def _authorization(self, origin: str, key_id: str) -> str:
        """Our signature for an origin, made once in hours. A fresh dict of claims each time: the library writes into it."""
        now = utcnow()
        made, header = self._signed.get((origin, key_id), (now, ""))
        if header and timedelta(0) <= now - made < SIGNED_USED:
            return header
        vapid = self._vapid(push_keys().known[key_id], {"no-strict": True})  # its strict pattern knows no port in `sub`
        claims: Mapping[str, Any] = {"aud": origin, "exp": int((now + SIGNED_FOR).timestamp()), "sub": contact()}
        header = str(vapid.sign(claims)["Authorization"])
        self._signed[origin, key_id] = now, header
        return header

    def forget(self, endpoint: str) -> None:
        """Sign anew for an endpoint's push service: it refused our signature, perhaps because the clock was put right."""
        host = urlsplit(endpoint).hostname
        for known in [known for known in self._signed if urlsplit(known[0]).hostname == host]:
            del self._signed[known]

    async def close(self) -> None:
        """Give the connections back."""
        await self.http.aclose()


def contact() -> str:
    """Whom a push service can ask about us (`sub`): PUSH_CONTACT, or where people reach us; Apple refuses localhost."""
    return settings().push_contact or f"https://{urlsplit(settings().public_url).hostname}"


async def _read(response: httpx.Response) -> str:
    """The beginning of the answer's body; one that is long or does not end is cut off, and only its status counts."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in response.stream:  # type: ignore[union-attr] # an asynchronous response has this kind
                body += part
                if len(body) > BODY_BYTES:
                    break
    except (TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    finally:
        await response.aclose()
    return body[:200].decode("utf-8", "replace")


def _seconds(text: str, now: datetime) -> float | None:
    """Retry-After in seconds from now, written as seconds or as a date (RFC 9110 §10.2.3); None when it is neither."""
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())

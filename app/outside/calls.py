"""One way to call a system outside: a timeout, retries with full jitter, one idempotency key, and an answer to that key."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.core.errors import Outage

#: Answers that a later try may better: busy, broken, or not there for the moment.
PASSING = {429, 500, 502, 503, 504}
#: What an answer may weigh: the longest that any of our systems gives is a few kilobytes.
MOST_BYTES = 512 * 1024


def whole(response: httpx.Response, seconds: float) -> bytes:
    """The body of an answer; what never ends, by its size or drop by drop, raises ValueError."""
    body, until = bytearray(), time.monotonic() + seconds
    for part in response.iter_bytes():
        body += part
        if len(body) > MOST_BYTES or time.monotonic() > until:
            raise ValueError
    return bytes(body)


@dataclass
class Line:
    """A connection to one system. `tries` calls at most, `timeout` seconds each; waits grow as random(0, base * 2**n)."""

    base_url: str
    api_key: str
    timeout: float = 3.0
    tries: int = 3
    base: float = 0.1
    longest: float = 2.0
    wait: Callable[[float], None] = time.sleep
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.base_url,
            timeout=self.timeout,
            headers={"Authorization": f"Bearer {self.api_key}"},
            follow_redirects=False,
            trust_env=False,
        )

    def ask(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        """The answer to one request. Raises Outage when the other side stays silent, broken, or answers something else."""
        for turn in range(self.tries):
            if turn:
                self.wait(random.uniform(0, min(self.longest, self.base * 2**turn)))  # noqa: S311 - jitter, no secret
            answer = self._once(path, body, key)
            if answer is not None:
                return answer
        raise Outage

    def _once(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        """The answer, or None when another try may help; raises Outage when it cannot."""
        try:
            with self.client.stream("POST", path, json=body, headers={"Idempotency-Key": key}) as response:
                if response.status_code in PASSING:
                    return None
                answer = json.loads(whole(response, self.timeout))
        except (httpx.RequestError, ValueError, RecursionError):
            return None
        if response.status_code != httpx.codes.OK:
            raise Outage
        # An answer that does not name our key belongs to somebody else's request: never believe it.
        return answer if isinstance(answer, dict) and answer.get("key") == key else None

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

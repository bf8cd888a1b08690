"""A resident's browser without a browser: cookies, our own pages' headers, and the sandbox's phones to look at."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.conftest import Visit

Received = Callable[[str], list[str]]


@pytest.fixture
def received(sandbox: str) -> Received:
    """The codes that a phone received, newest first."""

    def look(number: str) -> list[str]:
        answer = httpx.get(f"{sandbox}/sandbox/phones/{number}", headers={"Accept": "application/json"}, trust_env=False)
        return [re.search(r"\d{6}", message["text"])[0] for message in answer.json()]  # type: ignore[index]

    return look


@pytest.fixture
def client(visit: Visit) -> Iterator[httpx.Client]:
    """A browser that nobody has signed in with."""
    return visit()


@pytest.fixture
def sign_in(received: Received) -> Callable[..., httpx.Response]:
    """sign_in(client, number, next): ask for a code and use it; gives the last answer."""

    def do(client: httpx.Client, number: str, way: str = "/") -> httpx.Response:
        assert client.post("/sign-in", data={"phone": number, "next": way}).status_code == 303
        return client.post("/sign-in/code", data={"code": received(number)[0]})

    return do

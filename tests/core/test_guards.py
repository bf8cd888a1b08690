"""Who may send an unsafe request: by Sec-Fetch-Site, else Origin, else only without a cookie."""

import pytest
from starlette.datastructures import Headers

from app.core.guards import foreign
from app.core.settings import settings

HOST = "lin.example:8443"


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://lin.example")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "same-origin", "cookie": "a=b"}, False),
        ({"sec-fetch-site": "none", "cookie": "a=b"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://lin.example"}, True),
        ({"sec-fetch-site": "anything"}, True),
        ({"origin": "https://lin.example"}, False),
        ({"origin": "https://lin.example:8443"}, False),
        ({"origin": "http://lin.example:8443"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "https://lin.example.evil.example"}, True),
        ({"origin": "https://lin.example@evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"cookie": "linban_session=x"}, True),
        ({}, False),
        ({"authorization": "Bearer x"}, False),
    ],
)
def test_unsafe_requests_from_elsewhere_are_refused(public: None, headers: dict[str, str], refused: bool) -> None:
    assert foreign(Headers(headers), HOST) is refused


def test_an_origin_never_matches_a_missing_host(public: None) -> None:
    assert foreign(Headers({"origin": "null"}), "")
    assert foreign(Headers({"origin": "https://"}), "")


def test_on_http_localhost_the_host_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:8000")
    settings.cache_clear()
    assert not foreign(Headers({"origin": "http://127.0.0.1:8000"}), "127.0.0.1:8000")
    assert foreign(Headers({"origin": "http://127.0.0.1:9000"}), "127.0.0.1:8000")
    settings.cache_clear()

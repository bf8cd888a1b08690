"""Fixtures for every room: a real migrated database, the real server and sandbox over HTTP, and a phone in Chromium.

TEST_DATABASE=postgresql runs everything on PostgreSQL. Nothing here reaches beyond this machine: other sockets are refused.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.tokens import COOKIE, STAFF_COOKIE
from app.core import db, shared
from app.core.settings import Settings
from tests.support import browsers, databases, push_service, servers, sockets

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing answers there


def pytest_configure() -> None:
    """What the surroundings say about an installation does not concern the tests."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever drives Chromium is a browser test."""
    for item in items:
        if {"chromium", "browser", "phone", "desk_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a test that did not pass: what it needs must be installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("tests were skipped; nothing may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """A test that would reach the network fails."""
    with sockets.loopback_only():
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """argon2id with next to no work: what it costs an attacker is not what the tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.accounts.passwords.hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Templates]:
    """A migrated database with the catalogue published, made once per run and copied for each test."""
    with databases.make_templates(tmp_path_factory.mktemp("template"), os.environ.get("TEST_DATABASE", "sqlite")) as made:
        yield made


@pytest.fixture
def database(tmp_path: Path, templates: databases.Templates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A fresh database of this test's own, with keys, blobs and settings in a folder of its own."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(templates.keys, data / "keys.json")
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("SANDBOX_URL", NOBODY)
    with templates.copy(data) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        databases.forget()
        from app import wiring

        wiring.listen()
        monkeypatch.setattr(shared, "FRESH", 3600.0)  # a slow moment must not cost a counted query; changes are seen at once
        shared.refresh()
        try:
            yield db.engine()
        finally:
            databases.forget()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A writing session; tests commit when somebody else must see what they wrote (on SQLite it holds the write lock)."""
    with Session(db.writer(), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The outside world in a thread, once per run."""
    from app.sandbox.main import make_app
    from app.sandbox.store import Store

    store = Store(tmp_path_factory.mktemp("sandbox") / "sandbox.db")
    with servers.serve(make_app(store, silence=1.0, report_after=0.05)) as url:
        yield url
    store.close()


@pytest.fixture
def sandbox(database: Engine, sandbox_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Base URL of the outside world, with nothing but the demo people in it."""
    httpx.post(f"{sandbox_server}/sandbox/reset", trust_env=False).raise_for_status()
    monkeypatch.setenv("SANDBOX_URL", sandbox_server)
    databases.forget_settings()
    return sandbox_server


@pytest.fixture(scope="session")
def web_server() -> Iterator[str]:
    """The real application in a thread, once per run; it finds each test's database through the settings."""
    from app.main import app

    with servers.serve(app) as url:
        yield url


@pytest.fixture
def server(database: Engine, sandbox: str, web_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Base URL of the real application on this test's database and the sandbox."""
    monkeypatch.setenv("PUBLIC_URL", web_server)
    databases.forget_settings()
    shared.refresh()
    return web_server


@pytest.fixture(scope="session")
def push_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[push_service.PushService]:
    """A push service over TLS on this machine, once per run."""
    with push_service.serving(tmp_path_factory.mktemp("push")) as served:
        yield served


@pytest.fixture
def pushes(
    database: Engine, push_server: push_service.PushService, monkeypatch: pytest.MonkeyPatch
) -> push_service.PushService:
    """The push service, empty, answering 201; our settings let us reach it and trust its authority."""
    push_server.forget()
    monkeypatch.setenv("PUSH_TEST_CA", str(push_server.ca))
    databases.forget_settings()
    return push_server


Visit = Callable[..., httpx.Client]


@pytest.fixture
def visit(server: str) -> Iterator[Visit]:
    """visit(token=None, bearer=False, staff=None, **headers): an HTTP client of our own pages, signed in by a token of
    make_signed_in, and as staff by one of make_staff_signed_in.

    Redirects are not followed; unsafe requests say that they come from our own pages, as browsers do.
    """
    opened: list[httpx.Client] = []

    def open_client(
        token: str | None = None, *, bearer: bool = False, staff: str | None = None, **headers: str
    ) -> httpx.Client:
        client = httpx.Client(base_url=server, trust_env=False, headers={"Sec-Fetch-Site": "same-origin", **headers})
        if token and bearer:
            client.headers["Authorization"] = f"Bearer {token}"
        elif token:
            client.cookies.set(COOKIE, token, domain="127.0.0.1")
        if staff:
            client.cookies.set(STAFF_COOKIE, staff, domain="127.0.0.1")
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium per run: Debian's if it is there, else Playwright's own."""
    with browsers.chromium() as started:
        yield started


@pytest.fixture
def browser(chromium: Any, server: str) -> Iterator[browsers.Open]:
    """browser(**context options): a fresh watched page; console errors and CSP violations fail the test."""
    with browsers.pages(chromium, server) as open_page:
        yield open_page


@pytest.fixture
def phone(browser: browsers.Open) -> Any:
    """A page on a phone: 390 by 844, touch, Chinese, Shanghai time."""
    return browser(**browsers.PHONE)


@pytest.fixture
def desk_page(browser: browsers.Open) -> Any:
    """A page on a department's desktop: 1280 by 800."""
    return browser(**browsers.DESK)

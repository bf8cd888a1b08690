"""Several server processes on one database: whatever one of them knows, all of them know."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from sqlmodel import func, select

from app.cases.models import Case
from app.core import crypto, db
from tests.bench.world import arrived
from tests.factories import MOTHER, make_person, make_signed_in
from tests.long.conftest import served

pytestmark = pytest.mark.long
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def two(installation: None, sandbox_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Base URLs of two processes of one installation."""
    httpx.post(f"{sandbox_server}/sandbox/reset", trust_env=False).raise_for_status()
    monkeypatch.setenv("SANDBOX_URL", sandbox_server)
    with ExitStack() as stack:
        yield [f"http://127.0.0.1:{stack.enter_context(served())[0]}" for _ in range(2)]


def browser(url: str, cookies: httpx.Cookies | None = None) -> httpx.Client:
    return httpx.Client(base_url=url, headers=OURS, cookies=cookies, trust_env=False, timeout=30)


def test_a_sign_in_begun_at_one_goes_on_at_the_other_and_ends_at_both(two: list[str], sandbox_server: str) -> None:
    with browser(two[0]) as first, browser(two[1]) as second:
        assert first.post("/sign-in", data={"phone": MOTHER.phone}).status_code == 303
        phone = f"{sandbox_server}/sandbox/phones/{MOTHER.phone}"
        text = httpx.get(phone, headers={"Accept": "application/json"}, trust_env=False).json()[0]["text"]
        code = re.search(r"\d{6}", text)
        assert code is not None
        second.cookies.update(first.cookies)
        assert second.post("/sign-in/code", data={"code": code[0]}).status_code == 303
        first.cookies.update(second.cookies)
        assert first.post("/sign-in/code", data={"code": code[0]}).status_code in (303, 422)
        assert first.get("/real-name").status_code == 200
        assert second.post("/sign-out").status_code == 303
        assert first.get("/real-name").headers["location"].startswith("/sign-in")


def test_twenty_replays_at_two_processes_are_one_case(two: list[str]) -> None:
    with db.writing() as session:
        person = make_person(session, MOTHER)
        token = make_signed_in(session, person, bearer=True)
        filing = arrived(session, person)

    def send(number: int) -> httpx.Response:
        url = two[number % 2] + filing.ask["path"]
        return httpx.post(url, json=filing.body, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60)

    with ThreadPoolExecutor(20) as phones:
        answers = list(phones.map(send, range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Case)).one() == 1


def test_a_running_process_reads_what_was_sealed_with_a_newer_key(two: list[str]) -> None:
    crypto.rotate()
    with db.writing() as session:
        person = make_person(session, MOTHER)
        token = make_signed_in(session, person)
    for url in two:
        with browser(url, httpx.Cookies({"linban_session": token})) as client:
            assert "王**" in client.get("/me").text


def test_filings_at_both_at_once_get_numbers_without_a_gap(two: list[str]) -> None:
    with db.writing() as session:
        person = make_person(session, MOTHER)
        token = make_signed_in(session, person, bearer=True)
        filings = [arrived(session, person) for _ in range(40)]

    def send(number: int) -> str:
        filing = filings[number]
        url = two[number % 2] + filing.ask["path"]
        answer = httpx.post(url, json=filing.body, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60)
        assert answer.status_code == 201, answer.text
        return answer.text

    with ThreadPoolExecutor(8) as phones:
        list(phones.map(send, range(40)))
    with db.reading() as session:
        numbers = sorted(int(number[6:11]) for number in session.exec(select(Case.number)))
    assert numbers == list(range(1, 41))

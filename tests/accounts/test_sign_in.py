"""A resident signs in with a code by SMS."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from sqlmodel import select
from starlette.requests import Request

from app.accounts import api, routes
from app.accounts import sign_in as rules
from app.accounts.errors import CodeGone, WrongCode
from app.accounts.models import Budget, Consent, ConsentKind, Phone, SessionRow, SignInCode
from app.core import db
from app.core.clock import utcnow
from app.core.errors import TooMany
from app.core.settings import settings
from tests.accounts.conftest import Received
from tests.conftest import Visit

NUMBER, OTHER = "13800006021", "13912345678"
SignIn = Callable[..., httpx.Response]
NOW = utcnow()


def test_a_code_by_sms_signs_a_phone_in(client: httpx.Client, sign_in: SignIn) -> None:
    answer = sign_in(client, NUMBER, "/cases")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/real-name?next=%2Fcases"
    cookie = answer.headers["set-cookie"]
    assert "linban_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_known_and_unknown_numbers_get_the_same_answer(visit: Visit, sign_in: SignIn) -> None:
    sign_in(visit(), NUMBER)
    known, unknown = (visit().post("/sign-in", data={"phone": n}) for n in (NUMBER, OTHER))
    for part in ("status_code", "text"):
        assert getattr(known, part) == getattr(unknown, part)
    assert known.headers["location"] == unknown.headers["location"]
    assert len(known.headers["set-cookie"]) == len(unknown.headers["set-cookie"])


def test_the_page_after_asking_shows_the_number_masked(client: httpx.Client) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    page = client.get("/sign-in/code").text
    assert "138****6021" in page
    assert NUMBER not in page


@pytest.mark.parametrize("typed", ["138 0000 6021", "+86 138-0000-6021", " 13800006021 ", "１３８００００６０２１"])
def test_a_number_may_be_typed_as_people_type_it(client: httpx.Client, received: Received, typed: str) -> None:
    assert client.post("/sign-in", data={"phone": typed}).status_code == 303
    assert len(received(NUMBER)) == 1


@pytest.mark.parametrize("typed", ["", "1380000602", "138000060211", "23800006021", "1380000602a", "😀"])
def test_what_is_no_mobile_number_is_said_and_kept(client: httpx.Client, typed: str) -> None:
    answer = client.post("/sign-in", data={"phone": typed, "next": "/cases"})
    assert answer.status_code == 422
    assert "手机号是 11 位数字" in answer.text
    assert 'value="/cases"' in answer.text
    if typed:
        assert typed in answer.text


def test_a_code_works_once(client: httpx.Client, visit: Visit, received: Received) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    pending = dict(client.cookies)
    assert client.post("/sign-in/code", data={"code": received(NUMBER)[0]}).status_code == 303
    again = visit()
    again.cookies.update(pending)
    answer = again.post("/sign-in/code", data={"code": received(NUMBER)[0]})
    assert answer.status_code == 422
    assert "这个验证码不能用了" in answer.text


def test_another_browser_cannot_use_the_code(client: httpx.Client, visit: Visit, received: Received) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    mine = received(NUMBER)[0]
    thief = visit()
    assert thief.post("/sign-in/code", data={"code": mine}).headers["location"] == "/sign-in"
    thief.post("/sign-in", data={"phone": NUMBER})
    assert thief.post("/sign-in/code", data={"code": mine}).status_code == 422
    assert client.post("/sign-in/code", data={"code": mine}).status_code == 303


def test_asking_for_a_strangers_number_does_not_end_their_sign_in(
    client: httpx.Client, visit: Visit, received: Received
) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    mine = received(NUMBER)[0]
    visit().post("/sign-in", data={"phone": NUMBER})
    assert client.post("/sign-in/code", data={"code": mine}).status_code == 303


def test_five_wrong_tries_end_a_code(client: httpx.Client, received: Received) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    right = received(NUMBER)[0]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answers = [client.post("/sign-in/code", data={"code": wrong}) for _ in range(5)]
    assert [a.status_code for a in answers] == [422] * 5
    for left, answer in zip((4, 3, 2, 1), answers, strict=False):
        assert f"还可以试 {left} 次" in answer.text
    assert "这个验证码不能用了" in answers[4].text
    assert client.post("/sign-in/code", data={"code": right}).status_code == 422


def test_a_code_lives_five_minutes(database: object) -> None:
    with db.writing() as session:
        asked = rules.ask_code(session, NUMBER, "10.0.0.1", NOW)
    with db.writing() as session:
        late = rules.check_code(session, NUMBER, asked.code, asked.request, NOW + timedelta(minutes=5))
        assert isinstance(late, CodeGone)
    with db.writing() as session:
        in_time = NOW + timedelta(minutes=4, seconds=59)
        assert rules.check_code(session, NUMBER, asked.code, asked.request, in_time) is None


def test_codes_and_numbers_rest_only_as_fingerprints(client: httpx.Client, received: Received) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    with db.reading() as session:
        row = session.exec(select(SignInCode)).one()
        budgets = session.exec(select(Budget.subject)).all()
    code = received(NUMBER)[0]
    resting = f"{row} {budgets}"
    assert NUMBER not in resting
    assert f"{code}'" not in resting
    assert "127.0.0.1" not in resting


def test_a_number_gets_five_codes_an_hour(client: httpx.Client, received: Received) -> None:
    for _ in range(5):
        assert client.post("/sign-in", data={"phone": NUMBER}).status_code == 303
    answer = client.post("/sign-in", data={"phone": NUMBER})
    assert answer.status_code == 429
    assert "分钟后再试" in answer.text
    assert len(received(NUMBER)) == 5
    assert client.post("/sign-in", data={"phone": OTHER}).status_code == 303


@pytest.mark.parametrize(
    ("setting", "again"),
    [("codes_per_number_hour", {"address": "10.0.0.2"}), ("codes_per_address_hour", {"number": OTHER}), ("codes_per_day", {})],
)
def test_each_budget_stops_on_its_own(
    database: object, monkeypatch: pytest.MonkeyPatch, setting: str, again: dict[str, str]
) -> None:
    monkeypatch.setattr(settings(), setting, 1)
    first = {"number": NUMBER, "address": "10.0.0.1"}
    with db.writing() as session:
        rules.ask_code(session, first["number"], first["address"], NOW)
    other = {"number": OTHER, "address": "10.0.0.2"} if setting == "codes_per_day" else first | again
    with pytest.raises(TooMany), db.writing() as session:
        rules.ask_code(session, other["number"], other["address"], NOW)
    later = NOW + (timedelta(days=1) if setting == "codes_per_day" else timedelta(hours=1))
    with db.writing() as session:
        rules.ask_code(session, other["number"], other["address"], later)


def test_a_refused_request_spends_nothing(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "codes_per_address_hour", 1)
    with db.writing() as session:
        rules.ask_code(session, NUMBER, "10.0.0.1", NOW)
    with pytest.raises(TooMany), db.writing() as session:
        rules.ask_code(session, OTHER, "10.0.0.1", NOW)
    with db.reading() as session:
        assert sum(session.exec(select(Budget.used).where(Budget.purpose == "code/number"))) == 1


def test_an_sms_outage_is_said_and_the_number_kept(client: httpx.Client, sandbox: str) -> None:
    httpx.post(f"{sandbox}/sandbox/faults", json={"system": "sms", "kind": "fail", "times": 10}, trust_env=False)
    answer = client.post("/sign-in", data={"phone": NUMBER})
    assert answer.status_code == 503
    assert NUMBER in answer.text


def test_a_number_that_gets_no_texts_is_said_to_be_one(client: httpx.Client, sandbox: str) -> None:
    httpx.post(f"{sandbox}/sandbox/faults", json={"system": "sms", "kind": "bad_number", "times": 1}, trust_env=False)
    answer = client.post("/sign-in", data={"phone": NUMBER})
    assert (answer.status_code, "这个号码收不了短信" in answer.text, NUMBER in answer.text) == (422, True, True)


def test_signing_in_records_the_terms_once_per_version(client: httpx.Client, visit: Visit, sign_in: SignIn) -> None:
    sign_in(client, NUMBER)
    sign_in(visit(), NUMBER)
    with db.reading() as session:
        given = session.exec(select(Consent)).all()
    assert [(c.kind, c.version) for c in given] == [(ConsentKind.TERMS, rules.TERMS_VERSION)]


@pytest.mark.parametrize(
    ("way", "leads"),
    [
        ("/cases", "/cases"), ("/forms/newborn/ab/1?draft=7&x=1", "/forms/newborn/ab/1?draft=7&x=1"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"), ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("\\\\evil.example", "/"), ("/\r\nX: y", "/"),
        ("/x\\..\\y", "/"),
    ],
)  # fmt: skip
def test_the_way_back_stays_within_our_own_pages(client: httpx.Client, sign_in: SignIn, way: str, leads: str) -> None:
    answer = sign_in(client, NUMBER, way)
    assert answer.headers["location"] == f"/real-name?next={quote(leads, safe='')}"
    page = client.get("/sign-in", params={"next": way})
    assert "evil" not in page.text.replace("evil.example/", "")


def test_a_tampered_sign_in_cookie_starts_again(client: httpx.Client) -> None:
    client.cookies.set("linban_sign_in", "AAAA", domain="127.0.0.1")
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    assert client.post("/sign-in/code", data={"code": "123456"}).headers["location"] == "/sign-in"


def test_programs_sign_in_for_a_bearer_token(visit: Visit, received: Received) -> None:
    program = visit()
    for number in (NUMBER, OTHER):
        assert program.post("/api/sign-in/code", json={"phone": number}).status_code == 202
    body = {"phone": NUMBER, "code": received(NUMBER)[0]}
    answer = program.post("/api/sign-in", json=body)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_at"}
    assert answer.headers["cache-control"] == "no-store"
    again = program.post("/api/sign-in", json=body)
    assert again.status_code == 422
    assert again.json()["type"] == "/problems/code-gone"


def test_a_code_for_a_browser_is_no_code_for_a_program(client: httpx.Client, received: Received) -> None:
    client.post("/sign-in", data={"phone": NUMBER})
    answer = client.post("/api/sign-in", json={"phone": NUMBER, "code": received(NUMBER)[0]})
    assert answer.status_code == 422


def test_unknown_fields_of_the_api_are_refused(client: httpx.Client) -> None:
    assert client.post("/api/sign-in/code", json={"phone": NUMBER, "sms": "hi"}).status_code == 422
    assert client.post("/api/sign-in/code", content=b"{", headers={"Content-Type": "application/json"}).status_code == 422


def test_wrong_code_says_how_many_tries_are_left(database: object) -> None:
    with db.writing() as session:
        asked = rules.ask_code(session, NUMBER, "a", NOW)
    wrong = f"{(int(asked.code) + 1) % 1_000_000:06d}"
    with db.writing() as session:
        refusal = rules.check_code(session, NUMBER, wrong, asked.request, NOW)
    assert isinstance(refusal, WrongCode)
    assert refusal.params == {"left": 4}


def test_two_first_sign_ins_at_once_make_one_phone(database: object) -> None:
    with db.writing() as session:
        first = rules._known_phone(session, NUMBER, NOW)
        second = rules._known_phone(session, NUMBER, NOW)
        assert first.id == second.id
    with db.reading() as session:
        assert len(session.exec(select(Phone)).all()) == 1
        assert session.exec(select(SessionRow)).all() == []


def test_the_same_code_twice_is_two_messages_to_the_gateway(
    client: httpx.Client, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "new_code", lambda: "246810")
    for number in (NUMBER, OTHER, NUMBER):
        assert client.post("/api/sign-in/code", json={"phone": number}).status_code == 202
    assert (len(received(NUMBER)), len(received(OTHER))) == (2, 1)


def request_from(host: str) -> Request:
    return Request({"type": "http", "client": (host, 1), "headers": []})


def test_a_code_of_the_api_is_bound_to_the_network_that_asked_for_it(database: object) -> None:
    here, there = (api.request_of(request_from(host)) for host in ("203.0.113.7", "198.51.100.9"))
    with db.writing() as session:
        asked = rules.ask_code(session, NUMBER, "a", NOW, here)
        for _ in range(5):
            assert isinstance(rules.check_code(session, NUMBER, "000000", there, NOW), CodeGone)
        rules.ask_code(session, NUMBER, "b", NOW, there)
        assert rules.check_code(session, NUMBER, asked.code, here, NOW) is None


def test_a_subscribers_many_addresses_have_one_budget() -> None:
    hosts = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "203.0.113.7", "testclient")
    found = [routes.address_of(request_from(host)) for host in hosts]
    assert found == ["2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:3::/64", "203.0.113.7", "testclient"]


def test_signing_in_ends_whoever_was_signed_in_with_the_same_browser(
    client: httpx.Client, visit: Visit, sign_in: SignIn
) -> None:
    sign_in(client, NUMBER)
    before = visit(client.cookies["linban_session"])
    assert before.get("/me/devices").status_code == 200
    sign_in(client, OTHER)
    assert before.get("/me/devices").status_code == 303
    assert client.get("/me/devices").status_code == 200

"""What every answer bears, and what is refused before any room sees it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from app.core.guards import CSP, MOST
from app.main import app
from tests.conftest import Visit


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200), ("GET", "/nowhere", 404), ("PUT", "/sign-in", 405), ("GET", "/real-name", 303),
        ("POST", "/sign-in/code", 303), ("GET", "/api/nowhere", 404), ("POST", "/api/sign-in", 422),
        ("GET", "/static/0/none.js", 404), ("POST", "/me/sessions/x/end", 404),
    ],
)  # fmt: skip
def test_every_answer_bears_the_policy(visit: Visit, method: str, path: str, status: int) -> None:
    answer = visit().request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] in ("no-store", "no-cache")
    assert "unsafe" not in CSP


def test_a_mistake_of_ours_is_a_page_too_and_names_nothing(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core import web

    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("王晓兰 320507199403180243")

    monkeypatch.setattr("app.accounts.routes.render", fails)
    for accept, body in (("text/html", "我们的系统出错了"), ("application/json", "/problems/our-mistake")):
        answer = visit().get("/sign-in", headers={"Accept": accept})
        assert answer.status_code == 500
        assert body in answer.text
        assert "王晓兰" not in answer.text
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["cache-control"] == "no-store"
    assert web.render is not fails


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_a_foreign_page_cannot_post(visit: Visit, headers: dict[str, str]) -> None:
    answer = visit(**headers).post("/sign-in", data={"phone": "13800006021"})
    assert answer.status_code == 403
    assert "不是从本站页面发出的" in answer.text
    assert answer.headers["content-security-policy"] == CSP


def test_without_sec_fetch_site_the_origin_decides_and_a_cookie_must_have_one(server: str) -> None:
    def post(headers: dict[str, str]) -> int:
        return httpx.post(f"{server}/sign-out", headers=headers, trust_env=False).status_code

    assert post({"Origin": server}) == 303
    assert post({"Origin": "https://evil.example"}) == 403
    assert post({"Origin": "null"}) == 403
    assert post({"Cookie": "linban_session=x"}) == 403
    assert post({"Cookie": "linban_session=x", "Origin": server}) == 303
    assert post({}) == 303


def test_a_huge_body_is_refused_before_it_is_read(server: str) -> None:
    answer = httpx.post(f"{server}/sign-in", data={"phone": "1" * (MOST + 1)}, trust_env=False)
    assert answer.status_code == 413
    assert "太大" in answer.text


def test_a_huge_body_of_unknown_length_is_cut_off(server: str) -> None:
    pieces = (b" " * 65_536 for _ in range(64))
    answer = httpx.post(f"{server}/api/sign-in", content=pieces, headers={"Content-Type": "application/json"}, trust_env=False)
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


def test_pages_are_compressed_when_the_browser_can(visit: Visit) -> None:
    assert visit().get("/sign-in").headers.get("content-encoding") == "gzip"
    assert "content-encoding" not in visit().get("/sign-in", headers={"Accept-Encoding": "identity"}).headers


def test_errors_speak_the_readers_language(visit: Visit) -> None:
    answer = visit().get("/nowhere", headers={"Accept-Language": "en"})
    assert "We found no such page" in answer.text
    assert "Your cases and drafts are unchanged" in answer.text
    assert "没有找到这个页面" in visit().get("/nowhere").text


def test_static_files_are_kept_for_ever_under_their_hash_and_nothing_else_is_served(visit: Visit, server: str) -> None:
    from app.core import static

    client = visit()
    answer = client.get(static.url("css/app.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "@import" not in answer.text
    old = client.get("/static/000000000000/css/app.css")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    for path in ("../main.py", "..%2fmain.py", "%2e%2e/main.py", "css/../../main.py", "/etc/passwd", "css", ""):
        raw = httpx.get(f"{server}/static/{static.version()}/{path}", trust_env=False, follow_redirects=True)
        assert raw.status_code == 404, path


def test_a_form_in_another_character_set_is_refused_before_it_is_read(visit: Visit) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-\r\n--x--\r\n'
    for charset, status in (("utf-7", 400), ('"UTF-7"', 400), ("utf-8", 422)):
        kind = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
        assert visit().post("/receipts/verify", content=form, headers=kind).status_code == status


@pytest.mark.parametrize("path", ["/forms/newborn/%00/applicant", "/api/services/newborn/editions/%00", "/cases/%00"])
def test_an_address_that_no_row_can_hold_leads_nowhere(visit: Visit, path: str) -> None:
    assert visit().get(path).status_code in (303, 404)


def test_a_user_name_that_no_row_can_hold_is_refused_in_words(visit: Visit) -> None:
    assert visit().post("/desk/sign-in", data={"username": "a\0b", "password": "x"}).status_code == 422


def test_a_line_lost_in_the_middle_of_a_body_is_no_mistake_of_ours() -> None:
    scope = {
        "type": "http", "method": "POST", "path": "/sign-out", "raw_path": b"/sign-out", "query_string": b"", "root_path": "",
        "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", b"100")],
    }  # fmt: skip
    came = iter([{"type": "http.request", "body": b"a=", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(came)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 400

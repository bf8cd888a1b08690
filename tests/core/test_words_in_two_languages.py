"""Refusals speak the reader's language, parameters included, and name what happened, what is kept and what to do."""

import logging

import pytest
from starlette.requests import Request

from app.core import i18n, logs, web
from app.core.errors import AppError, BadInput, NotFound, TooMany
from app.core.i18n import choose, english


def a_request(path: str = "/api/x", lang: str = "zh") -> Request:
    headers = [(b"cookie", f"lang={lang}".encode()), (b"accept", b"application/json")]
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers})


def every_refusal(kind: type[AppError] = AppError) -> list[type[AppError]]:
    import app.main  # noqa: F401 - loads every room

    found = [kind]
    for child in kind.__subclasses__():
        found += every_refusal(child)
    return [k for k in found if k.__module__.startswith("app.")]


@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_three_sentences_in_both_languages(kind: type[AppError]) -> None:
    for text in (kind.what, kind.kept, kind.todo):
        assert text in english(), f"{kind.__name__}: {text} has no English"
        holes = {part.split(")")[0] for part in text.split("%(")[1:]}
        assert holes == {part.split(")")[0] for part in english()[text].split("%(")[1:]}


def test_a_parameter_that_is_a_text_of_ours_is_translated_too() -> None:
    ours = "首页"
    body = web.error_response(a_request(lang="en"), BadInput(ours)).body.decode()
    assert english()[ours] in body
    assert ours not in body


def test_a_problem_names_its_type_and_status_for_programs() -> None:
    answer = web.error_response(a_request(), TooMany(minutes=5))
    assert answer.status_code == 429
    assert answer.media_type == "application/problem+json"
    assert '"type":"/problems/too-many-requests"' in answer.body.decode()
    assert '"minutes":5' in answer.body.decode()


def test_parameters_that_json_does_not_know_are_said_as_text() -> None:
    from uuid import UUID

    answer = web.error_response(a_request(), NotFound(thing=UUID(int=7)))
    assert "00000000-0000-0000-0000-000000000007" in answer.body.decode()


@pytest.mark.parametrize(
    ("cookie", "accept", "lang"),
    [(None, "", "zh"), ("en", "zh-CN", "en"), ("zh", "en", "zh"), ("xx", "en-GB,en;q=0.9", "en"), (None, "fr,en;q=0.5", "zh")],
)
def test_the_readers_choice_goes_before_the_browsers(cookie: str | None, accept: str, lang: str) -> None:
    assert choose(cookie, accept) == lang


def test_an_untranslated_text_stays_chinese() -> None:
    assert i18n.gettext("没有这句话", "en") == "没有这句话"


def test_the_access_log_never_holds_a_query() -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d',
                               ("127.0.0.1:1", "GET", "/desk?q=%E7%8E%8B%E6%99%93%E5%85%B0", "1.1", 200), None)  # fmt: skip
    assert logs.WithoutQuery().filter(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET /desk HTTP/1.1" 200'

"""The page of results and the list under the box, over HTTP: marked, counted, mended, empty, and silent about numbers."""

import logging
import re
from html import unescape

import httpx
import pytest
from sqlmodel import Session

from tests.conftest import Visit
from tests.factories import make_case, make_person, make_signed_in


def words(page: httpx.Response) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_a_search_shows_what_was_found_with_its_words_marked(visit: Visit) -> None:
    page = visit().get("/search", params={"q": "狗证"})
    assert page.status_code == 200
    assert 'href="/services/dog-registration"' in page.text
    assert "<mark>狗证</mark>" in page.text
    assert 'value="狗证"' in page.text


def test_one_things_come_with_their_figures_and_kinds_with_counts(visit: Visit) -> None:
    page = visit().get("/search", params={"q": "孩子"})
    text = words(page)
    assert "一次办齐，最省事" in text
    assert re.search(r"到场 \d 次", text)
    assert re.search(r"全部 \d+ 一件事 \d+", text)
    only = visit().get("/search", params={"q": "孩子", "kind": "questions"})
    assert "一次办齐" not in only.text
    assert "#faq" in only.text


def test_a_mended_query_is_named_and_can_be_taken_back(visit: Visit) -> None:
    page = visit().get("/search", params={"q": "孩子落沪"})
    assert "按“孩子落户”找到" in words(page)
    back = re.search(r'href="(/search\?[^"]+only=1[^"]*)"', page.text)
    assert back
    own = visit().get(unescape(back[1]))
    assert "按“" not in words(own)
    assert "孩子落沪" in own.text


def test_nothing_found_offers_a_person_first_then_what_is_often_filed(visit: Visit) -> None:
    page = visit().get("/search", params={"q": "修桥头路灯"})
    text = words(page)
    assert text.index("没找到“修桥头路灯”") < text.index("打 12345") < text.index("常办的事")
    assert 'class="btn pri" href="tel:12345"' in page.text
    assert 'href="/services/newborn"' in page.text[page.text.index("常办的事") :]


def test_an_empty_search_offers_what_is_often_filed(visit: Visit) -> None:
    page = visit().get("/search")
    assert "常办的事" in page.text
    assert "没找到" not in page.text


@pytest.mark.parametrize("number", ["320507199001011234", "13812345678", "我是 3205 0719 9001 0112 34"])
def test_a_number_is_not_shown_again_nor_left_in_the_address(
    visit: Visit, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = visit().get("/search", params={"q": number})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?number=1")
    page = visit().get(answer.headers["location"])
    assert "这里不用填号码" in page.text
    assert number not in page.text
    assert visit().get("/search/suggestions", params={"q": number}).text.strip() == ""
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not [record for record in ours if number in record.getMessage()]


def test_suggestions_are_a_short_list_of_links(visit: Visit) -> None:
    answer = visit().get("/search/suggestions", params={"q": "tuix"})
    assert "<html" not in answer.text
    found = re.findall(r'<a class="cell" href="/services/([\w-]+)"', answer.text)
    assert found[0] == "retirement"
    assert len(found) <= 6
    assert visit().get("/search/suggestions", params={"q": "修桥头路灯"}).text.strip() == ""


def test_what_is_typed_is_text_and_never_markup(visit: Visit) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x>', "落户<b>"):
        for path in ("/search", "/search/suggestions"):
            page = visit().get(path, params={"q": query})
            assert "<script>alert" not in page.text
            assert "<img" not in page.text
            assert "<b>落户" not in page.text


def test_the_page_is_english_for_english_readers(visit: Visit) -> None:
    page = visit(Cookie="lang=en").get("/search", params={"q": "birth certificat"})
    ours = page.text[page.text.index("<main") : page.text.index("</main>")]
    assert not re.findall(r"[\u4e00-\u9fff]+", ours)
    assert "A child is born" in ours


def test_a_signed_in_reader_keeps_the_count_of_unread_messages(visit: Visit, session: Session) -> None:
    person = make_person(session)
    token = make_signed_in(session, person)
    make_case(session, person, filer=make_person(session))
    session.commit()
    page = visit(token).get("/search", params={"q": "落户"})
    assert re.search(r'<span class="dot"[^>]*>\d+</span>', page.text)
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/services", "/search"])
@pytest.mark.parametrize("mode", ["", "care"])
def test_the_box_is_a_plain_form_and_the_microphone_waits_for_the_browser(visit: Visit, path: str, mode: str) -> None:
    page = visit(Cookie=f"mode={mode}").get(path)
    assert re.search(r'<form[^>]*role="search" action="/search"', page.text)
    assert re.search(r"<button[^>]*data-voice hidden", page.text)

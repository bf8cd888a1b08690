"""办事 and its guides over HTTP: both languages, no query, kept by browsers, readable without JavaScript."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import httpx
import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.catalogue import editions, routes
from app.catalogue.definition import Edition
from app.catalogue.guides import guide
from tests.factories import make_case, make_person, make_signed_in

Visit = Callable[..., httpx.Client]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def words(page: httpx.Response) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def service() -> Edition:
    return editions.current("newborn")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_says_everything_in_both_languages(visit: Visit, lang: str) -> None:
    text = words(visit(Cookie=f"lang={lang}").get("/services/newborn"))
    own = service().service
    for item in own.items:
        assert getattr(item.short, lang) in text
        assert item.basis
        assert getattr(item.basis.text, lang) in text
    for material in own.materials:
        assert getattr(material.name, lang) in text
    for line in (own.title, own.eligibility, *own.steps, *(f.question for f in own.faq)):
        assert getattr(line, lang) in text


def test_the_guide_shows_the_facts_of_its_head(visit: Visit) -> None:
    text = words(visit().get("/services/newborn"))
    assert "到场 0 次 全程网办" in text
    assert "承诺办结 21 个工作日 法定：1 项有时限，见下" in text
    assert "费用 0 元 证件免费寄" in text
    assert "一般交 3 份以内" in text
    assert "法定 20 天" in text
    assert "等出生医学证明办好后开始" in text


def test_the_guide_marks_what_nobody_has_checked(visit: Visit) -> None:
    text = words(visit().get("/services/newborn"))
    unverified = sum(1 for item in service().service.items if item.basis and not item.basis.verified)
    assert text.count("待核对") >= unverified + 2
    assert guide(service(), editions.departments()).unverified


def test_english_pages_have_no_chinese_left(visit: Visit) -> None:
    for path in ("/services", "/services/newborn"):
        page = visit(Cookie="lang=en").get(path).text
        ours = page[page.index("<main") : page.index("</footer>") if "</footer>" in page else page.index("</main>")]
        assert not re.findall(r"[\u4e00-\u9fff]+", ours), path


def test_applying_works_without_javascript_and_help_is_a_call_away(visit: Visit) -> None:
    text = visit().get("/services/newborn").text
    assert '<form method="post" action="/services/newborn/drafts">' in text
    assert 'href="tel:12345"' in text


def test_the_list_shows_each_service_with_its_tab(visit: Visit) -> None:
    page = visit().get("/services")
    assert 'href="/services/newborn"' in page.text
    assert "个人办事" in page.text
    assert "企业办事" in page.text
    assert re.search(r'href="/services" aria-current="page"', page.text)


def test_public_pages_ask_the_database_nothing(visit: Visit, database: Engine) -> None:
    client = visit()
    paths = ("/services", "/services/newborn", "/services/events/birth", "/services/departments/psb", "/search?q=狗证",
             "/search/suggestions?q=gouz", "/api/catalogue")  # fmt: skip
    client.get("/services")  # the town's own settings are read once
    with statements(database) as seen:
        for path in paths:
            assert client.get(path).status_code == 200
    assert seen == []


def test_a_browser_that_has_the_page_is_not_sent_it_again(visit: Visit) -> None:
    client = visit()
    for path in ("/services", "/services/newborn", "/services/events/birth", "/services/departments/psb", "/api/catalogue"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_page_kept_for_one_look_is_not_shown_in_another(visit: Visit) -> None:
    seen = {
        visit(Cookie=cookie).get("/services/newborn").text
        for cookie in ("lang=zh", "lang=en", "mode=care", "theme=dark", "text=4")
    }
    assert len(seen) == 5
    assert "Cookie" in visit().get("/services/newborn").headers["vary"]


def test_a_page_is_rendered_once_per_look(visit: Visit) -> None:
    client = visit()
    client.get("/services/newborn")
    before = routes._guide.cache_info().misses
    client.get("/services/newborn?from=elsewhere")
    assert routes._guide.cache_info().misses == before


def test_a_client_that_cannot_unpack_gets_the_page_plain(visit: Visit) -> None:
    packed = visit().get("/services/newborn")
    plain = visit(**{"Accept-Encoding": "identity"}).get("/services/newborn")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_an_unknown_service_is_not_found(visit: Visit) -> None:
    assert visit().get("/services/moon").status_code == 404
    assert visit().get("/api/services/moon/editions/x").status_code == 404
    found = visit().get("/api/services/newborn/editions/0000")
    assert (found.status_code, found.json()["type"]) == (404, "/problems/unknown-edition")


def test_the_api_lists_services_with_their_current_edition(visit: Visit) -> None:
    found = visit().get("/api/catalogue")
    assert "public" in found.headers["cache-control"]
    lines = {line["id"]: line["edition"] for line in found.json()["services"]}
    assert lines == {edition.service.id: edition.id for edition in editions.all_current()}
    assert {d["id"] for d in found.json()["departments"]} >= {"health", "psb"}
    named = {event for line in found.json()["services"] for event in line["events"]}
    assert named <= {event["id"] for event in found.json()["events"]}


def test_the_api_gives_the_whole_definition(visit: Visit) -> None:
    found = visit().get(f"/api/services/newborn/editions/{service().id}").json()
    own = service().service
    assert found["edition"] == service().id
    assert found["closes_at"] is None
    assert [page["id"] for page in found["form"]["pages"]] == [page.id for page in own.form.pages]
    assert found["form"]["district"] == "320507"
    assert {m["id"] for m in found["materials"]} == {m.id for m in own.materials}
    asked = {q["id"]: q for page in found["form"]["pages"] for q in page["questions"]}
    assert asked["hukou.follow"]["shown_if"] == "baby.settle_here && has(father.name)"
    assert asked["subsidy.order"]["maximum"] == 9


def test_the_tabs_count_what_a_signed_in_reader_has_not_read(visit: Visit, session: Session, database: Engine) -> None:
    person = make_person(session)
    token = make_signed_in(session, person)
    make_case(session, person, filer=make_person(session))  # somebody filed for them: unread news
    session.commit()
    client = visit(token)
    client.get("/services")
    with statements(database) as seen:
        page = client.get("/services")
    assert re.search(r'<span class="dot"[^>]*>\d+</span>', page.text)
    assert page.headers["cache-control"] == "no-store"
    assert len([s for s in seen if s.startswith("SELECT")]) <= 2
    assert 'class="dot"' not in visit().get("/services").text

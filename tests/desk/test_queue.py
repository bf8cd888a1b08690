"""The queue: my department within my jurisdiction, lights and tabs with counts, filters, pages, search without traces."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.models import Look
from app.cases import office
from app.cases.models import Case
from app.core.clock import utcnow
from app.desk.filters import Cursor, Filters
from app.desk.queries import recognise
from tests import factories
from tests.architecture.test_queries import counted

from .conftest import BENEFIT, BIRTH, Seat, address, item_of, many

ROW = re.compile(r"<tr data-row>")
NUMBER = re.compile(r"/desk/items/(\d{12})/([a-z_.]+)\" data-open")
LIGHT = re.compile(r'<b class="(seal|amber|bamboo)">(\d+)</b>')


def lights(text: str) -> dict[str, int]:
    return {colour: int(count) for colour, count in LIGHT.findall(text)}


def test_it_shows_only_my_departments_items_that_have_reached_it(case: Case, seat: Seat) -> None:
    shown = NUMBER.findall(seat("msb1").client.get("/desk").text)
    assert shown == [(case.number, BENEFIT)]
    assert NUMBER.findall(seat("psb1").client.get("/desk").text) == [(case.number, "psb.birth_reg")]
    assert NUMBER.findall(seat("hrss1").client.get("/desk").text) == []


def test_another_jurisdiction_sees_nothing_and_a_wider_one_does(case: Case, seat: Seat) -> None:
    assert NUMBER.findall(seat("msb2", jurisdiction="320508").client.get("/desk").text) == []
    assert NUMBER.findall(seat("msb3", jurisdiction="3205").client.get("/desk").text) == [(case.number, BENEFIT)]


def test_applicants_are_masked_and_nothing_personal_is_in_the_page(case: Case, seat: Seat) -> None:
    text = seat("msb1").client.get("/desk").text
    assert "王**" in text
    assert factories.MOTHER.name not in text
    assert factories.MOTHER.id_number not in text


def test_lights_count_and_filter(session: Session, seat: Seat) -> None:
    many(session, 2, days=30)
    many(session, 3)
    client = seat("health1").client
    assert lights(client.get("/desk").text) == {"seal": 2, "amber": 0, "bamboo": 3}
    assert len(ROW.findall(client.get("/desk?light=over").text)) == 2
    assert len(ROW.findall(client.get("/desk?light=soon").text)) == 0
    assert len(ROW.findall(client.get("/desk?light=fine").text)) == 3


def test_from_its_warning_on_a_matter_is_due_soon(session: Session, seat: Seat, case: Case) -> None:
    item = item_of(session, case, "psb.birth_reg")
    item.warn_at = utcnow() - timedelta(minutes=1)
    session.commit()
    assert lights(seat("psb1").client.get("/desk").text) == {"seal": 0, "amber": 1, "bamboo": 0}


def test_the_most_urgent_comes_first(session: Session, seat: Seat) -> None:
    fresh, old = many(session, 1)[0], many(session, 1, days=20)[0]
    assert [n for n, _ in NUMBER.findall(seat("health1").client.get("/desk").text)] == [old.number, fresh.number]


def test_tabs_follow_the_state_of_an_item(session: Session, seat: Seat, case: Case) -> None:
    at, now = seat("msb1"), utcnow()

    def tabs() -> dict[str, int]:
        return {
            tab: len(ROW.findall(at.client.get(f"/desk?tab={tab}").text)) for tab in ("todo", "correction", "finish", "done")
        }

    item = item_of(session, case, BENEFIT)
    target = [office.Target(question="bank.holder")]
    office.request_correction(
        session, at.who, case.id, BENEFIT, item.version, target, "户名再看一下。", now + timedelta(days=5), now
    )
    session.commit()
    assert tabs() == {"todo": 0, "correction": 1, "finish": 0, "done": 0}
    assert "等补正" in at.client.get("/desk?tab=correction").text


def test_whose_and_which_service(session: Session, seat: Seat) -> None:
    mine, hers, free = many(session, 3)
    at, other = seat("health1"), seat("health2")
    office.claim(session, at.who, mine.id, BIRTH, utcnow())
    office.claim(session, other.who, hers.id, BIRTH, utcnow())
    session.commit()

    def shown(query: str) -> set[str]:
        return {number for number, _ in NUMBER.findall(at.client.get(f"/desk?{query}").text)}

    assert shown("") == {mine.number, free.number}
    assert shown("claim=mine") == {mine.number}
    assert shown("claim=free") == {free.number}
    assert shown("claim=all") == {mine.number, hers.number, free.number}
    assert shown("claim=all&service=newborn") == {mine.number, hers.number, free.number}
    assert shown("claim=all&service=nothing") == set()


def test_nonsense_in_the_address_falls_back(session: Session, seat: Seat) -> None:
    many(session, 1)
    answer = seat("health1").client.get("/desk?tab=x&light=y&claim=z&after=q~r")
    assert (answer.status_code, len(ROW.findall(answer.text))) == (200, 1)


@pytest.mark.parametrize("text", ["", "x", "2026-11-25T00:00:00~nothing", "2026-11-25T00:00:00~" + "0" * 32])
def test_a_cursor_that_is_none_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_addresses_carry_only_what_differs() -> None:
    assert Filters().url() == "/desk"
    assert Filters.parse("done", "over", "mine", "", "").url() == "/desk?tab=done&claim=mine"


def test_pages_of_fifty_show_every_item_once_and_cost_four_queries(database: Engine, session: Session, seat: Seat) -> None:
    cases = many(session, 53)
    client = seat("health1").client
    with counted(database) as found:
        first = client.get("/desk").text
    assert len(found) <= 4, found
    onward = re.search(r'href="(/desk\?after=[^"]+)"', first)
    assert onward
    second = client.get(onward[1].replace("&amp;", "&")).text
    shown = [n for n, _ in NUMBER.findall(first) + NUMBER.findall(second)]
    assert len(NUMBER.findall(first)) == 50
    assert sorted(shown) == sorted(case.number for case in cases)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("2611 2500 0018", "number", "261125000018"), ("32050719940318024x", "id_number", "32050719940318024X"),
     ("  王晓兰 ", "name", "王晓兰"), ("３２０５０７１９９４０３１８０２４３", "id_number", "320507199403180243")],
)  # fmt: skip
def test_what_is_searched_for_is_recognised(text: str, kind: str, value: str) -> None:
    assert recognise(text) == (kind, value)


def test_it_finds_by_number_whole_name_and_id_number_without_a_trace_in_the_address(
    session: Session, case: Case, seat: Seat
) -> None:
    at = seat("msb1")
    for text in (case.number, "王晓兰", factories.MOTHER.id_number.lower()):
        answer = at.client.post("/desk/search", data={"q": text})
        assert (answer.status_code, "location" in answer.headers) == (200, False)
        assert NUMBER.findall(answer.text) == [(case.number, BENEFIT)]
        assert str(answer.url).endswith("/desk/search")
        assert answer.headers["cache-control"] == "no-store"
        hrefs = re.findall(r'(?:href|action)="([^"]*)"', answer.text)
        assert not any("王" in h or factories.MOTHER.id_number in h for h in hrefs)
    looks = session.exec(select(Look).where(Look.staff_id == at.id).order_by(Look.at)).all()
    assert [look.what for look in looks] == ["search by case number", "search by name", "search by ID number"]
    assert not any("王" in f"{look.what}{look.why}" for look in looks)


def test_part_of_a_name_and_other_departments_find_nothing(case: Case, seat: Seat) -> None:
    at = seat("msb1")
    assert NUMBER.findall(at.client.post("/desk/search", data={"q": "王晓"}).text) == []
    assert NUMBER.findall(seat("hrss1").client.post("/desk/search", data={"q": "王晓兰"}).text) == []
    assert NUMBER.findall(seat("msb2", jurisdiction="3101").client.post("/desk/search", data={"q": case.number}).text) == []
    empty = at.client.post("/desk/search", data={"q": " "})
    assert (empty.status_code, "看不懂要找什么" in empty.text) == (422, True)


def test_a_search_by_address_is_not_possible(seat: Seat) -> None:
    assert seat("msb1").client.get("/desk/search?q=王晓兰").status_code == 405


def test_a_claim_from_the_queue_leads_to_the_review(session: Session, case: Case, seat: Seat) -> None:
    at = seat("msb1")
    answer = at.client.post(address(case) + "/claim")
    assert (answer.status_code, answer.headers["location"]) == (303, address(case) + "?sent=claim")
    session.rollback()
    assert item_of(session, case, BENEFIT).claimed_by == at.id


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-01T00:00:00+00:00", "\0"])
def test_a_place_that_is_no_moment_leads_to_the_first_page(seat: Seat, at: str) -> None:
    assert seat("msb1").client.get("/desk", params={"after": f"{at}~01936f2e-7a00-7000-8000-000000000001"}).status_code == 200

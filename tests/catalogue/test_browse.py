"""Looking around: by whom a service is for, by what happens in a life, by department."""

import re

import pytest

from app.catalogue import browse, editions
from app.catalogue.definition import Audience, ServiceKind
from app.core.errors import NotFound
from tests.conftest import Visit


def test_every_service_stands_on_a_shelf_under_an_event_and_under_its_departments() -> None:
    everything = {edition.service.id for edition in editions.all_current()}
    assert {g.service.id for shelf in browse.shelves() for g in (*shelf.together, *shelf.single)} == everything
    assert {g.service.id for line in browse.events() for g in browse.of_event(line.event.id)[1]} == everything
    assert {g.service.id for line in browse.departments() for g in browse.of_department(line.department.id)[1]} == everything


def test_what_brings_most_at_once_stands_first() -> None:
    kinds = [one.service.kind for one in browse.guides()]
    assert kinds.index(ServiceKind.SINGLE) == sum(kind is not ServiceKind.SINGLE for kind in kinds)
    assert browse.together()[0].service.id == "newborn"


def test_counts_are_what_the_pages_show() -> None:
    for line in browse.events():
        assert line.services == len(browse.of_event(line.event.id)[1])
    for count in browse.departments():
        assert count.services == len(browse.of_department(count.department.id)[1])


def test_events_are_of_their_audience() -> None:
    assert {line.event.audience for line in browse.events(Audience.ENTERPRISE)} == {Audience.ENTERPRISE}
    assert len(browse.events()) == len(browse.events(Audience.PERSON)) + len(browse.events(Audience.ENTERPRISE))


def test_what_is_not_there_is_not_found(visit: Visit) -> None:
    with pytest.raises(NotFound):
        browse.of_event("moon")
    assert visit().get("/services/events/moon").status_code == 404
    assert visit().get("/services/departments/moon").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_leads_to_every_shelf_and_each_shelf_to_its_services(visit: Visit, lang: str) -> None:
    client = visit(Cookie=f"lang={lang}")
    page = client.get("/services").text
    shelves = set(re.findall(r'href="(/services/(?:events|departments)/\w+)"', page))
    assert len(shelves) == len(browse.events()) + len(browse.departments())
    for address in shelves:
        shelf = client.get(address)
        assert shelf.status_code == 200
        assert re.search(r'class="cell" href="/services/[a-z][\w-]+"', shelf.text), address
        if lang == "en":
            ours = shelf.text[shelf.text.index("<main") : shelf.text.index("</main>")]
            assert not re.findall(r"[\u4e00-\u9fff]+", ours), address


def test_home_leads_to_life_events_and_one_things(visit: Visit) -> None:
    page = visit().get("/").text
    assert 'href="/services/events/birth"' in page
    assert 'class="event" href="/services/newborn"' in page
    assert page.count('<span class="moon">') >= 8


def test_an_event_without_services_is_told_to_call(visit: Visit) -> None:
    empty = [event.id for event in editions.events().values() if event.id not in {line.event.id for line in browse.events()}]
    for event in empty:
        assert "tel:12345" in visit().get(f"/services/events/{event}").text

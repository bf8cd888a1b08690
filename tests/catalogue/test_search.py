"""Search over the services of the release: people find what they mean, however they put it."""

import pytest

from app.catalogue import editions
from app.catalogue.search import Found, search
from app.catalogue.search_text import fold, matter, private, sounds, squeeze
from app.catalogue.search_view import ordered, pieces, suggestions, view
from tests.catalogue.queries import EVERY, MEANT


def first(found: Found) -> str:
    """The service that stands first on the page."""
    return ordered(found)[0]


@pytest.mark.parametrize(("query", "service"), EVERY, ids=lambda part: str(part))
def test_what_is_meant_stands_among_the_first_three(query: str, service: str) -> None:
    assert service in ordered(search(query))[:3]


def test_every_service_is_found_by_its_title_in_both_languages_and_by_each_keyword() -> None:
    for edition in editions.all_current():
        service = edition.service
        for text in (service.title.zh, service.title.en):
            assert first(search(text)) == service.id, text
        for word in service.keywords:
            assert service.id in ordered(search(word)), f"{service.id} by {word}"


def test_the_table_names_every_service_but_new_ones() -> None:
    assert set(MEANT) <= {edition.service.id for edition in editions.all_current()}
    assert len(EVERY) >= 80


def test_an_exact_title_goes_before_a_keyword_before_an_item_before_a_likeness() -> None:
    def score(query: str) -> float:
        return max(hit.score for hit in search(query).hits if hit.edition.service.id == "newborn")

    assert score("新生儿出生一件事") > score("落户") > score("出生登记") > score("出生登济记录") > 0


def test_one_things_stand_first_unless_something_else_fits_much_better() -> None:
    groups = [group.kind for group in view(search("结婚登记"), "zh").groups]
    assert groups[0] == "one_thing"
    assert view(search("租房提取公积金"), "zh").groups[0].kind == "single"


def test_a_wrong_character_of_the_right_sound_is_mended_and_the_mending_named() -> None:
    found = search("孩子落沪")
    assert found.mended == "孩子落户"
    assert found.hits


def test_only_the_words_themselves_are_looked_for_on_demand() -> None:
    found = search("孩子落沪", only=True)
    assert found.mended is None
    assert all("落户" not in hit.marks for hit in found.hits)


def test_a_correct_query_is_left_alone() -> None:
    assert [query for query, _ in EVERY[:6] if search(query).mended] == []


def test_what_is_found_is_marked_in_title_and_reason() -> None:
    shown = view(search("狗证"), "zh").groups[0].rows[0]
    assert shown.because
    assert [part.text for part in shown.because.pieces if part.found] == ["狗证"]
    (title,) = [row.title for row in suggestions(search("xinshenger"), "zh") if row.guide.service.id == "newborn"]
    assert [(part.text, part.found) for part in title] == [("新生儿", True), ("出生一件事", False)]


def test_marks_survive_punctuation_and_full_width() -> None:
    assert [p.text for p in pieces("出生登记（落户）", ["落户"]) if p.found] == ["落户"]
    assert [p.text for p in pieces("ＥＴＣ 办理", ["etc"]) if p.found] == ["ＥＴＣ"]


def test_counts_are_by_kind_and_one_kind_can_be_chosen() -> None:
    found = search("孩子")
    everything, asked = view(found, "zh"), view(found, "zh", "questions")
    assert everything.total == sum(everything.counts.values())
    assert asked.groups == ()
    assert len(asked.questions) == everything.counts["questions"] > 0


def test_nothing_found_names_what_is_near() -> None:
    found = search("老人免费坐车")
    assert found.hits == () or first(found) == "elder"
    assert (*found.hits, *found.near)[0].edition.service.id == "elder"
    nothing = search("修桥头路灯")
    assert (nothing.hits, nothing.questions) == ((), ())


@pytest.mark.parametrize("query", ["", " ", "？！", "\u0000", "😀", "%", "'; --", "(((", "a" * 500, "的" * 200])
def test_odd_input_finds_nothing_and_breaks_nothing(query: str) -> None:
    assert search(query).near == () or search(query).hits == ()


@pytest.mark.parametrize(
    "number", ["320507199001011234", "32050719900101123x", "3205 0719 9001 0112 34", "138 1234 5678", "6222021234567890123",
               "我的身份证320507199001011234", "91320507MA1XK4T95H", "３２０５０７１９９００１０１１２３４"],
)  # fmt: skip
def test_numbers_of_people_are_neither_looked_for_nor_given_back(number: str) -> None:
    assert private(number)
    assert search(number) == Found("", None, (), (), (), frozenset())


@pytest.mark.parametrize("text", ["2026年", "12345", "80岁补贴", "3-6岁", "新生儿"])
def test_other_numbers_are_searched(text: str) -> None:
    assert not private(text)


def test_folding_keeps_the_length_and_makes_one_spelling() -> None:
    assert fold("辦結婚證、ＥＴＣ！") == "办结婚证 etc "
    assert squeeze("出生登记（落户） ID card ") == "出生登记落户id card"
    assert matter("我想办出生证怎么办") == "出生证"
    assert matter("办") == "办"


def test_characters_are_read_in_all_their_ways() -> None:
    assert {"er", "r"} <= set(sounds("儿"))
    assert {"lv", "lu"} == set(sounds("旅"))
    assert {"zhong", "chong"} <= set(sounds("重"))
    assert sounds("e") == ("e",)


def test_a_syllable_is_typed_whole_or_by_its_first_letter() -> None:
    assert "flexible-work" not in ordered(search("shenbao")) or "参保" not in search("shebao").marks
    assert "社保" in search("shebao").marks
    assert "身份证" in search("shenfenz").marks


def test_letters_inside_an_english_word_are_no_hit() -> None:
    assert all("er" not in hit.marks for hit in search("er").hits)

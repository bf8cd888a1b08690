"""Every guide of the release: nothing unchecked passes for law; who may file, why to come, where papers come from."""

import re
from html import unescape

import pytest

from app.catalogue import editions
from app.catalogue.definition import Edition
from app.catalogue.guides import guide, handling
from app.catalogue.registers import REGISTERS
from tests.conftest import Visit

ALL = editions.all_current()
UNCHECKED = "待核对"


def text_of(markup: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)))


@pytest.fixture(params=ALL, ids=lambda edition: edition.service.id)
def shown(request: pytest.FixtureRequest, visit: Visit) -> tuple[Edition, str]:
    edition: Edition = request.param
    return edition, visit().get(f"/services/{edition.service.id}").text


def test_nothing_unchecked_is_shown_as_legal_basis_without_its_mark(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    for item in edition.service.items:
        if item.basis is None:
            continue
        (row,) = [
            row for row in re.findall(r'<div class="mat">.*?</div>', page, re.S)
            if item.basis.text.zh in unescape(row) and item.name.zh in unescape(row)
        ]  # fmt: skip
        assert (UNCHECKED in row) is not item.basis.verified, item.id
        assert ("有据可查" in row) is item.basis.verified, item.id


def test_a_legal_limit_without_a_checked_basis_bears_the_mark(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    lines = re.findall(r"<li><span>.*?</li>", page, re.S)
    for item in edition.service.items:
        line = next(line for line in lines if f">{item.short.zh}<" in unescape(line))
        if item.legal_days is not None:
            assert (f"法定 {item.legal_days} 天" if item.legal_days else "法定当天") in text_of(line)
            assert (UNCHECKED in line) is not (item.basis is not None and item.basis.verified), item.id


def test_promises_papers_and_conditions_bear_the_mark_until_the_town_has_checked_them(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    said = "承诺天数、材料和办理条件：待核对。" in text_of(page)
    assert said is not edition.service.verified
    if guide(edition, editions.departments()).unverified:
        assert "带“待核对”的内容，镇里还没有核对完。" in text_of(page)


def test_who_may_file_is_said_before_the_form(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    text = text_of(page)
    assert edition.service.eligibility.zh in text
    who = guide(edition, editions.departments()).filers
    words = {("person",): "谁来办 本人 条件", ("enterprise",): "谁来办 能代表企业的人"}
    assert words.get(tuple(one.value for one in who), "本人，或者能代表企业的人") in text


def test_whoever_must_come_is_told_for_which_item_and_why(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    text = text_of(page)
    visits = [item for item in edition.service.items if item.visit]
    assert bool(visits) == bool(edition.service.visits)
    for item in visits:
        assert item.visit
        assert f"要到场 {item.short.zh} {item.visit.zh}" in text


def test_a_paper_that_a_register_holds_is_said_to_come_from_there_with_a_way_out(shown: tuple[Edition, str]) -> None:
    edition, page = shown
    for material in edition.service.materials:
        rows = re.findall(r'<div class="mat">.*?</div>', page, re.S)
        row = text_of(next(row for row in rows if f"<b>{material.name.zh}</b>" in unescape(row)))
        if material.held_by:
            assert "免提交" in row
            assert f"您同意后向{REGISTERS[material.held_by].keeper.zh}查。" in row
            assert "查不到" in row, material.id
        elif handling(material) == "photo":
            assert "需拍照" in row

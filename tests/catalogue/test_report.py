"""`linban catalogue report`: what nobody has checked yet, by service."""

import json

from typer.testing import CliRunner

from app.catalogue import editions
from app.catalogue.definition import Basis, Item, ItemKind
from app.catalogue.report import data, line, lines, text
from app.cli import app
from app.forms.definition import Text

SAME = Text(zh="字", en="word")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["catalogue", "report", *words])
    return done.exit_code, done.output


def item(item_id: str, verified: bool | None) -> Item:
    basis = None if verified is None else Basis(text=Text(zh=f"{item_id} 的依据", en="basis"), verified=verified)
    return Item(
        id=item_id, name=SAME, short=SAME, department="psb", kind=ItemKind.PUBLIC_SERVICE, promised_days=1, basis=basis
    )  # fmt: skip


def test_open_points_are_the_whole_and_each_unchecked_basis() -> None:
    service = editions.current("newborn").service
    mixed = service.model_copy(update={"items": (item("a.open", False), item("a.done", True), item("a.none", None))})
    found = line(mixed)
    assert (found.whole, [b.item for b in found.bases], found.checked, found.silent) == (True, ["a.open"], 1, ("a.none",))
    assert found.open == 2
    done = line(mixed.model_copy(update={"verified": True, "items": (item("a.done", True),)}))
    assert (done.open, done.checked) == (0, 1)
    assert any(row.endswith(": checked") for row in text([done]))


def test_every_unchecked_basis_of_the_release_is_in_the_report() -> None:
    code, printed = run()
    assert code == 0
    for edition in editions.all_current():
        service = edition.service
        assert f"{service.id}  {service.title.zh}: " in printed
        for one in service.items:
            if one.basis is not None:
                assert (f"{one.short.zh}: {one.basis.text.zh}" in printed) is not one.basis.verified, one.id


def test_those_with_most_to_check_stand_first_and_the_head_adds_up() -> None:
    found = lines(edition.service for edition in editions.all_current())
    assert [one.open for one in found] == sorted((one.open for one in found), reverse=True)
    head = next(iter(text(found)))
    assert f"Not checked as a whole: {sum(one.whole for one in found)}." in head
    assert f"{sum(len(one.bases) for one in found)} of" in head


def test_one_service_alone_also_for_programs() -> None:
    code, printed = run("newborn", "--json")
    assert code == 0
    (only,) = json.loads(printed)
    assert only == data([line(editions.current("newborn").service)])[0]
    code, printed = run("moon")
    assert code == 2
    assert "no such service" in printed

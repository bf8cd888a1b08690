"""A case in small: one lane per department, the most pressing item speaks for it."""

from datetime import UTC, datetime, timedelta

from app.cases.states import ItemState
from app.catalogue.definition import DepartmentDef
from app.forms.definition import Text
from app.home.mini import LOOKS, ItemRow, mini

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)  # a Wednesday, 10:00 in town
TITLE = Text(zh="新生儿出生一件事", en="A child is born")
DEPARTMENTS = {i: DepartmentDef(id=i, name=Text(zh=i, en=i), short=Text(zh=i, en=i)) for i in ("health", "psb", "msb")}
S = ItemState


def row(department: str, state: ItemState, *, days: int = 5, reply_by: datetime | None = None) -> ItemRow:
    """An item as the query gives it; accepted yesterday if it is beyond that."""
    accepted = NOW - timedelta(days=1) if state in (S.ACCEPTED, S.APPROVED, S.FINISHED) else None
    due = accepted and accepted + timedelta(days=days)
    decided = NOW if state in (S.APPROVED, S.FINISHED) else None
    return ItemRow(department, state, days, accepted, due, None, decided, reply_by)


def kinds(*rows: ItemRow) -> list[tuple[str, str]]:
    """(kind, words) of each lane."""
    return [(lane.kind, lane.text) for lane in mini("261125000016", TITLE, rows, DEPARTMENTS, NOW).lanes]


def test_departments_stand_in_the_order_of_their_first_items() -> None:
    seen = mini("1", TITLE, [row("psb", S.FILED), row("health", S.FILED), row("psb", S.WAITING)], DEPARTMENTS, NOW)
    assert [lane.name.zh for lane in seen.lanes] == ["psb", "health"]


def test_the_most_pressing_item_speaks_for_its_department() -> None:
    assert kinds(row("msb", S.FINISHED), row("msb", S.CORRECTION_ASKED)) == [("pause", "待补正")]
    assert kinds(row("msb", S.WAITING), row("msb", S.ACCEPTED)) == [("run", "在办")]
    assert kinds(row("msb", S.FINISHED), row("msb", S.WAITING)) == [("wait", "排队")]
    assert kinds(row("msb", S.FINISHED), row("msb", S.DENIED)) == [("ended", "没同意")]


def test_an_item_past_its_promise_is_said_to_be_late() -> None:
    late = row("msb", S.ACCEPTED)._replace(promised_due=NOW - timedelta(days=3), accepted_at=NOW - timedelta(days=9))
    assert kinds(late) == [("over", "超期")]


def test_what_the_case_does_not_need_is_left_out() -> None:
    seen = mini("1", TITLE, [row("health", S.NOT_NEEDED), row("psb", S.FINISHED)], DEPARTMENTS, NOW)
    assert (len(seen.lanes), seen.done) == (1, 1)


def test_a_department_is_done_when_all_its_items_have_ended() -> None:
    seen = mini("1", TITLE, [row("psb", S.FINISHED), row("psb", S.FILED), row("msb", S.DENIED)], DEPARTMENTS, NOW)
    assert seen.done == 1


def test_the_nearest_deadline_of_mine_is_named() -> None:
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=4)
    rows = [row("psb", S.CORRECTION_ASKED, reply_by=later), row("msb", S.CORRECTION_ASKED, reply_by=soon)]
    seen = mini("1", TITLE, rows, DEPARTMENTS, NOW)
    assert (seen.asks and seen.asks.zh, seen.reply_by) == ("msb", soon)


def test_every_stage_an_item_can_show_has_its_words() -> None:
    for state in S:
        if state is not S.NOT_NEEDED:
            assert kinds(row("psb", state))
    assert {kind for kind, _ in LOOKS.values()} <= {"wait", "run", "warn", "over", "pause", "done", "ended"}

"""The auditor's pages: everything staff did and looked at, nothing of the cases; nobody else sees them."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.accounts import records
from app.accounts.models import Look, Outcome, Role, Staff, StaffAction
from app.accounts.records import NOBODY, TERMINAL, Thing, Who
from app.administration import town_routes
from app.administration.records_objects import FIELDS, MOVED, Names
from app.administration.records_queries import ActLine, Filters, acts
from app.administration.records_routes import plain
from app.administration.records_words import ACTIONS, KINDS, LOOKS
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.core.i18n import english
from app.desk.routes import SEARCHED
from app.territory.models import PointKind, ServicePoint
from tests import factories
from tests.architecture.test_queries import queries
from tests.desk.conftest import BENEFIT, Seat, case, item_of, seat

__all__ = ["case", "seat"]
ROW = re.compile(r"第 (\d+) 条")


def act(session: Session, staff: Staff, action: str, thing: Thing = Thing(), **more: object) -> None:
    who = Who(staff.id, staff.username, staff.role, staff.department_id)
    at = more.get("at", utcnow())
    assert isinstance(at, datetime)
    records.append(session, who, action, thing, Outcome(str(more.get("outcome", "done"))), at, "203.0.113.*", "Windows Chrome")


def test_what_a_reviewer_does_is_there_for_the_auditor_without_a_word_of_the_case(case: Case, seat: Seat) -> None:
    reviewer, auditor = seat("msb1"), seat("das1", role=Role.AUDITOR)
    reviewer.client.get(f"/desk/items/{case.number}/{BENEFIT}")
    reviewer.client.post("/desk/search", data={"q": "王晓兰"})
    assert reviewer.client.post(f"/desk/items/{case.number}/{BENEFIT}/claim").status_code == 303
    preview = {"decision": "correction", "words": "重拍一张", "then": "preview", "version": "1"}
    reviewer.client.post(f"/desk/items/{case.number}/{BENEFIT}/decision", data=preview)
    reviewer.client.post(f"/desk/items/{case.number}/{BENEFIT}/decision", data={"decision": "approve", "version": "7"})
    with db.reading() as reading:
        version = str(item_of(reading, case, BENEFIT).version)
    reviewer.client.post(f"/desk/items/{case.number}/{BENEFIT}/decision", data={"decision": "accept", "version": version})
    with db.reading() as session:
        rows = session.exec(select(StaffAction).order_by(StaffAction.sequence)).all()
    assert [(row.action, row.outcome.value) for row in rows] == [
        ("search", "done"), ("items.claim", "done"), ("items.preview", "done"), ("items.decision", "refused"),
        ("items.accept", "done"),
    ]  # fmt: skip
    assert {(row.object_kind, row.object_id, row.object_part) for row in rows[1:]} == {("case", case.number, BENEFIT)}
    pages = auditor.client.get("/desk/records").text, auditor.client.get("/desk/looks").text
    for text in pages:
        assert "王晓兰" not in text
        assert "王*" not in text
        assert "重拍一张" not in text
        assert "周敏" in text
    assert "打开办件审查" in pages[1]
    for word in ("领办", "受理", "查找办件", "被拒"):
        assert word in pages[0], word


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/desk/records", "/desk/looks", "/desk/records.csv", "/desk/looks.csv"])
def test_nobody_but_the_auditor_sees_them(seat: Seat, role: Role, path: str) -> None:
    assert seat("msb1", role=role).client.get(path).status_code == 403


@pytest.fixture
def past(session: Session, seat: Seat) -> datetime:
    """Acts of two people on several days, a failure of nobody, one of the terminal."""
    one, two = factories.make_staff(session, "msb1"), factories.make_staff(session, "psb1", name="林静")
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    act(session, one, "items.claim", Thing("case", "261120000015", "msb.x"), at=noon)
    act(session, one, "items.accept", Thing("case", "261120000015", "msb.x"), at=noon + timedelta(days=1))
    act(session, two, "staff.change", Thing("staff", "s"), at=noon + timedelta(days=2), outcome="refused")
    act(session, two, "sign-in", at=datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC))
    act(session, two, "sign-in", at=datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC))
    records.append(session, NOBODY, "sign-in.password", Thing(), Outcome.REFUSED, noon + timedelta(days=3), "", "")
    records.append(session, TERMINAL, "staff.unlock", Thing("staff", "s"), Outcome.DONE, noon + timedelta(days=4), "", "")
    session.commit()
    return noon


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]), ("?who=msb1", [2, 1]), ("?who=MSB1%20", [2, 1]), ("?who=msb", []),
        ("?kind=items", [2, 1]), ("?kind=staff", [7, 3]), ("?kind=nonsense", [7, 6, 5, 4, 3, 2, 1]),
        ("?outcome=refused", [6, 3]), ("?number=2611%202000%200015", [2, 1]), ("?since=2026-11-22", [7, 6, 5, 4, 3]),
        ("?until=2026-11-22", [4, 3, 2, 1]), ("?since=2026-11-21&until=2026-11-21", [2]),
        ("?since=nonsense", [7, 6, 5, 4, 3, 2, 1]),
        ("?who=msb1&outcome=refused", []), ("?after=3", [2, 1]), ("?after=x'--", [7, 6, 5, 4, 3, 2, 1]),
        (f"?after={'9' * 40}", [7, 6, 5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_filters_narrow_and_never_fail(past: datetime, seat: Seat, query: str, found: list[int]) -> None:
    text = seat("das1", role=Role.AUDITOR).client.get(f"/desk/records{query}").text
    assert [int(number) for number in ROW.findall(text)] == found
    assert ("没有这样的记录" in text) == (not found)


def test_pages_of_fifty_show_each_record_once(session: Session, seat: Seat) -> None:
    staff = factories.make_staff(session, "msb1")
    for _ in range(103):
        act(session, staff, "items.claim", Thing("case", "261120000015", "msb.x"))
    session.commit()
    client, path, seen = seat("das1", role=Role.AUDITOR).client, "/desk/records?kind=items", []
    for _ in range(3):
        text = client.get(path).text
        seen += [int(number) for number in ROW.findall(text)]
        onward = re.search(r'href="(/desk/records\?[^"]*after=\d+)"', text)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert path == ""
    assert seen == list(range(103, 0, -1))


def test_looks_are_paged_and_filtered_too(session: Session, seat: Seat) -> None:
    staff = factories.make_staff(session, "msb1")
    for number in range(53):
        session.add(Look(staff_id=staff.id, case_number=f"26112000{number:04d}", what="review", why="msb.x", at=utcnow()))
        session.flush()
    session.commit()
    client = seat("das1", role=Role.AUDITOR).client
    text = client.get("/desk/looks").text
    assert text.count("打开办件审查") == 50
    onward = re.search(r'href="(/desk/looks\?after=[0-9a-f-]+)"', text)
    assert onward
    assert client.get(onward[1]).text.count("打开办件审查") == 3
    assert client.get("/desk/looks?number=2611+2000+0007").text.count("打开办件审查") == 1
    assert client.get("/desk/looks?who=psb1").text.count("打开办件审查") == 0
    assert client.get("/desk/looks?after=nonsense").status_code == 200


def test_the_table_for_a_spreadsheet_has_all_that_was_chosen_and_its_export_is_recorded(past: datetime, seat: Seat) -> None:
    client = seat("das1", role=Role.AUDITOR).client
    answer = client.get("/desk/records.csv?who=msb1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="linban-records.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["number"], row["at"], row["action"], row["words"], row["id"], row["part"]) for row in rows] == [
        ("2", "2026-11-21 12:00:00+08:00", "items.accept", "受理", "261120000015", "msb.x"),
        ("1", "2026-11-20 12:00:00+08:00", "items.claim", "领办", "261120000015", "msb.x"),
    ]
    client.get("/desk/looks.csv")
    with db.reading() as session:
        newest = session.exec(select(StaffAction).order_by(StaffAction.sequence)).all()[-2:]
        assert records.broken(session) == []
    assert [(row.action, row.username, row.role) for row in newest] == [
        ("records.export", "das1", "auditor"), ("looks.export", "das1", "auditor"),
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    assert plain(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert plain("261120000015") == "261120000015"
    assert plain(None) == ""


def test_the_auditor_can_change_nothing(seat: Seat, case: Case) -> None:
    client = seat("das1", role=Role.AUDITOR).client
    for path in (f"/desk/items/{case.number}/{BENEFIT}/claim", f"/desk/items/{case.number}/{BENEFIT}/decision", "/desk/search"):
        assert client.post(path, data={"q": "x"}).status_code == 403
    assert client.get(f"/desk/items/{case.number}/{BENEFIT}").status_code == 403
    assert client.get("/desk").headers["location"] == "/desk/records"


HALL = ServicePoint(
    kind=PointKind.HALL, name_zh="便民大厅", name_en="Town hall", division=factories.DIVISION, address_zh="路 1 号",
    address_en="1 Road", phone="0512-65780000", hours_zh="周一至周五", hours_en="Monday to Friday", changed_at=utcnow(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("action", "thing", "zh", "en"),
    [
        ("town.change", Thing("town", "1", "name_zh,hotline; moved 0"), "镇名、服务电话", "Name of the town, Hotline"),
        ("town.change", Thing("town", "1", "opens; moved 3"), "上午上班，3 件的期限变了", "dates of 3 items moved"),
        ("calendar.set", Thing("day", "2026-11-26", "closed; moved 2"), "11月26日 放假，2 件的期限变了", "26 November "),
        ("calendar.remove", Thing("day", "2026-11-26", "moved 0"), "11月26日", "26 November"),
        ("staff.make", Thing("staff", "gone", "reviewer"), "gone 经办", "gone reviewer"),
        ("staff.change", Thing("staff", "gone", "badge,department_id"), "gone 工号、所在部门", "gone "),
        ("point.change", Thing("point", str(HALL.id)), "便民大厅", "Town hall"),
        ("point.change", Thing("point", str(UUID(int=7))), str(UUID(int=7)), str(UUID(int=7))),
        ("department.change", Thing("department", "msb"), "医保", "Healthcare security"),
        ("division.rename", Thing("division", "320507"), "相城区", "Xiangcheng"),
        ("items.claim", Thing("case", "261120000015", BENEFIT), "2611 2000 0015 生育待遇", "2611 2000 0015 Maternity"),
        ("items.claim", Thing("case", "261120000015", "msb.gone"), "2611 2000 0015 msb.gone", "2611 2000 0015 msb.gone"),
        ("account.sessions.end", Thing("session", str(UUID(int=7))), "", ""),
        ("calendar.set", Thing("day", "nonsense", "closed"), "nonsense 放假", "nonsense"),
    ],
)  # fmt: skip
def test_what_an_act_was_done_to_is_said_in_words(
    session: Session, seat: Seat, action: str, thing: Thing, zh: str, en: str
) -> None:
    session.add(ServicePoint(**HALL.model_dump()))
    act(session, factories.make_staff(session, "msb1"), action, thing)
    session.commit()
    with db.reading() as reading:
        rows = list(acts(reading, Filters(path=""), 9))
        chinese, english_ = (Names.of(reading, rows, lang).what(rows[0]) for lang in ("zh", "en"))
    assert chinese == zh
    assert en in english_
    assert not re.search("[一-鿿]", english_)
    assert zh in unescape(seat("das1", role=Role.AUDITOR).client.get("/desk/records").text)


def test_a_part_that_was_cut_when_it_was_recorded_says_no_number() -> None:
    every = ",".join(line.name for line in town_routes.LINES)
    row = ActLine(1, utcnow(), "", None, "", None, "town.change", Outcome.DONE, "town", "1", f"{every}; moved 12"[:80], "", "")
    assert Names({}, {}, "zh").what(row) == "、".join(line.label for line in town_routes.LINES)


def test_the_list_costs_the_same_however_many_acts_it_names(session: Session, seat: Seat) -> None:
    staff, client = factories.make_staff(session, "msb1"), seat("das1", role=Role.AUDITOR).client
    session.add(ServicePoint(**HALL.model_dump()))
    cost = []
    for more in (1, 10):
        for _ in range(more):
            act(session, staff, "staff.change", Thing("staff", str(staff.id), "badge"))
            act(session, staff, "point.change", Thing("point", str(HALL.id)))
        session.commit()
        cost.append(len(queries(db.engine(), client, "/desk/records")))
    assert cost[0] == cost[1] <= 5


def test_each_look_is_called_something_and_names_its_item(session: Session, seat: Seat) -> None:
    assert set(SEARCHED.values()) <= set(LOOKS)
    staff = factories.make_staff(session, "msb1")
    session.add(Look(staff_id=staff.id, case_number="261120000015", what="review", why=BENEFIT, at=utcnow()))
    session.commit()
    page = seat("das1", role=Role.AUDITOR).client.get("/desk/looks").text
    assert "生育待遇" in page
    assert BENEFIT not in page


def test_each_word_of_a_record_has_its_english() -> None:
    said = {*ACTIONS.values(), *LOOKS.values(), *FIELDS.values(), MOVED, *(name for name, _ in KINDS.values())}
    assert said <= set(english())


def test_addresses_carry_only_what_was_chosen() -> None:
    chosen = Filters.parse("/desk/records", " MSB1 ", "items", "", "2611 2000 0015", "2026-11-20", "", "9")
    assert chosen.url() == "/desk/records?who=msb1&kind=items&number=261120000015&since=2026-11-20"
    assert chosen.url(".csv", who="") == "/desk/records.csv?kind=items&number=261120000015&since=2026-11-20"
    assert chosen.since == date(2026, 11, 20)

"""Towns, villages, service points and departments as administrators keep them and as everybody sees them."""

import pytest
from sqlmodel import Session, select

from app.accounts.models import Role, StaffAction
from app.core import shared
from app.territory import divisions
from app.territory.models import DepartmentContact, Division, ServicePoint
from tests import factories
from tests.conftest import Visit

from .conftest import Seat, form_of, send

VILLAGE = "320507104203"
NEW_VILLAGE = {"code": "320507104299", "name_zh": "荷塘村", "name_en": "Hetang Village"}
POINT = {
    "kind": "village", "name_zh": "荷塘服务站", "name_en": "Hetang station", "division": "320507104203",
    "address_zh": "荷塘路 3 号", "address_en": "3 Hetang Road", "phone": "0512-00000009", "hours_zh": "每天 8:00–18:00",
    "hours_en": "Daily 8:00–18:00",
}  # fmt: skip


def children(visit: Visit, code: str) -> list[str]:
    """What the picker offers."""
    return [child["code"] for child in visit().get(f"/api/divisions/{code}/children").json()["children"]]


def test_a_village_is_added_and_can_be_chosen_at_once(seat: Seat, visit: Visit) -> None:
    admin = seat()
    assert VILLAGE in admin.client.get("/desk/divisions").text
    answer = send(admin.client, "/desk/divisions", **NEW_VILLAGE)
    assert answer.headers["location"] == "/desk/divisions?done=added&town=320507104"
    assert "320507104299" in children(visit, "320507104")
    assert "荷塘村" in admin.client.get(answer.headers["location"]).text


def test_sending_the_same_village_twice_is_once_and_another_name_is_refused(session: Session, seat: Seat) -> None:
    admin = seat()
    send(admin.client, "/desk/divisions", **NEW_VILLAGE)
    assert "done=same" in send(admin.client, "/desk/divisions", **NEW_VILLAGE).headers["location"]
    page = send(admin.client, "/desk/divisions", **{**NEW_VILLAGE, "name_zh": "别的村"})
    assert page.status_code == 422
    assert "已经是别的地方" in page.text
    assert form_of(page.text)["name_zh"] == "别的村"


@pytest.mark.parametrize(("code", "said"), [
    ("32050710", "镇街写 9 位数字"), ("320507１０９", "镇街写 9 位数字"),
    ("320507999001", "上一级还没有"), ("320506101", "上一级还没有"), ("", "这一格要填"),
])  # fmt: skip
def test_a_code_lies_within_what_is_known_and_ours(seat: Seat, code: str, said: str) -> None:
    page = send(seat().client, "/desk/divisions", **{**NEW_VILLAGE, "code": code})
    assert page.status_code == 422
    assert said in page.text


def test_a_village_is_renamed_closed_and_opened_and_its_code_never_goes(session: Session, seat: Seat, visit: Visit) -> None:
    admin, path = seat(), f"/desk/divisions/{VILLAGE}"
    assert send(admin.client, path, name_zh="凤凰村", name_en="Fenghuang Village").headers["location"].endswith("done=saved")
    assert visit().get(f"/api/divisions/{VILLAGE}/children").json()["path"][-1]["name"]["zh"] == "凤凰村"
    assert admin.client.post(f"{path}/closing").headers["location"].endswith("done=closed")
    assert admin.client.post(f"{path}/closing").headers["location"].endswith("done=same")
    assert VILLAGE not in children(visit, "320507104")
    assert visit().get(f"/api/divisions/{VILLAGE}/children").status_code == 200
    assert admin.client.post(f"{path}/opening").headers["location"].endswith("done=opened")
    assert VILLAGE in children(visit, "320507104")
    assert admin.client.delete(path).status_code == 405


def test_two_names_for_a_village_at_once_are_both_shown(session: Session, seat: Seat) -> None:
    one, other, path = seat("das1"), seat("das2"), f"/desk/divisions/{VILLAGE}"
    old = form_of(one.client.get(path).text)
    send(other.client, path, name_zh="凤凰二村")
    page = one.client.post(path, data={**old, "name_zh": "凤凰一村"})
    assert page.status_code == 409
    assert "现在存的：凤凰二村" in page.text
    assert form_of(page.text)["name_zh"] == "凤凰一村"
    assert one.client.post(path, data=form_of(page.text)).status_code == 303
    shared.refresh()
    assert divisions.own_name(VILLAGE, "zh") == "凤凰一村"


def test_an_administrator_of_a_town_keeps_its_villages_only(seat: Seat) -> None:
    admin = seat(jurisdiction="320507104")
    page = admin.client.get("/desk/divisions").text
    assert "冯梦龙村" not in page
    assert "凤凰泾村" in page
    assert admin.client.get("/desk/divisions/320507101201").status_code == 404
    assert admin.client.post("/desk/divisions/320507101201/closing").status_code == 404
    assert send(admin.client, "/desk/divisions", **{**NEW_VILLAGE, "code": "320507101299"}).status_code == 422
    assert send(admin.client, "/desk/divisions", **NEW_VILLAGE).status_code == 303


def test_a_point_is_added_once_however_often_it_is_sent_and_everybody_sees_it(
    session: Session, seat: Seat, visit: Visit
) -> None:
    admin = seat()
    form = {**form_of(admin.client.get("/desk/points/new").text), **POINT}
    for _ in range(2):
        assert admin.client.post("/desk/points/new", data=form).headers["location"] == "/desk/points?done=added"
    assert len(session.exec(select(ServicePoint).where(ServicePoint.name_zh == "荷塘服务站")).all()) == 1
    page = visit().get("/points").text
    for words in ("荷塘服务站", "荷塘路 3 号", "每天 8:00–18:00", "0512-00000009", "渭塘镇便民服务中心"):
        assert words in page
    english = visit(**{"Accept-Language": "en"}).get("/points").text
    assert "Hetang station" in english


def test_a_point_is_changed_and_closed(session: Session, seat: Seat, visit: Visit) -> None:
    admin = seat()
    point = session.exec(select(ServicePoint).where(ServicePoint.name_zh == "凤凰泾村便民服务站")).one()
    session.commit()
    path, stranger = f"/desk/points/{point.id}", visit()
    etag = stranger.get("/points").headers["etag"]
    assert stranger.get("/points", headers={"If-None-Match": etag}).status_code == 304
    assert send(admin.client, path, phone="0512-11112222").status_code == 303
    assert "0512-11112222" in stranger.get("/points", headers={"If-None-Match": etag}).text
    assert admin.client.post(f"{path}/closing").status_code == 303
    assert "凤凰泾村便民服务站" not in stranger.get("/points").text
    assert admin.client.post(f"{path}/opening").status_code == 303
    assert "凤凰泾村便民服务站" in stranger.get("/points").text


@pytest.mark.parametrize(("field", "value", "said"), [
    ("phone", "电话不知道", "电话只写数字"), ("name_en", "荷塘", "英文用拉丁字母写"), ("division", "110105", "从里面选一个"),
    ("kind", "kiosk", "从里面选一个"), ("hours_zh", "", "这一格要填"), ("name_zh", "x" * 61, "最多 60 个字"),
    ("name_zh", "村\u202eabc", "看不见的字符"),
])  # fmt: skip
def test_a_points_fields_say_how_to_mend_them(seat: Seat, field: str, value: str, said: str) -> None:
    page = send(seat().client, "/desk/points/new", **{**POINT, field: value})
    assert page.status_code == 422
    assert said in page.text


def test_points_of_other_towns_are_not_a_towns_own(session: Session, seat: Seat) -> None:
    point = session.exec(select(ServicePoint).where(ServicePoint.division == VILLAGE)).one()
    session.commit()
    admin = seat(jurisdiction="320507101")
    assert admin.client.get(f"/desk/points/{point.id}").status_code == 404
    assert "凤凰泾" not in admin.client.get("/desk/points").text


def test_a_department_is_reached_by_what_is_kept_and_named_by_the_catalogue(session: Session, seat: Seat, visit: Visit) -> None:
    admin = seat()
    sent = {"phone": "0512-33334444", "hours_zh": "周一至周五", "hours_en": "Mon–Fri", "leader": "钱局长", "name_zh": "乱改"}
    assert send(admin.client, "/desk/departments/msb", **sent).headers["location"].endswith("done=saved")
    contact = session.exec(select(DepartmentContact)).one()
    assert (contact.department_id, contact.leader, contact.version) == ("msb", "钱局长", 1)
    session.rollback()  # a session that has read holds the write lock of SQLite
    page = visit().get("/points").text
    assert "0512-33334444" in page
    assert "钱局长" not in page
    assert "钱局长" in admin.client.get("/desk/departments").text
    assert "乱改" not in admin.client.get("/desk/departments/msb").text
    assert send(admin.client, "/desk/departments/msb", **sent).headers["location"].endswith("done=same")
    assert admin.client.get("/desk/departments/nowhere").status_code == 404


def test_departments_count_their_active_people(session: Session, seat: Seat) -> None:
    admin = seat()
    for number in range(3):
        factories.make_staff(session, f"hrss{number}").active = number > 0
    session.commit()
    page = admin.client.get("/desk/departments").text
    assert "2 人" in page.split('href="/desk/staff?department=hrss"')[1].split("</a>")[0]


def test_what_is_everybodys_is_for_an_administrator_of_the_whole_installation(session: Session, seat: Seat) -> None:
    admin = seat(jurisdiction="320507104")
    assert admin.client.get("/desk/departments/msb").status_code == 200
    page = admin.client.post("/desk/departments/msb", data={"phone": "0512-33334444", "version": "0"})
    assert page.status_code == 403
    assert "全区的管理员" in page.text
    assert session.exec(select(DepartmentContact)).first() is None


def test_each_change_is_recorded_by_its_object(session: Session, seat: Seat) -> None:
    admin = seat()
    send(admin.client, "/desk/divisions", **NEW_VILLAGE)
    send(admin.client, f"/desk/divisions/{VILLAGE}", name_zh="凤凰村")
    admin.client.post(f"/desk/divisions/{VILLAGE}/closing")
    send(admin.client, "/desk/points/new", **{**POINT, "division": "320507104"})
    send(admin.client, "/desk/departments/msb", phone="0512-33334444")
    rows = session.exec(select(StaffAction).where(StaffAction.staff_id == admin.id).order_by(StaffAction.sequence)).all()
    assert [(row.action, row.object_kind) for row in rows] == [
        ("division.add", "division"), ("division.rename", "division"), ("division.close", "division"), ("point.add", "point"),
        ("department.change", "department"),
    ]  # fmt: skip
    assert rows[1].object_id == VILLAGE


def test_other_roles_see_none_of_it(session: Session, seat: Seat) -> None:
    for number, role in enumerate(role for role in Role if role is not Role.ADMINISTRATOR):
        client = seat(f"msb{number}", role=role).client
        for path in ("/desk/divisions", "/desk/points", "/desk/departments", "/desk/calendar", "/desk/town", "/desk/staff"):
            assert client.get(path).status_code == 403, (role, path)


def test_an_installation_without_points_offers_the_telephone(session: Session, visit: Visit) -> None:
    from app.territory.points import points

    for point in session.exec(select(ServicePoint)):
        point.active = False
    points.changed(session)
    session.commit()
    page = visit().get("/points").text
    assert "还没有登记办事点" in page
    assert "tel:12345" in page


def test_a_used_code_of_a_closed_village_is_not_given_to_another_place(session: Session, seat: Seat) -> None:
    admin = seat()
    admin.client.post(f"/desk/divisions/{VILLAGE}/closing")
    page = send(admin.client, "/desk/divisions", code=VILLAGE, name_zh="新凤凰村", name_en="New Fenghuang Village")
    assert page.status_code == 422
    assert session.exec(select(Division.name_zh).where(Division.code == VILLAGE)).one() == "凤凰泾村"

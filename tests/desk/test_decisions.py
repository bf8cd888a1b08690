"""Claim, 受理, 请补正, 同意, 不予, 办结: done once, told clearly, nothing typed is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest
from sqlmodel import Session, select

from app.cases.models import Case, CaseEvent, CaseItem, Correction
from app.cases.states import ItemState
from app.core import db
from app.core.clock import utcnow
from app.documents.queries import of_case
from tests import factories, newborn
from tests.conftest import Visit

from .conftest import BENEFIT, BIRTH, ENROL, At, Seat, address, item_of

VERSION = re.compile(r'name="version" value="(\d+)"')


def decide(client: httpx.Client, case: Case, decision: str, item: str = BENEFIT, **more: object) -> httpx.Response:
    """Send the form as it stands on the page now."""
    version = VERSION.search(client.get(address(case, item)).text)
    data = {"decision": decision, "version": version[1] if version else "0", "then": "go", **more}
    return client.post(address(case, item) + "/decision", data=data)


def state(case: Case, item: str = BENEFIT) -> ItemState:
    with db.reading() as session:
        return item_of(session, case, item).state


def events(case: Case, item: str = BENEFIT) -> list[str]:
    found = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.item_id == item).order_by(CaseEvent.sequence)
    with db.reading() as session:
        return list(session.exec(found))


def correction_of(case: Case) -> Correction:
    with db.reading() as session:
        return session.exec(select(Correction).where(Correction.case_id == case.id)).one()


def test_an_item_goes_from_acceptance_to_its_result(case: Case, seat: Seat) -> None:
    at = seat("msb1")
    assert decide(at.client, case, "accept").headers["location"] == address(case) + "?sent=accept"
    page = at.client.get(address(case) + "?sent=accept").text
    assert "受理了，承诺期限开始计时。" in page
    assert "剩 10 天" in page or "剩 9.5 天" in page or "剩 10.5 天" in page
    assert decide(at.client, case, "approve").headers["location"] == address(case) + "?sent=approve"
    assert state(case) is ItemState.APPROVED
    page = at.client.get(address(case)).text
    data = {"version": VERSION.search(page)[1], "then": "next"}  # type: ignore[index]
    files = {"file": ("核定单.jpg", newborn.picture("result", seed=77), "image/jpeg")}
    answer = at.client.post(address(case) + "/result", data=data, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?sent=finish")
    assert events(case) == ["item_started", "item_accepted", "item_approved", "item_finished"]
    done = at.client.get(address(case)).text
    assert "核定单.jpg" in done
    original = re.search(r"/desk/documents/[0-9a-f-]+/original", done)
    assert original
    assert at.client.get(original[0]).status_code == 200


def test_the_resident_gets_the_result_document_and_other_departments_do_not(
    session: Session, case: Case, seat: Seat, visit: Visit
) -> None:
    at = seat("msb1")
    decide(at.client, case, "accept")
    decide(at.client, case, "approve")
    version = VERSION.search(at.client.get(address(case)).text)[1]  # type: ignore[index]
    files = {"file": ("核定单.jpg", newborn.picture("result", seed=77), "image/jpeg")}
    at.client.post(address(case) + "/result", data={"version": version}, files=files)
    with db.reading() as reading:
        result = item_of(reading, case, BENEFIT).result_document_id
        assert [row.material for row in of_case(reading, case.id, None) if row.id == result] == ["result"]
    mother = factories.make_signed_in(session, session.get_one(factories.Person, case.applicant_id))
    session.commit()
    assert seat("psb1").client.get(f"/desk/documents/{result}/original").status_code == 404
    assert visit(mother).get(f"/documents/{result}/original").status_code == 200


def test_an_item_is_finished_without_a_document_too(session: Session, case: Case, seat: Seat) -> None:
    at = seat("health1")
    session.get_one(CaseItem, item_of(session, case, BIRTH).id).claimed_by = None
    session.commit()
    version = VERSION.search(at.client.get(address(case, BIRTH)).text)[1]  # type: ignore[index]
    assert at.client.post(address(case, BIRTH) + "/result", data={"version": version}).status_code == 303
    assert state(case, BIRTH) is ItemState.FINISHED


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_finished(case: Case, seat: Seat) -> None:
    at = seat("msb1")
    decide(at.client, case, "accept")
    decide(at.client, case, "approve")
    version = VERSION.search(at.client.get(address(case)).text)[1]  # type: ignore[index]
    files = {"file": ("result.jpg", b"<html><script>alert(1)</script>", "image/jpeg")}
    answer = at.client.post(address(case) + "/result", data={"version": version}, files=files)
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.text
    assert state(case) is ItemState.APPROVED


def test_a_correction_carries_question_page_and_mark_and_is_shown_to_the_department(case: Case, seat: Seat) -> None:
    at = seat("msb1")
    answer = decide(
        at.client, case, "correction", target=["q:bank.holder", "m:M-BANK:1"], mark=["", "m:M-BANK:1@0.5,0.4,0.25,0.2"],
        words="卡号后四位反光看不清，重拍一张就行。", days="3",
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?sent=correction")
    correction = correction_of(case)
    assert correction.targets == [
        {"question": "bank.holder"}, {"material": "M-BANK", "page": 1, "mark": [0.5, 0.4, 0.25, 0.2]}
    ]  # fmt: skip
    assert correction.reply_by > utcnow()
    assert state(case) is ItemState.CORRECTION_ASKED
    page = at.client.get(address(case)).text
    assert "卡号后四位反光看不清" in page
    assert "等申请人补正" in page


def test_a_mark_alone_asks_for_its_page(case: Case, seat: Seat) -> None:
    decide(seat("msb1").client, case, "correction", mark=["m:M-BANK:1@0.1,0.1,0.2,0.2"], words="这里看不清。")
    assert correction_of(case).targets == [{"material": "M-BANK", "page": 1, "mark": [0.1, 0.1, 0.2, 0.2]}]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"words": "看不清。"}, "请点一下要补的题或照片"),
        ({"target": ["q:bank.holder"], "words": "  "}, "请写一句给申请人的话"),
        ({"target": ["q:hukou.head"], "words": "这是公安的题。"}, "不是本部门的"),
        ({"target": ["m:M-HK:1"], "words": "这是公安的照片。"}, "不是本部门的"),
        ({"target": ["m:M-BANK:99"], "words": "没有这一页。"}, "不是本部门的"),
        ({"target": ["nonsense"], "words": "乱写。"}, "不是本部门的"),
        ({"mark": ["m:M-BANK:1@nan,0,0.5,0.5"], "words": "圈歪了。"}, "请重新圈一次"),
        ({"mark": ["m:M-BANK:1@0.9,0,0.5,0.5"], "words": "圈出去了。"}, "请重新圈一次"),
        ({"target": ["q:bank.holder"], "words": "三年。", "days": "700"}, "补正期限"),
        ({"target": ["q:bank.holder"], "words": "长" * 501}, "不超过 500 个字"),
    ],
)
def test_a_correction_that_does_not_hold_is_refused_and_what_was_typed_is_kept(
    case: Case, seat: Seat, more: dict[str, object], words: str
) -> None:
    answer = decide(seat("msb1").client, case, "correction", **more)
    assert answer.status_code == 422
    assert words in answer.text
    assert str(more["words"]).strip() in answer.text
    assert 'id="d-correction" value="correction" checked' in answer.text
    assert state(case) is ItemState.FILED


def test_a_preview_decides_nothing_and_shows_the_words(case: Case, seat: Seat) -> None:
    answer = decide(seat("msb1").client, case, "correction", target=["m:M-BANK:1"], words="重拍一张就行。", then="preview")
    assert answer.status_code == 200
    assert '<span class="t2" data-words>重拍一张就行。</span>' in answer.text
    assert state(case) is ItemState.FILED


def test_a_refusal_needs_ground_and_reason_and_ends_what_waits_for_it(case: Case, seat: Seat) -> None:
    at = seat("psb1")
    item = "psb.birth_reg"
    decide(at.client, case, "accept", item)
    bare = decide(at.client, case, "deny", item, ground="户口登记条例第 7 条", reason=" ")
    assert (bare.status_code, "依据和理由" in bare.text) == (422, True)
    assert "户口登记条例第 7 条" in bare.text
    decide(at.client, case, "deny", item, ground="户口登记条例第 7 条", reason="孩子已经在别处落户。")
    assert state(case, item) is ItemState.DENIED
    assert state(case, ENROL) is ItemState.NOT_STARTED
    assert state(case) is ItemState.FILED
    assert "孩子已经在别处落户。" in at.client.get(address(case, item)).text


def test_nothing_chosen_is_said(case: Case, seat: Seat) -> None:
    answer = decide(seat("msb1").client, case, "")
    assert (answer.status_code, "请先选一个决定" in answer.text) == (422, True)


def test_a_step_out_of_order_is_refused(case: Case, seat: Seat) -> None:
    answer = decide(seat("msb1").client, case, "approve")
    assert answer.status_code == 409
    assert state(case) is ItemState.FILED


def test_the_second_reviewer_is_told_and_keeps_what_they_typed(case: Case, seat: Seat) -> None:
    first, second = seat("msb1"), seat("msb2")
    page = second.client.get(address(case)).text
    decide(first.client, case, "accept")
    data = {
        "decision": "correction", "version": VERSION.search(page)[1], "then": "go",  # type: ignore[index]
        "target": "q:bank.holder", "words": "户名再看一下。",
    }  # fmt: skip
    answer = second.client.post(address(case) + "/decision", data=data)
    assert answer.status_code == 409
    assert "同事已经领办这一件" in answer.text
    assert "您写的还在下面" in answer.text
    assert events(case) == ["item_started", "item_accepted"]


def test_a_claim_keeps_colleagues_out_until_it_is_released(case: Case, seat: Seat) -> None:
    first, second = seat("msb1"), seat("msb2")
    first.client.post(address(case) + "/claim")
    told = second.client.post(address(case) + "/claim")
    assert (told.status_code, "同事已经领办这一件" in told.text) == (409, True)
    assert "已经领办这一件，您可以看，不能决定" in second.client.get(address(case)).text
    assert second.client.post(address(case) + "/release").status_code == 409
    assert first.client.post(address(case) + "/release").headers["location"] == address(case) + "?sent=release"
    assert second.client.post(address(case) + "/claim").status_code == 303
    with db.reading() as reading:
        assert item_of(reading, case, BENEFIT).claimed_by == second.id


def together(*sends: object) -> list[httpx.Response]:
    """Send at the same moment, each from a thread of its own."""
    barrier = Barrier(len(sends))

    def send(one: object) -> httpx.Response:
        barrier.wait()
        return one()  # type: ignore[operator,no-any-return]

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(send, sends))


@pytest.mark.parametrize("_round", range(3))
def test_two_decisions_at_once_one_wins_the_other_is_told(
    case: Case, seat: Seat, _round: int
) -> None:  # fmt: skip
    seats: list[At] = [seat("msb1"), seat("msb2")]
    pages = [at.client.get(address(case)).text for at in seats]

    def sender(at: At, page: str) -> object:
        data = {"decision": "accept", "version": VERSION.search(page)[1], "then": "go"}  # type: ignore[index]
        return lambda: at.client.post(address(case) + "/decision", data=data, timeout=30)

    answers = together(*(sender(at, page) for at, page in zip(seats, pages, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert events(case) == ["item_started", "item_accepted"]


def test_the_same_reviewer_twice_in_two_windows_decides_once(case: Case, seat: Seat) -> None:
    at = seat("msb1")
    version = VERSION.search(at.client.get(address(case)).text)[1]  # type: ignore[index]
    data = {"decision": "accept", "version": version, "then": "go"}
    send = lambda: at.client.post(address(case) + "/decision", data=data, timeout=30)  # noqa: E731
    answers = together(send, send)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert events(case) == ["item_started", "item_accepted"]


def test_after_a_correction_the_next_item_of_the_queue_opens(session: Session, seat: Seat) -> None:
    from .conftest import many

    first, second = many(session, 2)
    answer = decide(seat("health1").client, first, "correction", BIRTH, target=["q:baby.name"], words="名字再看一下。")
    assert answer.headers["location"] == f"{address(second, BIRTH)}?sent=correction"


@pytest.mark.parametrize("page", ["²", "٣", "-1", "0", "99", "9" * 5000])
def test_a_page_that_is_no_page_is_refused_in_words(case: Case, seat: Seat, page: str) -> None:
    answer = decide(seat("msb1").client, case, "correction", target=f"m:P01-bill:{page}", words="看不清", days="5")
    assert answer.status_code == 422


def test_what_a_reviewer_writes_stays_out_of_the_record_for_ever(case: Case, seat: Seat) -> None:
    client = seat("msb1").client
    decide(client, case, "accept")
    decide(client, case, "deny", ground="王晓兰的第 9 条", reason="不符合")
    with db.reading() as session:
        found = list(session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)))
    assert not any("王晓兰" in str(event.data) for event in found)

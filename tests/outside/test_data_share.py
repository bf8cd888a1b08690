"""The data-share client over real HTTP: what is believed of an answer, and how long anybody waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.catalogue.definition import Register
from app.catalogue.registers import REGISTERS
from app.core.errors import Outage
from app.forms.definition import Kind
from app.outside.calls import Line
from app.outside.data_share import AnotherPerson, Answer, Enquiry, HttpDataShare, about, side_by_side
from app.sandbox import registers
from app.sandbox.people import FATHER, MOTHER
from tests.support import servers

MARRIAGE = dict(REGISTERS[Register.MARRIAGE].fields)


def enquiry(register: str = "marriage", subject: str = MOTHER.id_number, key: str = "one", **changed: Any) -> Enquiry:
    given = {"purpose": "新生儿出生：出生医学证明", "fields": MARRIAGE, **changed}
    return Enquiry(register=register, subject=subject, key=key, **given)


@pytest.fixture
def line(sandbox: str) -> Iterator[Line]:
    opened = Line(sandbox, "sandbox", timeout=0.3, tries=2, wait=lambda seconds: None)
    yield opened
    opened.close()


@pytest.fixture
def share(line: Line) -> HttpDataShare:
    return HttpDataShare(line)


def fault(sandbox: str, register: str, kind: str, times: int) -> None:
    body = {"system": f"data/{register}", "kind": kind, "times": times}
    assert httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).status_code == 204


def test_a_register_answers_with_what_was_asked_for_and_since_when(share: HttpDataShare) -> None:
    answer = share.look(enquiry(fields={"married": Kind.YES_NO, "spouse_name": Kind.NAME}))
    assert (answer.found, dict(answer.fields)) == (True, {"married": True, "spouse_name": FATHER.name})
    assert answer.as_of is not None
    assert answer.as_of < datetime.now(UTC)


def test_nobody_there_is_an_answer_too(share: HttpDataShare) -> None:
    answer = share.look(enquiry(subject="320507199001010014"))
    assert (answer.found, dict(answer.fields)) == (False, {})


def test_a_licence_is_asked_by_its_kind(share: HttpDataShare) -> None:
    kinds = {"number": Kind.TEXT, "valid_until": Kind.DATE}
    poor = registers.POOR
    assert share.look(enquiry("licence", poor, licence="disability", fields=kinds)).found
    assert not share.look(enquiry("licence", poor, key="two", licence="residence_permit", fields=kinds)).found


@pytest.mark.parametrize("kind", ["fail", "twice"])
def test_one_fault_is_ridden_out(sandbox: str, share: HttpDataShare, kind: str) -> None:
    fault(sandbox, "marriage", kind, 1)
    assert share.look(enquiry()).found


@pytest.mark.parametrize("kind", ["fail", "twice", "timeout"])
def test_a_lasting_fault_is_an_outage(sandbox: str, share: HttpDataShare, kind: str) -> None:
    fault(sandbox, "marriage", kind, 2)
    with pytest.raises(Outage):
        share.look(enquiry())


def test_an_answer_about_somebody_else_is_told_apart_from_an_outage(sandbox: str, share: HttpDataShare) -> None:
    fault(sandbox, "marriage", "lie", 1)
    with pytest.raises(AnotherPerson):
        share.look(enquiry())


def test_the_name_of_the_subject_says_nothing_to_others_and_holds_for_one_request_only() -> None:
    said = about("secret", "one", MOTHER.id_number)
    assert MOTHER.id_number not in said
    assert said not in (
        about("secret", "two", MOTHER.id_number), about("other", "one", MOTHER.id_number),
        about("secret", "one", FATHER.id_number),
    )  # fmt: skip


@contextmanager
def register_that_says(say: Callable[[dict[str, Any], str], dict[str, Any]]) -> Iterator[HttpDataShare]:
    """A register with an answer of our own making."""

    async def answer(request: Request) -> JSONResponse:
        asked, key = await request.json(), request.headers["idempotency-key"]
        right = {
            "key": key, "about": about("sandbox", key, asked["subject"]), "found": True, "fields": {"married": True},
            "as_of": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        return JSONResponse({**right, **say(asked, key)})

    with servers.serve(Starlette(routes=[Route("/data/marriage", answer, methods=["POST"])])) as url:
        line = Line(url, "sandbox", timeout=1, tries=1)
        yield HttpDataShare(line)
        line.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"found": "yes"}, {"found": None}, {"fields": ["married"]}, {"fields": {"married": "yes"}}, {"as_of": None},
        {"as_of": "yesterday"}, {"as_of": "2026-11-25T09:00:00"}, {"as_of": "0001-01-01T00:00:00+14:00"},
        {"as_of": (datetime.now(UTC) + timedelta(days=2)).isoformat()},
        {"fields": {"married": True, "spouse_name": "陈\x00志远"}}, {"fields": {"date": "20-05-2021"}},
        {"fields": {"state": "Married!"}}, {"fields": {"spouse_name": "长" * 201}}, {"fields": {"spouse_name": 7}},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_none(wrong: dict[str, Any]) -> None:
    with register_that_says(lambda asked, key: wrong) as share, pytest.raises(Outage):
        share.look(enquiry())


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"key": "one"' + b" " * 600_000 + b"}", {}), (b"[" * 200_000, {}), (b"\xff\xfe{", {}),
        (b"not gzip", {"Content-Encoding": "gzip"}), (b"", {}),
    ],
    ids=["huge", "deep", "no text", "no gzip", "empty"],
)  # fmt: skip
def test_what_is_no_answer_at_all_is_an_outage(body: bytes, headers: dict[str, str]) -> None:
    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json", headers=headers)

    with servers.serve(Starlette(routes=[Route("/data/marriage", answer, methods=["POST"])])) as url:
        line = Line(url, "sandbox", timeout=1, tries=1)
        with pytest.raises(Outage):
            HttpDataShare(line).look(enquiry())
        line.close()


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for() -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b" "
            await asyncio.sleep(0.05)

    async def answer(request: Request) -> Response:
        return StreamingResponse(drops(), media_type="application/json")

    with servers.serve(Starlette(routes=[Route("/data/marriage", answer, methods=["POST"])])) as url:
        line = Line(url, "sandbox", timeout=0.2, tries=1)
        began = time.monotonic()
        with pytest.raises(Outage):
            HttpDataShare(line).look(enquiry())
        assert time.monotonic() - began < 1.5
        line.close()


@pytest.mark.parametrize("named", [None, 7, "", "0" * 64, "王晓兰"])
def test_an_answer_that_does_not_name_its_subject_is_not_ours(named: object) -> None:
    with register_that_says(lambda asked, key: {"about": named}) as share, pytest.raises(AnotherPerson):
        share.look(enquiry())


def test_an_old_answer_to_another_request_is_not_ours() -> None:
    def stale(asked: dict[str, Any], key: str) -> dict[str, Any]:
        return {"about": about("sandbox", "another-request", asked["subject"])}

    with register_that_says(stale) as share, pytest.raises(AnotherPerson):
        share.look(enquiry())


def test_what_was_not_asked_for_is_dropped() -> None:
    with register_that_says(lambda asked, key: {"fields": {"married": True, "income": 1}}) as share:
        assert dict(share.look(enquiry()).fields) == {"married": True}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.ADDRESS, {"division": "320507104203", "detail": "3 组"}, "凤凰泾 3 组"),
        (Kind.ADDRESS, {"division": "320507104203", "detail": "3 组"}, {"division": "320507104203"}),
        (Kind.DIVISION, "320507104", "32050"), (Kind.DIVISION, "320507", "渭塘"), (Kind.NUMBER, 86, "86"),
        (Kind.NUMBER, 1.5, True), (Kind.NUMBER, 3, 10**400), (Kind.MONEY, 3150.5, 1e300),
        (Kind.CHOICE, "employee", "职工"), (Kind.YES_NO, False, 0), (Kind.DATE, "2021-05-20", "2021-5-20"),
    ],
)  # fmt: skip
def test_each_kind_of_field_has_its_shape(kind: Kind, good: object, bad: object) -> None:
    for value, right in ((good, True), (bad, False)):
        with register_that_says(lambda asked, key, value=value: {"fields": {"one": value}}) as share:  # type: ignore[misc]
            if right:
                assert share.look(enquiry(fields={"one": kind})).fields["one"] == value
            else:
                with pytest.raises(Outage):
                    share.look(enquiry(fields={"one": kind}))


def test_registers_are_asked_side_by_side_and_nobody_waits_longer_than_said(sandbox: str, share: HttpDataShare) -> None:
    every = [enquiry(name, key=name, fields={}) for name in ("population", "marriage", "social_security", "credit")]
    for one in every[:2]:
        fault(sandbox, one.register, "timeout", 2)
    began = time.monotonic()
    found = side_by_side(share, every, patience=0.4)
    assert time.monotonic() - began < 0.9
    assert [isinstance(one, Outage) for one in found] == [True, True, False, False]
    assert isinstance(found[2], Answer)


def test_when_too_many_wait_already_whoever_comes_is_told_so_at_once(sandbox: str, share: HttpDataShare) -> None:
    fault(sandbox, "credit", "timeout", 18)
    began = time.monotonic()
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(side_by_side, share, [enquiry("credit", key=f"k{n}", fields={})]) for n in range(12)]
        found = [one.result()[0] for one in asked]
    assert all(isinstance(one, Outage) for one in found)
    assert time.monotonic() - began < 3


def test_the_sandbox_holds_something_else_about_each_of_its_people() -> None:
    from app.sandbox.people import DEMO

    for person in DEMO:
        assert registers.held("population", person.id_number, None), person.name
    states = {str(record["state"]) for record in registers.HOLDINGS["marriage"].values()}
    assert states == {"married", "widowed", "single", "divorced"}
    assert registers.held("credit", registers.BARRED, None) == {"barred": True}
    assert str(registers.HOLDINGS["population"][registers.NEWCOMER]["hukou"])[:2] != "32"


def test_the_sandbox_knows_every_kind_of_certificate_that_a_service_asks_for() -> None:
    from app.catalogue.loader import load

    asked = {m.licence for service in load().services.values() for m in service.materials if m.held_by is Register.LICENCE}
    assert asked <= set(registers.LICENCES)


def test_what_the_sandbox_holds_are_fields_that_the_catalogue_knows() -> None:
    for name, held in registers.HOLDINGS.items():
        known = set(REGISTERS[Register(name)].fields)
        assert all(set(record) <= known for record in held.values()), name
    known = set(REGISTERS[Register.LICENCE].fields)
    assert all(set(record) <= known for held in registers.LICENCES.values() for record in held.values())

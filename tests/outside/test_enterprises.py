"""The register of enterprises over real HTTP: once, twice, late, with an error, about somebody else."""

from collections.abc import Iterator

import httpx
import pytest
from stdnum.cn import uscc

from app.core.errors import Outage
from app.outside.calls import Line
from app.outside.enterprises import HttpEnterprises
from app.sandbox import enterprises as register
from app.sandbox.people import FATHER, MOTHER
from tests.conftest import NOBODY


@pytest.fixture
def line(sandbox: str) -> Iterator[Line]:
    """A line that waits not at all between tries, and only a fifth of a second for an answer."""
    opened = Line(sandbox, "sandbox", timeout=0.2, wait=lambda seconds: None)
    yield opened
    opened.close()


def fault(sandbox: str, kind: str, times: int) -> None:
    body = {"system": "enterprises", "kind": kind, "times": times}
    assert httpx.post(f"{sandbox}/sandbox/faults", json=body, trust_env=False).status_code == 204


def names(line: Line, id_number: str) -> list[tuple[str, str]]:
    return [(one.name, one.role) for one in HttpEnterprises(line).agents_of(id_number)]


def test_every_enterprise_of_the_register_has_a_valid_credit_code() -> None:
    assert [one.credit_code for one in register.DEMO if not uscc.is_valid(one.credit_code)] == []


def test_it_says_for_whom_somebody_may_act_and_as_what(line: Line) -> None:
    assert names(line, register.YAQIN) == [(register.FOOD.name, "representative"), (register.MACHINES.name, "finance")]
    assert names(line, MOTHER.id_number) == [(register.TEA.name, "representative")]


def test_somebody_who_acts_for_nobody_has_an_empty_list(line: Line) -> None:
    assert names(line, "341203199501300264") == []


def test_an_enterprise_that_is_closed_has_nobody_who_acts_for_it(line: Line) -> None:
    assert names(line, FATHER.id_number) == []


@pytest.mark.parametrize("kind", ["fail", "twice", "timeout"])
def test_one_fault_is_ridden_out(sandbox: str, line: Line, kind: str) -> None:
    fault(sandbox, kind, 1)
    assert names(line, MOTHER.id_number) == [(register.TEA.name, "representative")]


@pytest.mark.parametrize("kind", ["fail", "twice", "timeout"])
def test_a_register_that_stays_broken_is_an_outage(sandbox: str, line: Line, kind: str) -> None:
    fault(sandbox, kind, 9)
    with pytest.raises(Outage):
        names(line, MOTHER.id_number)


def test_an_answer_about_somebody_else_is_no_answer(sandbox: str, line: Line) -> None:
    fault(sandbox, "lie", 1)
    with pytest.raises(Outage):
        names(line, register.YAQIN)


def test_nobody_there_is_an_outage() -> None:
    nobody = Line(NOBODY, "sandbox", timeout=0.2, wait=lambda seconds: None)
    with pytest.raises(Outage):
        HttpEnterprises(nobody).agents_of(MOTHER.id_number)
    nobody.close()

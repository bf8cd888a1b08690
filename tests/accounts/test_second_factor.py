"""The second factor: RFC 6238's own vectors, clocks that are off, codes used once, recovery codes, no secret in the clear."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.accounts import second_factor as factor
from app.accounts.models import RecoveryCode
from app.core.clock import utcnow
from tests.factories import make_staff

NOW = utcnow()
#: RFC 6238 appendix B, SHA-1, the last six of its eight digits; the secret is "12345678901234567890" in base32.
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)  # fmt: skip
def test_the_vectors_of_the_standard(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert factor.code_at(RFC, factor.step_of(moment)) == code
    assert factor.matching_step(RFC, code, moment) == second // 30


@pytest.mark.parametrize(("seconds", "taken"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_clock_may_be_a_step_off_either_way(seconds: int, taken: bool) -> None:
    moment = datetime.fromtimestamp(1_111_111_110, UTC)  # the beginning of a step
    code = factor.code_at(RFC, factor.step_of(moment + timedelta(seconds=seconds)))
    assert (factor.matching_step(RFC, code, moment) is not None) == taken


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "123456x", "0" * 400])
def test_what_is_no_code_is_none(session: Session, typed: str) -> None:
    assert not factor.use_code(session, make_staff(session), typed, NOW)


def test_spaces_and_dashes_in_a_code_do_not_matter(session: Session) -> None:
    staff = make_staff(session)
    code = factor.code_at(factor.demo_secret("msb1"), factor.step_of(NOW))
    assert factor.use_code(session, staff, f" {code[:3]} - {code[3:]} ", NOW)


def test_a_used_step_and_every_earlier_one_are_gone(session: Session) -> None:
    staff, step = make_staff(session), factor.step_of(NOW)
    codes = {n: factor.code_at(factor.demo_secret("msb1"), step + n) for n in (-1, 0, 1)}
    assert factor.use_code(session, staff, codes[0], NOW)
    assert not factor.use_code(session, staff, codes[0], NOW)
    assert not factor.use_code(session, staff, codes[-1], NOW)
    assert factor.use_code(session, staff, codes[1], NOW)


def test_recovery_codes_work_once_each_for_their_owner_only_and_new_ones_end_the_old(session: Session) -> None:
    mine, other = make_staff(session, "msb1"), make_staff(session, "msb2")
    codes = factor.new_recovery_codes(session, mine.id, NOW)
    session.flush()
    assert len(codes) == len(set(codes)) == 10
    assert all(len(code.replace(" ", "")) == 12 and code.replace(" ", "").isdecimal() for code in codes)
    assert not factor.use_recovery_code(session, other.id, codes[0], NOW)
    assert factor.use_recovery_code(session, mine.id, codes[0], NOW)
    assert not factor.use_recovery_code(session, mine.id, codes[0], NOW)
    assert factor.recovery_codes_left(session, mine.id) == 9
    factor.new_recovery_codes(session, mine.id, NOW)
    session.flush()
    assert not factor.use_recovery_code(session, mine.id, codes[1], NOW)
    assert factor.recovery_codes_left(session, mine.id) == 10


def test_neither_the_secret_nor_a_recovery_code_rests_in_the_clear(session: Session) -> None:
    staff = make_staff(session)
    secret = factor.new_secret()
    codes = factor.enrol(session, staff, secret, factor.step_of(NOW), NOW)
    session.flush()
    stored = bytes(session.connection().execute(text("SELECT totp_secret FROM staff")).scalar_one())
    assert secret.encode() not in stored
    rows = repr(session.exec(select(RecoveryCode)).all())
    assert not any(code.replace(" ", "") in rows for code in codes)


def test_secrets_are_160_bits_and_never_the_same() -> None:
    found = {factor.new_secret() for _ in range(50)}
    assert len(found) == 50
    assert {len(secret) for secret in found} == {32}


def test_the_picture_of_a_secret_needs_no_style_and_no_script() -> None:
    picture = factor.picture(factor.address("msb1", RFC))
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert factor.address("msb1", RFC) == f"otpauth://totp/LinBan:msb1?secret={RFC}&issuer=LinBan"


def test_a_demos_code_is_one_that_will_be_taken_or_none() -> None:
    secret, step = factor.demo_secret("msb1"), factor.step_of(NOW)
    assert factor.usable_code(secret, None, NOW) == factor.code_at(secret, step)
    assert factor.usable_code(secret, step, NOW) == factor.code_at(secret, step + 1)
    assert factor.usable_code(secret, step + 1, NOW) is None

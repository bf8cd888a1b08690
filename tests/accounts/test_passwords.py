"""What a staff password must be: each rule alone, from vectors that the browser's script shares."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, select

from app.accounts import passwords
from app.accounts.models import FormerPassword
from app.core.clock import utcnow
from tests.factories import make_staff

VECTORS = json.loads((Path(__file__).parent / "passwords.json").read_text())
NOW = utcnow()


def kept(password: str, parts: tuple[str, ...] = (), former: tuple[str, ...] = ()) -> dict[str, bool]:
    return {rule.id: rule.kept for rule in passwords.rules(password, parts, former)}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["password"])
def test_each_rule_is_kept_or_broken(case: dict[str, Any]) -> None:
    found = kept(case["password"], tuple(VECTORS["parts"]))
    assert {name: found[name] for name in ("length", "kinds", "owner", "common")} == {
        name: value for name, value in case.items() if name != "password"
    }


def test_a_password_ends_somewhere() -> None:
    assert kept("Aq7-" + "x" * 124)["length"]
    assert not kept("Aq7-" + "x" * 125)["length"]


def test_the_name_is_known_in_pinyin_both_ways_round_with_all_its_readings() -> None:
    assert passwords.of_owner("msb1", "周敏") == tuple(sorted(VECTORS["parts"]))
    parts = passwords.of_owner("lv", "吕单")
    assert {"lvdan", "lvshan", "danlv", "吕单"} <= set(parts)
    assert "lv" not in parts


def test_a_long_name_costs_no_endless_list_of_readings() -> None:
    assert len(passwords.of_owner("x123", "重行长乐单曾解仇覃朴" * 3)) < 40


def test_the_last_five_do_not_come_back_but_an_older_one_may(session: Session) -> None:
    staff = make_staff(session)
    words = [f"Rote-Laterne-{n}" for n in range(7)]
    for minutes, word in enumerate(words):
        passwords.put(session, staff, passwords.hasher.hash(word), NOW + timedelta(minutes=minutes))
    session.flush()
    former = tuple(passwords.former(session, staff))
    assert [kept(word, (), former)["former"] for word in words] == [True, True, False, False, False, False, False]
    assert len(session.exec(select(FormerPassword)).all()) == passwords.KEPT


def test_a_one_time_password_is_random_readable_and_good_for_nothing_else(session: Session) -> None:
    staff = make_staff(session)
    found = {passwords.give_one_time(staff, NOW) for _ in range(50)}
    assert len(found) == 50
    assert all(len(word) == 19 and not set(word) & set("0O1lIo") for word in found)
    assert passwords.must_change(staff, NOW)


def test_an_own_password_must_be_changed_after_ninety_days(session: Session) -> None:
    staff = make_staff(session, now=NOW)
    assert not passwords.must_change(staff, NOW + timedelta(days=89))
    assert passwords.must_change(staff, NOW + timedelta(days=90))


def test_only_the_argon2_hash_of_a_password_rests() -> None:
    hashed = passwords.hasher.hash("Rote-Laterne-7")
    assert hashed.startswith("$argon2id$")
    assert "Laterne" not in hashed
    assert passwords.right(hashed, "Rote-Laterne-7")
    assert not passwords.right("nonsense", "Rote-Laterne-7")


class Counting(PasswordHasher):
    """Knows how many of its checks were under way at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=8, memory_cost=8192, parallelism=1)
        self.now, self.most = 0, 0
        self.lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - as its parent has it
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            return super().verify(hash, password)
        finally:
            with self.lock:
                self.now -= 1


def test_a_crowd_of_wrong_passwords_takes_no_more_memory_than_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "hasher", counting)
    known = counting.hash("right")
    with ThreadPoolExecutor(24) as crowd:
        found = list(crowd.map(lambda n: passwords.right(known, f"wrong {n}"), range(48)))
    assert not any(found)
    assert counting.most <= passwords.AT_ONCE
    assert passwords.right(known, "right")

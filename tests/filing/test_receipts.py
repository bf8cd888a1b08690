"""The receipt's signature: whole or nothing."""

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from sqlalchemy import Engine

from app.core.clock import utcnow
from app.core.crypto import keyring, verify
from app.filing import receipts

DOCUMENT = {"material": "M-HK", "page": 1, "sha256": "a" * 64, "size": 10, "filename": "王晓兰的户口簿.jpg"}
ANSWERS = {"baby.name": "陈一诺", "subsidy.order": 1.0, "baby.settle_here": True}


@pytest.fixture
def given(database: Engine) -> dict[str, Any]:
    """A receipt as its filer has it, gone through JSON."""
    signed = receipts.sign("260312004576", utcnow(), "newborn", "e" * 16, ANSWERS, [DOCUMENT])
    return dict(json.loads(json.dumps(receipts.as_given(signed))))


def test_it_can_be_checked_offline_with_the_published_key(given: dict[str, Any]) -> None:
    assert verify(keyring().public_key, rfc8785.dumps(given["receipt"]), given["signature"])
    assert receipts.genuine(given) == given["receipt"]


def test_it_proves_the_answers_to_who_has_the_salt(given: dict[str, Any]) -> None:
    proof = hashlib.sha256(bytes.fromhex(given["salt"]) + rfc8785.dumps(ANSWERS)).hexdigest()
    assert proof == given["receipt"]["answers_sha256"]


def test_the_same_answers_get_another_hash_each_time(given: dict[str, Any]) -> None:
    again = receipts.sign("260312004576", utcnow(), "newborn", "e" * 16, ANSWERS, [])
    assert again.body["answers_sha256"] != given["receipt"]["answers_sha256"]


def test_it_holds_no_name_and_no_answer(given: dict[str, Any]) -> None:
    text = json.dumps(given, ensure_ascii=False)
    assert "陈一诺" not in text
    assert "户口簿" not in text


Tamper = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda r: r["receipt"].update(case="260312004584"),
        lambda r: r["receipt"].update(received_at="2026-03-11T00:00:00+00:00"),
        lambda r: r["receipt"].update(edition="f" * 16),
        lambda r: r["receipt"].update(answers_sha256="0" * 64),
        lambda r: r["receipt"]["documents"][0].update(sha256="b" * 64),
        lambda r: r["receipt"]["documents"].clear(),
        lambda r: r["receipt"].update(more="words"),
        lambda r: r["receipt"].update(version=2),
        lambda r: r["receipt"].pop("documents"),
        lambda r: r.update(signature="A" + r["signature"][1:] if r["signature"][0] != "A" else "B" + r["signature"][1:]),
        lambda r: r.update(signature="王"),
        lambda r: r.update(signature=""),
        lambda r: r.update(receipt=[1]),
    ],
)
def test_one_changed_word_and_it_does_not_hold(given: dict[str, Any], tamper: Tamper) -> None:
    changed = copy.deepcopy(given)
    tamper(changed)
    assert receipts.genuine(changed) is None


def test_a_receipt_signed_with_a_key_that_it_brings_along_is_not_ours(given: dict[str, Any]) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    own = Ed25519PrivateKey.generate()
    import base64

    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    forged = {**given, "key": text(own.public_key().public_bytes_raw())}
    forged["receipt"] = {**given["receipt"], "case": "260312004584"}
    forged["signature"] = text(own.sign(rfc8785.dumps(forged["receipt"])))
    assert receipts.genuine(forged) is None


@pytest.mark.parametrize("nonsense", [None, 1, "text", [], {}, {"receipt": {}}, {"receipt": {"version": 1}, "signature": "x"}])
def test_nonsense_is_no_receipt(database: Engine, nonsense: object) -> None:
    assert receipts.genuine(nonsense) is None


def test_a_check_code_is_read_however_it_is_typed(given: dict[str, Any]) -> None:
    code = given["code"]
    assert len(code) == 12
    typed = f" {code[:4].lower()} {code[4:8]}-{code[8:]} "
    assert receipts.plain_code(typed) == code
    assert receipts.plain_code(code[:-1]) == ""
    assert receipts.plain_code(code[:-1] + "0") == ""

"""No push, no SMS, the browser closed: whatever happened meanwhile is in the inbox at the next sign-in, unread."""

import re

import httpx
from sqlmodel import Session, col, select

from app.messages import texts
from app.messages.models import Channel, Delivery, DeliveryState, Message
from tests import factories as make
from tests.cases.hands import ask, decide
from tests.conftest import Visit
from tests.messages import texting
from tests.messages.texting import LATE, NOON


def sign_in(client: httpx.Client, sandbox: str, number: str) -> None:
    """As people do: a number, and the code that its phone received."""
    assert client.post("/sign-in", data={"phone": number}).status_code == 303
    code = re.search(r"\d{6}", texting.received(sandbox, number)[0])
    assert code is not None
    assert client.post("/sign-in/code", data={"code": code[0]}).status_code == 303


def test_all_that_happened_is_in_the_inbox_at_the_next_sign_in(session: Session, visit: Visit, sandbox: str) -> None:
    mother = make.make_person(session, make.MOTHER)
    cases = [make.make_case(session, mother, now=NOON) for _ in range(2)]
    ask(session, cases[0], "health.birth_cert", NOON)
    decide(session, cases[1], "health.birth_cert", NOON, "accept", "deny")
    session.commit()
    told = session.exec(select(Message).where(Message.person_id == mother.id, col(Message.read_at).is_(None))).all()
    assert {"correction_asked", "item_accepted", "item_denied"} <= {message.kind for message in told}

    session.commit()  # the session holds the write lock of SQLite while it reads
    planned = len(texting.texts())
    assert planned >= 2
    fault = {"system": "sms", "kind": "bad_number", "times": planned}
    httpx.post(f"{sandbox}/sandbox/faults", json=fault, trust_env=False).raise_for_status()
    texting.work(NOON + LATE)
    assert {row.state for row in texting.texts()} == {DeliveryState.FAILED}
    assert session.exec(select(Delivery).where(Delivery.channel == Channel.PUSH)).all() == []
    session.commit()

    client = visit()
    sign_in(client, sandbox, make.MOTHER.phone)
    assert f"{len(told)} 条未读" in client.get("/messages").text
    pages = {case.number: client.get(f"/messages?case={case.number}").text for case in cases}
    for message in told:
        assert texts.say(message.kind, message.params, "zh", NOON).title in pages[message.case_number]

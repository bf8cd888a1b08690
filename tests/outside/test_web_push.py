"""One push to one browser: what goes over the wire, who signed it, who can read it, and over which connections."""

import asyncio
import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import ValidationError

from app.core import push_keys
from app.core.settings import Settings
from app.outside import web_push
from app.outside.web_push import Answer, Push, WebPush
from tests.devices import Device, base64url
from tests.support import databases
from tests.support.http2 import serving_http2
from tests.support.push_service import Answer as Told
from tests.support.push_service import PushService

SCRIPT = Path(__file__).with_name("second_opinion.mjs")
TOPIC = "AZqyCJ5ecAC1iPWBBhM4uQ"
BODY = '{"web_push":8030,"notification":{"title":"邻办"}}'.encode()


def push(device: Device, **changed: object) -> Push:
    key_id = push_keys.push_keys().current
    made = Push(device.endpoint, device.p256dh, base64url(device.auth), key_id, BODY, 86_400, "high", TOPIC)
    return made._replace(**changed)


def send(*pushes: Push) -> list[Answer]:
    """All at once, over one client."""

    async def main() -> list[Answer]:
        client = WebPush()
        try:
            return list(await asyncio.gather(*(client.send(one) for one in pushes)))
        finally:
            await client.close()

    return asyncio.run(main())


def parts(authorization: str) -> tuple[dict[str, str], dict[str, object], bytes, bytes]:
    """Header, claims, what was signed and the signature of a VAPID authorization; the key is checked here."""
    scheme, _, rest = authorization.partition(" ")
    named = dict(part.split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    signed, _, signature = named["t"].rpartition(".")
    header, claims = (json.loads(_raw(part)) for part in signed.split("."))
    point = _raw(named["k"])
    r, s = (int.from_bytes(half, "big") for half in (_raw(signature)[:32], _raw(signature)[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    return header, claims, point, signed.encode()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_only_the_browser_can_read_it_and_it_bears_what_the_protocol_asks_for(pushes: PushService) -> None:
    device = Device(pushes.url("phone"))
    [answer] = send(push(device))
    assert (answer.status, answer.fault, answer.location) == (201, "", "/m/phone")
    [came] = pushes.pushed
    assert device.read(came.body) == json.loads(BODY)
    assert "邻办".encode() not in came.body
    wanted = {"ttl": "86400", "urgency": "high", "topic": TOPIC, "content-encoding": "aes128gcm"}
    assert {name: came.headers[name] for name in wanted} == wanted
    assert len(came.headers["topic"]) <= 32
    assert "cookie" not in came.headers


def test_another_library_in_another_language_reads_it_too(pushes: PushService) -> None:
    made = subprocess.run(["node", SCRIPT, "keys"], capture_output=True, check=True)
    keys = json.loads(made.stdout)
    send(push(Device(pushes.url("phone")), p256dh=keys["p256dh"], auth=keys["auth"]))
    body = base64.urlsafe_b64encode(pushes.pushed[0].body).decode().rstrip("=")
    question = json.dumps({"keys": keys, "body": body}).encode()
    opened = subprocess.run(["node", SCRIPT, "open"], input=question, capture_output=True, check=True)
    assert opened.stdout == BODY


def test_our_signature_names_the_origin_our_contact_and_half_a_day(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSH_CONTACT", "mailto:it@weitang.example")
    databases.forget_settings()
    send(push(Device(pushes.url("phone"))))
    header, claims, point, _ = parts(pushes.pushed[0].headers["authorization"])
    assert header == {"typ": "JWT", "alg": "ES256"}
    assert claims["aud"] == pushes.base
    assert claims["sub"] == "mailto:it@weitang.example"
    left = datetime.fromtimestamp(float(str(claims["exp"])), UTC) - datetime.now(UTC)
    assert timedelta(hours=11) < left < timedelta(hours=13)
    keys = push_keys.push_keys()
    assert point == _raw(keys.public(keys.current))


@pytest.mark.parametrize(
    ("public", "told"),
    [("https://linban.example", "https://linban.example"), ("https://linban.example:8443", "https://linban.example"),
     ("http://localhost:8000", "https://localhost")],
)  # fmt: skip
def test_without_a_contact_they_are_told_where_people_reach_us(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch, public: str, told: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public)
    databases.forget_settings()
    assert web_push.contact() == told


def test_a_signature_is_used_again_for_the_same_origin_and_key_and_made_anew_for_another(pushes: PushService) -> None:
    old = push(Device(pushes.url("phone")))
    push_keys.rotate()
    new = push(Device(pushes.url("other")))
    elsewhere = push(Device(pushes.url("other").replace("localhost", "127.0.0.1")))
    assert (old.key_id, new.key_id) == ("p001", "p002")
    send(old, old, new, elsewhere)
    came = [one.headers["authorization"] for one in pushes.pushed]
    assert len(set(came)) == 3
    assert {parts(one)[1]["aud"] for one in came} == {pushes.base, pushes.base.replace("localhost", "127.0.0.1")}
    keys = push_keys.push_keys()
    assert {parts(one)[2] for one in came} == {_raw(keys.public("p001")), _raw(keys.public("p002"))}


def test_a_signature_grows_old_and_is_not_kept_when_the_clock_was_put_back(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = WebPush(), datetime(2026, 11, 25, 9, tzinfo=UTC)
    seen = []
    for moment in (now, now + timedelta(hours=3), now + timedelta(hours=5), now + timedelta(hours=4)):
        monkeypatch.setattr(web_push, "utcnow", lambda moment=moment: moment)
        seen.append(client._authorization("https://push.example", "p001"))
    assert [seen.index(one) for one in seen] == [0, 0, 2, 3]
    client.forget("https://push.example/x")
    assert client._authorization("https://push.example", "p001") != seen[3]


def test_many_at_once_share_few_lines_and_a_line_is_used_again(pushes: PushService) -> None:
    phones = [push(Device(pushes.url(f"phone{n}"))) for n in range(150)]
    assert {answer.status for answer in send(*phones)} == {201}
    assert len(pushes.pushed) == 150
    assert 1 < pushes.connections <= web_push.LANES


@pytest.mark.parametrize(("cuts", "fault"), [(1, ""), (2, "unreachable")])
def test_a_kept_line_that_is_dead_is_replaced_once_and_says_nothing_about_the_service(
    pushes: PushService, cuts: int, fault: str
) -> None:
    one = push(Device(pushes.url("phone")))

    async def main() -> Answer:
        client = WebPush()
        assert (await client.send(one)).status == 201
        pushes.cuts = cuts
        answer = await client.send(one)
        await client.close()
        return answer

    assert asyncio.run(main()).fault == fault
    assert pushes.connections == 2


def test_a_contact_that_no_push_service_takes_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for contact in ("it@weitang.example", "http://weitang.example", "mailto:"):
        with pytest.raises(ValidationError):
            Settings(push_contact=contact)


def test_a_dead_push_service_holds_up_no_other(pushes: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_push, "SECONDS", 1.0)
    pushes.answers["dead"] = Told(fault="silent")
    dead = [push(Device(pushes.url("dead").replace("localhost", "127.0.0.1"))) for _ in range(100)]
    alive = push(Device(pushes.url("alive")))

    async def main() -> float:
        client, loop = WebPush(), asyncio.get_running_loop()
        waiting = [asyncio.create_task(client.send(one)) for one in dead]
        start = loop.time()
        assert (await client.send(alive)).status == 201
        took = loop.time() - start
        assert {one.fault for one in await asyncio.gather(*waiting)} == {"timeout"}
        await client.close()
        return took

    assert asyncio.run(main()) < 0.9


def test_over_http_2_where_it_is_offered_everything_goes_over_one_line(
    pushes: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_http2(tmp_path) as service:
        monkeypatch.setenv("PUSH_TEST_CA", str(service.ca))
        databases.forget_settings()
        phones = [push(Device(f"{service.base}/phone{n}")) for n in range(60)]
        assert [(answer.status, answer.location) for answer in send(*phones)] == [
            (201, f"/m/phone{number}") for number in range(60)
        ]
        assert service.connections == 1
        assert len(service.bodies) == 60
        assert all(len(body) > len(BODY) for body in service.bodies)


def test_a_shared_line_that_fell_silent_is_left_by_the_next_push(
    pushes: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_push, "SECONDS", 1.0)

    async def main(*one_by_one: Push) -> list[tuple[int, str]]:
        client = WebPush()
        try:
            return [(answer.status, answer.fault) for one in one_by_one for answer in [await client.send(one)]]
        finally:
            await client.close()

    with serving_http2(tmp_path) as service:
        service.silent_after = 1
        monkeypatch.setenv("PUSH_TEST_CA", str(service.ca))
        databases.forget_settings()
        phones = [push(Device(f"{service.base}/phone{n}")) for n in range(3)]
        assert asyncio.run(main(*phones)) == [(201, ""), (0, "timeout"), (201, "")]
        assert service.connections == 2


@pytest.mark.parametrize("host", ["a" * 70 + ".push.apple.com", "xn--a.push.apple.com", "xn--.push.apple.com"])
def test_a_name_that_no_resolver_takes_is_a_fault_and_raises_nothing(pushes: PushService, host: str) -> None:
    (answer,) = send(push(Device(f"https://{host}/x")))
    assert answer.fault in ("bad_endpoint", "unreachable")


def test_a_url_that_the_library_does_not_take_is_a_fault_and_raises_nothing(
    pushes: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise httpx.InvalidURL("no")

    monkeypatch.setattr(httpx, "Request", refuse)
    (answer,) = send(push(Device(pushes.url("phone"))))
    assert answer == Answer(fault="bad_endpoint")


def test_the_web_server_does_not_pay_for_what_only_the_worker_needs() -> None:
    code = "import sys, app.main; print(sorted({'aiohttp', 'requests', 'pywebpush'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip() == "[]"

"""The side of the push service to which a real Firefox is connected: Mozilla's autopush protocol, as much as it needs.

What is POSTed to an endpoint goes down the WebSocket of the browser that registered it; `acks` keeps what it said to each
message (code 100: decrypted and handed to the service worker, 101: could not be decrypted).
"""

import asyncio
import base64
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.push_service import Pushed, PushService


@dataclass
class Browsers:
    """Browsers connected to a push service. `url` is their door (dom.push.serverURL)."""

    service: PushService
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    lines: dict[str, ServerConnection] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    acks: list[int] = field(default_factory=list)
    url: str = ""

    def heard(self, pushed: Pushed) -> None:
        """A message for one of them, from the thread of the push service."""
        self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self.pass_on(pushed)))

    async def pass_on(self, pushed: Pushed) -> None:
        """To the browser that registered the device."""
        channel = self.channels.get(pushed.device)
        if channel is None:
            return
        body = base64.urlsafe_b64encode(pushed.body).decode().rstrip("=")
        told = {
            "messageType": "notification", "channelID": channel, "version": uuid.uuid4().hex, "data": body,
            "headers": {"encoding": pushed.headers.get("content-encoding", "")},
        }  # fmt: skip
        await self.lines[pushed.device].send(json.dumps(told))

    async def speak(self, line: ServerConnection) -> None:
        """With one browser, until it leaves."""
        try:
            async for text in line:
                answer = self.answer(line, json.loads(text))
                if answer is not None:
                    await line.send(json.dumps(answer))
        except ConnectionClosed:
            pass

    def answer(self, line: ServerConnection, said: dict[str, Any]) -> dict[str, Any] | None:
        """What a browser's message is answered with."""
        match said.get("messageType"):
            case "hello":
                return {
                    "messageType": "hello", "uaid": said.get("uaid") or uuid.uuid4().hex, "status": 200, "use_webpush": True,
                    "broadcasts": {},
                }  # fmt: skip
            case "register":
                device = uuid.uuid4().hex
                self.lines[device], self.channels[device] = line, said["channelID"]
                return {
                    "messageType": "register", "channelID": said["channelID"], "status": 200,
                    "pushEndpoint": self.service.url(device),
                }  # fmt: skip
            case "unregister":
                return {"messageType": "unregister", "channelID": said["channelID"], "status": 200}
            case "ack":
                self.acks += [update.get("code", 100) for update in said.get("updates", ())]
        return None

    async def run(self, up: threading.Event, stop: asyncio.Event) -> None:
        """Serve until stopped."""
        async with serve(self.speak, "127.0.0.1", 0, subprotocols=[Subprotocol("push-notification")]) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
            up.set()
            await stop.wait()


@contextmanager
def browsers_of(service: PushService) -> Iterator[Browsers]:
    """The browsers' door of a push service, in a thread."""
    connected, up, stop = Browsers(service), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=connected.loop.run_until_complete, args=(connected.run(up, stop),))
    thread.start()
    assert up.wait(10), "the browsers' door did not open"
    service.heard = connected.heard
    try:
        yield connected
    finally:
        service.heard = None
        connected.loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        connected.loop.close()

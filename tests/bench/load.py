"""A load generator in a process of its own: keep-alive connections over bare sockets, so that it is not what is measured.

python -m tests.bench.load PORT SECONDS CONNECTIONS  < JSON lines [{"method", "path", "headers", "body"}]: each line is one
kind of request, measured one after the other; prints JSON [{"answers", "seconds", "status"}].
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any


def raw(port: int, ask: dict[str, Any]) -> bytes:
    """One request as it goes over the wire."""
    body = ask.get("body", "").encode()
    lines = [f"{ask.get('method', 'GET')} {ask['path']} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in ask.get("headers", {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send and read one whole answer; gives its status."""
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        await reader.readexactly(int(lower[at + 15 : lower.index(b"\r\n", at)]))
    elif b"transfer-encoding: chunked" in lower:
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return status


async def same(port: int, sent: bytes, seconds: float, connections: int) -> dict[str, Any]:
    """The same request again and again for a while."""
    statuses: Counter[int] = Counter()
    end = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            statuses[await one(reader, writer, sent)] += 1
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    return {"answers": sum(statuses.values()), "seconds": time.perf_counter() - begin, "status": dict(statuses)}


async def each(port: int, all_sent: list[bytes], connections: int) -> dict[str, Any]:
    """Each request once, as fast as it goes."""
    statuses: Counter[int] = Counter()
    left = iter(all_sent)

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for sent in left:
            statuses[await one(reader, writer, sent)] += 1
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(connections)))
    return {"answers": sum(statuses.values()), "seconds": time.perf_counter() - begin, "status": dict(statuses)}


async def main() -> None:
    """Read what to ask, measure, print."""
    port, seconds, connections = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    asks = [json.loads(line) for line in sys.stdin]
    if seconds:
        found = [await same(port, raw(port, ask), seconds, connections) for ask in asks]
    else:
        found = [await each(port, [raw(port, ask) for ask in asks], connections)]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())

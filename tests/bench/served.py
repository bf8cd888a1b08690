"""What the bench serves: the application, and beside it in the same process a bare framework that says hello."""

import socket
import sys

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.main import app

hello = FastAPI(openapi_url=None)


@hello.get("/hello")
async def say() -> dict[str, str]:
    """The measure of all things here."""
    return {"hello": "world"}


async def both(scope: Scope, receive: Receive, send: Send) -> None:
    """Hello bears none of our gates."""
    await (hello if scope.get("path") == "/hello" else app)(scope, receive, send)


def main() -> None:
    """Serve on a port of our own; prints it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(both, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()

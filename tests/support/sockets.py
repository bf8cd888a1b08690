"""Sockets to anywhere but this machine are refused."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any


def _refuse(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if host in (None, "localhost") or ip_address(host).is_loopback:
        return
    raise AssertionError(f"a test tried to reach {host}")


@contextmanager
def loopback_only() -> Iterator[None]:
    """While open, connecting beyond loopback raises AssertionError; Unix sockets are ours."""
    patch = pytest_patch()
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
            if self.family != socket.AF_UNIX:
                _refuse(address)
            return real(self, address)

        patch.setattr(socket.socket, name, guarded)
    try:
        yield
    finally:
        patch.undo()


def pytest_patch() -> Any:
    """A monkeypatch of our own, for the length of a run."""
    import pytest

    return pytest.MonkeyPatch()

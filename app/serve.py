"""`linban run`: web server, worker and sandbox as three processes under one command, for a demo on this machine.

Nothing is restarted silently: when one ends by itself we say so and stop the others.
"""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import segno

from app import demo, local_ca, operations
from app.core.settings import settings
from app.sandbox.people import DEMO

GRACE = 3
ENDS_WITHIN = 10.0
LOOK_AGAIN = 0.05


@dataclass(frozen=True)
class Plan:
    """Where everything listens, and the addresses that people use."""

    host: str
    port: int
    public_url: str
    sandbox_url: str
    tls: list[str] = field(default_factory=list)


def lan_address() -> str:
    """This machine's address on its network; loopback when it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: only asks the routing table
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def make_plan(host: str, port: int, https: bool, data_dir: Path) -> Plan:
    """http on localhost, which browsers treat as secure; or https with our own authority, reachable by phones."""
    if not https:
        return Plan(host, port, f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}")
    address = lan_address()
    files = local_ca.prepare(data_dir / "ca", [address, "localhost", "127.0.0.1"])
    tls = ["--ssl-certfile", str(files.certificate), "--ssl-keyfile", str(files.key)]
    host = "0.0.0.0" if host in ("localhost", "127.0.0.1") else host  # noqa: S104 - HTTPS=1 asks for it
    return Plan(host, port, f"https://{address}:{port}", f"http://{address}:{port + 1}", tls)


def commands(plan: Plan) -> dict[str, list[str]]:
    """The three processes."""
    uvicorn = [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--timeout-graceful-shutdown", str(GRACE)]
    return {
        "sandbox": [*uvicorn, "--factory", "app.sandbox.main:from_settings", "--host", plan.host, "--port", str(plan.port + 1)],
        "web": [*uvicorn, "app.main:app", "--host", plan.host, "--port", str(plan.port), *plan.tls],
        "worker": [sys.executable, "-m", "app.worker"],
    }


def environment(plan: Plan) -> dict[str, str]:
    """Our own environment, with the addresses of this plan unless the operator gave others; who tries waits less for an SMS."""
    given = {"PUBLIC_URL": plan.public_url, "SANDBOX_URL": plan.sandbox_url, "DEMO": "1", "SMS_AFTER_MINUTES": "2"}
    return given | dict(os.environ)


def taken(host: str, port: int) -> bool:
    """Whether somebody listens on a port already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host in ("0.0.0.0", "localhost") else host, port)) == 0  # noqa: S104


def prepare() -> None:
    """Migrations, catalogue, demo staff."""
    operations.migrate()
    operations.publish()
    demo.make()


def banner(plan: Plan) -> str:
    """What a newcomer needs: the address, the accounts, where the codes arrive."""
    people = "\n".join(f"    {p.name}  {p.phone}  {p.id_number}" for p in DEMO[:5])
    staff = ", ".join(demo.accounts())
    qr = ""
    if plan.tls:
        qr = f"\n{_qr(plan.public_url)}\n  A phone must first trust this machine: {plan.sandbox_url}/sandbox/ca.crt\n"
    return f"""
  邻办 LinBan   {plan.public_url}
  Desk         {plan.public_url}/desk
  SMS codes    {plan.sandbox_url}/sandbox/phones
{qr}
  Residents (any number works; the register knows these names and ID numbers):
{people}
  Staff: {staff}
  Password of all staff: {demo.PASSWORD} (the page shows the code of their second factor)
  Data is in {settings().data_dir}/. Stop with Ctrl-C.
"""


def _qr(url: str) -> str:
    text = io.StringIO()
    segno.make(url, error="m").terminal(out=text, compact=True, border=2)
    return text.getvalue()


def run(host: str, port: int, https: bool) -> int:
    """Start everything, wait, stop everything; the exit code for the shell: 0 when we were told to stop."""
    for number in (port, port + 1):
        if taken(host, number):
            print(f"Port {number} is taken. Try another one: make run PORT={port + 10}", file=sys.stderr)
            return 2
    prepare()
    plan = make_plan(host, port, https, settings().data_dir)
    stop = threading.Event()
    ended: list[str] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    children = {
        name: subprocess.Popen(command, env=environment(plan), start_new_session=True)  # noqa: S603 - our own commands
        for name, command in commands(plan).items()
    }
    for name, child in children.items():
        threading.Thread(target=_watch, args=(name, child, ended, stop), daemon=True).start()
    while not stop.is_set() and not (taken(host, port) and taken(host, port + 1)):
        stop.wait(LOOK_AGAIN)
    if not stop.is_set():
        print(banner(plan), flush=True)
    stop.wait()
    died = list(ended)
    for name in died:
        print(f"{name} ended by itself with code {children[name].returncode}; stopping.", file=sys.stderr)
    _end(list(children.values()))
    return 1 if died else 0


def _watch(name: str, child: "subprocess.Popen[bytes]", ended: list[str], stop: threading.Event) -> None:
    child.wait()
    if not stop.is_set():
        ended.append(name)
        stop.set()


def _end(children: list["subprocess.Popen[bytes]"]) -> None:
    """Ask everybody to end, wait, and insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

"""Where web push may go. An endpoint is an address that a browser gave us, so that it could be any: it is user input.

Checked when it is stored and again when it is used: https, port 443, a host of the allow-list (PUSH_HOSTS).
At connection time the name is resolved here, each address must be public, and the connection goes to an address that was
checked: a name whose answer changes in between gains nothing.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

#: Characters of an endpoint, and of the name of its host.
MOST, MOST_HOST = 1000, 100
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NAT64 = IPv6Network("64:ff9b::/96")
#: What the library of this Python does not know as not public, or carries an IPv4 address that nobody should reach this way:
#: protocol assignments, IPv4-compatible, NAT64 of a local network, 6to4.
_NEITHER = tuple(ip_network(net) for net in ("192.0.0.0/24", "::/96", "64:ff9b:1::/48", "2002::/16"))


class BadEndpoint(ValueError):
    """Nothing that we send to."""


class Endpoint(NamedTuple):
    """An endpoint that may be used. `host` is the push service; `origin` its scheme, host and port, as VAPID signs it."""

    url: str
    host: str
    origin: str


def check(url: str, hosts: str, *, loopback: bool = False) -> Endpoint:
    """The endpoint, taken apart; `hosts` is the allow-list, `*.` means any host below. Raises BadEndpoint.

    `loopback` (tests only, PUSH_TEST_CA): this machine too, on any port.
    """
    if len(url) > MOST or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise BadEndpoint("not an address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadEndpoint("not an address") from None
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or "#" in url:
        raise BadEndpoint("only https, without a user or a fragment")
    if loopback and host in LOOPBACK:
        return Endpoint(url, host, f"https://{_authority(host)}:{port}" if port else f"https://{_authority(host)}")
    if port not in (None, 443) or not _allowed(host, hosts.split()):
        raise BadEndpoint("not a push service that we know")
    return Endpoint(url, host, f"https://{host}")


def _authority(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _allowed(host: str, patterns: Iterable[str]) -> bool:
    """A name below `*.` has at least one label more; an address in numbers is no name."""
    labels = host.split(".")  # an end in a dot, or two of them, leaves an empty one
    if len(host) > MOST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return any(host == p or (p.startswith("*.") and host.endswith(p[1:])) for p in patterns)


def public(address: str) -> bool:
    """Whether an address is one of the public internet, also behind every way of writing an IPv4 address as an IPv6 one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = _unwrapped(found)
    return plain.is_global and not plain.is_multicast and not any(plain in net for net in _NEITHER)


def _unwrapped(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address behind an IPv6 one that only carries it (IPv4-mapped, NAT64), else the address itself."""
    if isinstance(found, IPv4Address):
        return found
    return found.ipv4_mapped or (IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else found)


def loopback(address: str) -> bool:
    """Whether an address is this machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False

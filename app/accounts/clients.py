"""What a request says about its client, coarsely: the kind of device, the network address, the network for records."""

from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection


def device_of(request: HTTPConnection) -> str:
    """A coarse name of the client for the list of sessions; the full user agent is not kept."""
    agent = request.headers.get("user-agent", "")
    system = next((n for key, n in (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
                                    ("Mac OS", "Mac"), ("Linux", "Linux")) if key in agent), "")  # fmt: skip
    browser = next((n for key, n in (("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox", "Firefox"),
                                     ("Chrome", "Chrome"), ("Safari", "Safari")) if key in agent), "")  # fmt: skip
    return " ".join(part for part in (system, browser) if part) or "API"


def address_of(request: HTTPConnection) -> str:
    """The client's network address, of IPv6 the network that one subscriber gets; budgets keep it only as a blind index."""
    host = request.client.host if request.client else "unknown"
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else host


def area_of(request: HTTPConnection) -> str:
    """The client's network for records: enough to see "not from our building", too little to name a machine."""
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return ""
    return str(ip_network((found, 48), strict=False)) if found.version == 6 else f"{host.rpartition('.')[0]}.*"

"""What a first visit of a page costs: its HTML, sheets and scripts with all that they import, as they go over the wire."""

import gzip
import re
from urllib.parse import urljoin

import httpx

ASSETS = re.compile(
    r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"|<script[^>]+src="([^"]+)"|<link[^>]+rel="modulepreload"[^>]+href="([^"]+)"'
)
IMPORTS = re.compile(r"""(?:^|[;\s])(?:import|export)\s*(?:[\w*{}\s,$]*?\sfrom\s*)?["'](\.[^"']+)["']""")


def _fetch(client: httpx.Client, url: str) -> tuple[int, str]:
    """Bytes of the body over the wire, and its text."""
    with client.stream("GET", url, headers={"Accept-Encoding": "gzip", "Accept": "text/html,*/*"}) as answer:
        answer.raise_for_status()
        body = b"".join(answer.iter_raw())
    return len(body), (gzip.decompress(body) if answer.headers.get("content-encoding") == "gzip" else body).decode()


def first_visit(client: httpx.Client, path: str) -> dict[str, int]:
    """Bytes by address; the page itself first."""
    size, html = _fetch(client, path)
    found = {path: size}
    waiting = [urljoin(path, next(part for part in match if part)) for match in ASSETS.findall(html)]
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        found[url], text = _fetch(client, url)
        if url.endswith(".js"):
            waiting += [urljoin(url, name) for name in IMPORTS.findall(text)]
    return found

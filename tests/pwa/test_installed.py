"""LinBan on the home screen: what browsers ask of an app, in the reader's language."""

import re
import struct
from typing import Any

import pytest

from app.core import static
from tests.conftest import Visit


@pytest.mark.parametrize(("lang", "name"), [("zh-CN", "邻办"), ("en-GB", "LinBan")])
def test_the_manifest_names_the_app_and_icons_of_the_size_they_have(visit: Visit, lang: str, name: str) -> None:
    client = visit(**{"Accept-Language": lang})
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["display"], said["start_url"], said["scope"]) == (name, "standalone", "/", "/")
    sheet = client.get(static.url("css/app.css")).text
    assert {f"--paper:{said['background_color']}", f"--lake:{said['theme_color']}"} <= set(re.findall(r"--\w+:#\w+", sheet))
    for icon in said["icons"]:
        body = client.get(icon["src"]).content
        assert "{}x{}".format(*struct.unpack(">II", body[16:24])) == icon["sizes"]


def test_chromium_finds_nothing_wrong_with_it(phone: Any) -> None:
    phone.goto("/services")
    cdp = phone.context.new_cdp_session(phone)
    found = cdp.send("Page.getAppManifest")
    assert found["url"].endswith("/manifest.webmanifest")
    assert found["errors"] == []
    wrong = [error["errorId"] for error in cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert set(wrong) <= {"in-incognito"}  # tests run in a window that forgets

"""An endpoint is what a browser says; a stranger could say anything."""

import pytest

from app.core.settings import Settings
from app.outside.push_endpoints import MOST, BadEndpoint, check, public

HOSTS = Settings.model_fields["push_hosts"].default


@pytest.mark.parametrize(
    "url",
    ["https://fcm.googleapis.com/fcm/send/dQw4:APA91b", "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
     "https://web.push.apple.com/QGuQyavXutnMH", "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2f",
     "https://FCM.googleapis.com:443/fcm/send/x"],
)  # fmt: skip
def test_the_push_services_of_the_browsers_are_known(url: str) -> None:
    found = check(url, HOSTS)
    assert found.url == url
    assert found.origin == f"https://{found.host}"
    assert found.host == found.host.lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "//fcm.googleapis.com/x", "fcm.googleapis.com/x", "",
        "https:///x", "https://", "https:fcm.googleapis.com", "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999/x", "https://fcm.googleapis.com:x/", "https://me@fcm.googleapis.com/x",
        "https://:@fcm.googleapis.com/x", "https://fcm.googleapis.com/x#y", "https://fcm.googleapis.com/#",
        "https://evil.example/x", "https://fcm.googleapis.com.evil.example/x", "https://evil.example/fcm.googleapis.com",
        "https://evilfcm.googleapis.com/x", "https://push.apple.com/x", "https://.push.apple.com/x",
        "https://a..push.apple.com/x", "https://a;b.push.apple.com/x", "https://a%20.push.apple.com/x", "https://a,b.push.apple.com/x",
        "https://-.push.apple.com/x", "https://fcm.googleapis.com./x",
        "https://evil.example\\@fcm.googleapis.com/x", "https://fcm.googleapis.com\\.evil.example/x",
        "https://fcm.googleapis.com\t/x", "https://fcm.googleapis.com/\nHost: x", " https://fcm.googleapis.com/x",
        "https://fcm.googleapis.com/<x>", "https://ｆｃｍ.googleapis.com/x", "https://fcm.googleapis.com/测",
        "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x", "https://[::1/x", "https://0x7f.1/x",
        "https://2130706433/x", "https://169.254.169.254/latest/meta-data", "https://fcm.googleapis.com/" + "x" * MOST,
        f"https://{'x' * 60}.{'y' * 60}.push.apple.com/x",
    ],
)  # fmt: skip
def test_anything_else_is_none(url: str) -> None:
    with pytest.raises(BadEndpoint):
        check(url, HOSTS)


def test_only_the_tests_own_setting_lets_this_machine_be_one() -> None:
    for url in ("https://localhost:34723/x", "https://127.0.0.1:1/x", "https://[::1]:8443/x"):
        assert check(url, HOSTS, loopback=True).origin == url.removesuffix("/x")
    for url in ("http://localhost:34723/x", "https://127.0.0.2:1/x", "https://10.0.0.1/x", "https://me@localhost/x"):
        with pytest.raises(BadEndpoint):
            check(url, HOSTS, loopback=True)


def test_an_empty_list_of_hosts_allows_nothing() -> None:
    with pytest.raises(BadEndpoint):
        check("https://fcm.googleapis.com/x", "")


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.95", "2607:f8b0:4005::200a", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nobody binds to it
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001::1", "no address", "",
    ],
)  # fmt: skip
def test_any_other_address_is_not_however_it_is_written(address: str) -> None:
    assert not public(address)

"""The access log says which door was used, not by whom."""

import logging

import pytest

from app.core import logs


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/desk?q=王晓兰", "/desk"),
        ("/callbacks/sms", "/callbacks/sms"),
        ("/callbacks/sms/aliyun/a-secret-address", "/callbacks/sms/aliyun/…"),
        ("/push/shown/a-secret-token?x=1", "/push/shown/…"),
    ],
)
def test_queries_and_secret_ends_of_addresses_stay_out_of_the_log(path: str, shown: str) -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', (), None)
    record.args = ("127.0.0.1", "POST", path, "1.1", 200)
    assert logs.WithoutQuery().filter(record)
    assert isinstance(record.args, tuple)
    assert record.args[2] == shown

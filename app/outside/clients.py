"""The systems outside as the rooms see them: one protocol class each, and the client in force of this process."""

import logging
from functools import cache
from typing import Protocol
from uuid import uuid4

from app.core.errors import Outage
from app.core.settings import settings

from .aliyun_sms import ENDPOINT, AliyunSms, read_register
from .calls import Line
from .data_share import DataShare, HttpDataShare
from .sms import HttpSms, Patient, Sms, Wire

log = logging.getLogger(__name__)


class Identity(Protocol):
    """The population register."""

    def check(self, name: str, id_number: str) -> bool:
        """Whether name and ID number belong together. Raises Outage."""

    def holds_phone(self, number: str, id_number: str) -> bool | None:
        """Whether this person holds the number now; None when the register does not know the number. Raises Outage."""


class HttpIdentity:
    """The register over HTTP. A question has no effect, so each gets a key of its own."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def check(self, name: str, id_number: str) -> bool:
        """See Identity."""
        return _yes_or_no(self.line.ask("/identity/checks", {"name": name, "id_number": id_number}, str(uuid4())).get("match"))

    def holds_phone(self, number: str, id_number: str) -> bool | None:
        """See Identity."""
        body = {"number": number, "id_number": id_number}
        holds = self.line.ask("/identity/phone-holders", body, str(uuid4())).get("holds")
        return None if holds is None else _yes_or_no(holds)


def _yes_or_no(value: object) -> bool:
    """An answer that is neither yes nor no is no answer."""
    if not isinstance(value, bool):
        raise Outage
    return value


@cache
def line() -> Line:
    """The connection that all clients of this process share."""
    return Line(settings().sandbox_url, settings().outside_api_key.get_secret_value())


def _sms(report_url: str) -> Sms:
    ours = settings()
    secret = ours.sms_key_secret.get_secret_value()
    if ours.sms_vendor == "aliyun":
        return AliyunSms(Wire(ours.sms_url or ENDPOINT), ours.sms_key_id, secret, read_register(ours.sms_templates))
    return HttpSms(Wire(ours.sms_url or ours.sandbox_url), ours.outside_api_key.get_secret_value(), secret, report_url)


def check_secret() -> None:
    """Tell operators when a vendor of their own is signed to, and believed, with the secret that everybody can read here."""
    ours = settings()
    own = ours.sms_url or ours.sms_vendor != "gateway"
    if own and not ours.demo and ours.sms_key_secret.get_secret_value() == "sandbox":
        log.error("SMS_KEY_SECRET is still the sandbox's: anybody can sign delivery reports; set the vendor's own")


@cache
def sms_once() -> Sms:
    """The SMS vendor in force, one attempt a call, no delivery report asked for."""
    return _sms("")


@cache
def sms_reported() -> Sms:
    """The same vendor for the worker, whose outbox tries again; reports come to our callback."""
    return _sms(f"{settings().public_url.rstrip('/')}/callbacks/sms")


def sms() -> Patient:
    """The same vendor for somebody who waits for the message."""
    return Patient(sms_once())


def identity() -> Identity:
    """The identity register in force."""
    return HttpIdentity(line())


#: Seconds for one call to a register: somebody is waiting, and one call of two may fail within their patience.
REGISTER_CALL = 1.8


@cache
def quick_line() -> Line:
    """The connection to the registers: short calls, few of them."""
    return Line(
        settings().sandbox_url, settings().outside_api_key.get_secret_value(), timeout=REGISTER_CALL, tries=2, longest=0.3
    )


def data_share() -> DataShare:
    """The data-share platform in force."""
    return HttpDataShare(quick_line())

"""A browser that can be pushed to, without a browser: its keys, its subscription as JSON, and how it reads a message."""

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session, select

from app.accounts.models import SessionRow
from app.accounts.tokens import digest
from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.push_keys import push_keys
from app.messages import subscriptions


def base64url(raw: bytes) -> str:
    """As browsers write bytes."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Device:
    """A browser: where it can be reached, and with which keys."""

    endpoint: str = field(default_factory=lambda: f"https://fcm.googleapis.com/fcm/send/{base64url(os.urandom(12))}")
    id: UUID = field(default_factory=new_id)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        """Its public point."""
        return base64url(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def body(self, **changed: Any) -> dict[str, Any]:
        """What its page sends us."""
        keys = {"p256dh": self.p256dh, "auth": base64url(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys, "key_id": push_keys().current, "lang": "zh", **changed}

    def read(self, encrypted: bytes) -> dict[str, Any]:
        """A message that was pushed to it, in plain."""
        plain = http_ece.decrypt(encrypted, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        found: dict[str, Any] = json.loads(plain)
        return found


def subscribe(session: Session, token: str, device: Device | None = None, **changed: Any) -> Device:
    """Take a browser in for the session that a token opens, a resident's or a member of staff's."""
    device = device or Device()
    row = session.exec(select(SessionRow).where(SessionRow.token_hash == digest(token))).one()
    owner = subscriptions.Owner(row.id, row.person_id, row.staff_id)
    body = subscriptions.SubscriptionBody(**device.body(**changed))
    subscriptions.put(session, owner, device.id, body, utcnow())
    return device

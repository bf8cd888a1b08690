"""What a push carries: a declarative message (W3C Push API; Safari from 18.4 on), which a service worker may show itself.

Nothing in it names a person, a service or a department: a locked screen is for anybody's eyes, and push services see sizes.
"""

import base64
import json
from uuid import UUID

from app.core.settings import settings

from . import shown, texts
from .channels import Parcel
from .kinds import Group, kind

TITLES = {"zh": "邻办", "en": "LinBan"}
LANGS = {"zh": "zh-CN", "en": "en"}
WEB_PUSH = 8030
_TURN = (Group.TURN, Group.STAFF_TURN)


def topic(message_id: UUID) -> str:
    """The same for all deliveries of a message: a second one replaces the first, on its way (Topic) and on screen (tag)."""
    return base64.urlsafe_b64encode(message_id.bytes).decode().rstrip("=")


def payload(parcel: Parcel, lang: str, unread: int) -> bytes:
    """The JSON of a push. `unread`: messages that its reader has not read, for the badge.

    Badge and `mutable` (wake the service worker first) stand twice: WebKit's parser looks for them inside `notification`, the
    badge as a string of digits, the W3C's text beside it, as a number.
    """
    pages = "/desk/messages/" if parcel.staff_id else "/messages/"
    said = {
        "web_push": WEB_PUSH, "mutable": True, "app_badge": unread,
        "notification": {
            "title": TITLES[lang], "body": texts.push_text(parcel.kind, lang), "lang": LANGS[lang],
            "tag": topic(parcel.message_id), "navigate": f"{settings().public_url.rstrip('/')}{pages}{parcel.message_id}",
            "app_badge": str(unread), "mutable": True, "data": {"shown": f"{shown.PATH}{shown.token(parcel.id)}"},
        },
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def urgency(parcel: Parcel) -> str:
    """How soon a sleeping phone is woken (RFC 8030 §5.3): at once when something waits for its reader, or is urgent."""
    known = kind(parcel.kind)
    return "high" if known.urgent or known.group in _TURN else "normal"

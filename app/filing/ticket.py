"""A ticket in the form page proves that the page was made for the draft's filer (in one identity), so that what they send
after their session has ended can be held for them. It opens nothing: what is held is shown only to the filer, signed in."""

import base64
import binascii
import json
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.parties import Party
from app.core.crypto import Sealed, keyring

PLACE = "draft.ticket"
LIFE = timedelta(days=60)


def give(party: Party, draft_id: UUID, now: datetime) -> str:
    """A ticket for one party's draft; URL-safe text."""
    whose = [str(party.person_id), *([str(party.enterprise_id)] if party.enterprise_id else [])]
    body = json.dumps([*whose, str(draft_id), now.timestamp()]).encode()
    return base64.urlsafe_b64encode(keyring().seal(body, PLACE)).decode()


def party_of(text: str, draft_id: UUID, now: datetime) -> Party | None:
    """Whose draft the ticket was given for; None when it is not ours, for another draft, or too old."""
    try:
        filer, *enterprise, draft, at = json.loads(keyring().open(base64.urlsafe_b64decode(text), PLACE))
    except (Sealed, ValueError, binascii.Error):
        return None
    fresh = now.timestamp() - at < LIFE.total_seconds()
    return Party(UUID(filer), UUID(enterprise[0]) if enterprise else None) if fresh and draft == str(draft_id) else None

"""Addresses of filing's pages, made in one place."""

from urllib.parse import quote, urlencode
from uuid import UUID

from starlette.responses import RedirectResponse

from app.accounts.sessions import SignedPhone
from app.core.web import redirect


def page_address(service_id: str, edition_id: str, page_id: str, draft_id: UUID, **more: str) -> str:
    """A form page with a draft."""
    return f"/forms/{service_id}/{edition_id}/{page_id}?{urlencode({'draft': draft_id, **more})}"


def review_address(draft_id: UUID) -> str:
    """The review page of a draft."""
    return f"/drafts/{draft_id}/review"


def lookups_address(draft_id: UUID) -> str:
    """Where the registers are asked for a draft."""
    return f"/drafts/{draft_id}/lookups"


def outlook_address(draft_id: UUID, back: str) -> str:
    """What a draft leads to; `back` is the page to return to."""
    return f"/drafts/{draft_id}/outlook?{urlencode({'back': back})}"


def start_address(service_id: str) -> str:
    """Where filing a service starts, also after signing in."""
    return f"/services/{service_id}/start"


def sign_in_and_back(phone: SignedPhone | None, back: str) -> RedirectResponse:
    """To sign-in, or to the real-name check for a phone that is signed in without a person; then back."""
    return redirect(f"{'/real-name' if phone else '/sign-in'}?next={quote(back, safe='')}")

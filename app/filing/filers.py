"""Who files a service: a person for themself, somebody acting for an enterprise, or either."""

from app.accounts.parties import Party
from app.catalogue.definition import Audience, Service
from app.core.errors import N_, AppError


class NotForPersons(AppError):
    """The service is filed for an enterprise, and the person acts for themself."""

    status = 409
    type = "filed-for-an-enterprise"
    what = N_("这件事要代表企业办，您现在是为自己办。")
    kept = N_("什么都没有改。")
    todo = N_("请到“我代表的企业”换成企业，再来办。")


class NotForEnterprises(AppError):
    """The service is a person's own matter, and the person acts for an enterprise."""

    status = 409
    type = "filed-by-a-person"
    what = N_("这件事是个人办的，您现在代表企业。")
    kept = N_("什么都没有改。")
    todo = N_("请到“我代表的企业”换回为自己办，再来办。")


def identity(party: Party) -> Audience:
    """As what a party files."""
    return Audience.PERSON if party.enterprise_id is None else Audience.ENTERPRISE


def may_file(service: Service, party: Party) -> bool:
    """Whether a party files this service in the identity in which they are now."""
    return service.filed_by(identity(party))


def check(service: Service, party: Party) -> None:
    """Raises NotForPersons or NotForEnterprises when the party is in the wrong identity for this service."""
    if not may_file(service, party):
        raise NotForPersons if party.enterprise_id is None else NotForEnterprises

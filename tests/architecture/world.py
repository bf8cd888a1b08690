"""One of everything that somebody may own, and everybody who may stand before its door."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.accounts import models as accounts
from app.accounts.parties import Party
from app.accounts.tokens import digest
from app.cases.models import Case
from app.core import db
from app.core.clock import utcnow
from app.core.ids import new_id
from app.documents import service as documents
from app.documents.models import Upload
from app.filing import receipts
from app.filing.models import Receipt
from app.messages import service as messages
from app.messages import shown, subscriptions
from app.messages.models import Alert, Channel, Delivery, DeliveryState, Message
from app.territory.models import ServicePoint
from tests import factories as make
from tests import newborn
from tests.cases.hands import ask, decide
from tests.devices import Device

from .access import Role

ITEM = "msb.maternity_benefit"
ELSEWHERE = "330106"


def cookies(session: Session, owner: accounts.Person, neighbour: accounts.Person) -> dict[Role, dict[str, str]]:
    """The cookie that each role bears."""

    def staff(username: str, **more: Any) -> dict[str, str]:
        return {"staff": make.make_staff_signed_in(session, make.make_staff(session, username, **more))}

    kinds = accounts.Role
    return {
        Role.STRANGER: {},
        Role.PHONE: {"token": make.make_signed_in(session, make.make_phone(session))},
        Role.OWNER: {"token": make.make_signed_in(session, owner)},
        Role.AGENT: {"token": make.make_signed_in(session, owner, acting=make.make_enterprise(session, owner))},
        Role.NEIGHBOUR: {"token": make.make_signed_in(session, neighbour)},
        Role.REVIEWER: staff("msb7"),
        Role.HEAD: staff("msb8", role=kinds.HEAD),
        Role.ELSEWHERE: staff("msb9", jurisdiction=ELSEWHERE),
        Role.COLLEAGUE: staff("psb7"),
        Role.SUPERVISOR: staff("das7", role=kinds.SUPERVISOR),
        Role.ADMINISTRATOR: staff("das8", role=kinds.ADMINISTRATOR),
        Role.AUDITOR: staff("das9", role=kinds.AUDITOR),
    }


def _picture(owner: UUID, draft: UUID, material: str) -> UUID:
    place = documents.Place(owner, draft, material, 1)
    return documents.receive(place, "a.jpg", newborn.picture(material), utcnow())


def _receipt(session: Session, case: Case) -> None:
    signed = receipts.sign(case.number, case.filed_at, case.service_id, case.edition, newborn.answers(), [])
    session.add(
        Receipt(
            case_id=case.id, case_number=case.number, code=signed.code, digest="0" * 64, salt=signed.salt, body=signed.body,
            signature=signed.signature,
        )
    )  # fmt: skip


def _session(session: Session, token: str) -> str:
    """The id of the session that a token opens."""
    return str(session.exec(select(accounts.SessionRow.id).where(accounts.SessionRow.token_hash == digest(token))).one())


def _browser(session: Session, staff: accounts.Staff) -> UUID:
    """A browser of the desk that may be pushed to, in the first session of its owner."""
    signed_in = select(accounts.SessionRow.id).where(accounts.SessionRow.staff_id == staff.id)
    owner = subscriptions.Owner(min(session.exec(signed_in)), staff_id=staff.id)
    subscription_id = new_id()
    subscriptions.put(session, owner, subscription_id, subscriptions.SubscriptionBody(**Device().body()), utcnow())
    return subscription_id


def other_sessions(session: Session, owner: accounts.Person) -> dict[Role, str]:
    """A second session of those who may end one: what the first of them ended would be gone for the next."""
    staff = session.exec(select(accounts.Staff).where(accounts.Staff.username == "msb7")).one()
    tokens = {Role.AGENT: make.make_signed_in(session, owner), Role.REVIEWER: make.make_staff_signed_in(session, staff)}
    return {role: _session(session, token) for role, token in tokens.items()}


def things(session: Session, owner: accounts.Person) -> dict[str, dict[str, str]]:
    """The owner's objects as {beginning of a path: {parameter: value}}; "" holds what fits everywhere else."""
    now = utcnow()
    case = make.make_case(session, owner, answers=newborn.answers(), now=now)
    decide(session, case, "health.birth_cert", now, "accept", "approve")
    ask(session, case, ITEM, now)
    _receipt(session, case)
    draft = make.make_draft(session, owner, newborn.answers())
    look = next(iter(make.make_looks(session, owner.id, draft.id).values()))
    upload = Upload(
        owner_id=owner.id, draft_id=draft.id, material="M-BANK", page=1, filename="a.jpg", sha256="0" * 64, size=10,
        created_at=now, expires_at=now.replace(year=now.year + 1),
    )  # fmt: skip
    session.add(upload)
    device = _session(session, make.make_signed_in(session, owner))
    reviewer = session.exec(select(accounts.Staff).where(accounts.Staff.username == "msb7")).one()
    at_desk = messages.tell_staff(session, reviewer.id, "staff_digest", {}, now).id
    session.flush()
    delivery = Delivery(
        message_id=at_desk, channel=Channel.PUSH, target=new_id(), host="push.example", state=DeliveryState.FAILED,
        because="refused", queued_at=now, due_at=now, give_up_at=now, ended_at=now,
    )  # fmt: skip
    alert = Alert(kind="event_without_message", subject=case.number, detail={"n": 1}, opened_at=now)
    session.add_all([delivery, alert])
    browser = _browser(session, reviewer)
    clerk, point = make.make_staff(session, "msb6"), session.exec(select(ServicePoint)).first()
    session.commit()
    of_draft, of_case = _picture(owner.id, draft.id, "M-HK"), _picture(owner.id, case.draft_id, "M-BANK")
    session.rollback()
    with db.writing() as writing:
        body = newborn.picture("M-BANK")
        sent = documents.WantedDocument("M-BANK", 1, sha256(body).hexdigest(), len(body), "a.jpg")
        documents.attach(writing, Party(owner.id), case.draft_id, case.id, [sent])
        message = writing.exec(select(Message).where(Message.person_id == owner.id)).first()
        told = str(message.id) if message else str(new_id())
    return {
        "/desk/items": {"item_id": ITEM, "number": case.number},
        "/desk/documents": {"document_id": str(of_case), "number": "1"},
        "/cases": {"document_id": str(of_case), "number": case.number, "page": "1", "item_id": ITEM},
        "/api/cases": {"number": case.number, "item": ITEM},
        "/documents": {"document_id": str(of_draft), "number": "1"},
        "/receipts": {"number": case.number},
        "/callbacks": {"token": "guessed"},
        "/desk/staff": {"staff_id": str(clerk.id)},
        "/desk/deliveries": {"delivery_id": str(delivery.id), "alert_id": str(alert.id)},
        "/desk/messages": {"message_id": str(at_desk)},
        "/desk/points": {"point_id": str(point.id if point else new_id())},
        "/desk/departments": {"department_id": "msb"},
        "/desk/divisions": {"code": "320507104203"},
        "/desk/calendar": {"day": "2026-12-31"},
        "": {
            "draft_id": str(draft.id), "document_id": str(of_draft), "message_id": told, "session_id": device,
            "upload_id": str(upload.id), "service_id": "newborn", "edition_id": make.current_edition(), "page_id": "baby",
            "code": "320507", "lookup_id": str(look.id), "department_id": "msb", "event_id": "birth",
            "subscription_id": str(browser), "token": shown.token(new_id()),
        },
    }  # fmt: skip

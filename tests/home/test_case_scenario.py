"""Scenario 7: one department rejects, one asks for a correction, the others finish; only the gap is filed again."""

import json

import pytest
from sqlmodel import Session, select

from app.accounts.parties import Party
from app.cases import applicant, history, queries
from app.cases.models import Case, CaseEvent
from app.cases.office import Target
from app.cases.states import CaseState
from app.core.clock import utcnow
from app.documents import queries as documents
from app.documents import service as shelf
from app.filing import corrections
from app.filing.corrections import NotAsked
from app.home.cases_routes import edition_of
from app.home.cases_view import view
from app.messages import queries as inbox
from tests import factories as make
from tests.cases.hands import ask, decide
from tests.newborn import answers, picture

NOW = utcnow()
OTHERS = ("cdc.vacc_cert", "psb.birth_reg", "msb.resident_enrol", "hrss.sscard_apply")


def finish(session: Session, case: Case, *items: str) -> None:
    for item in items:
        decide(session, case, item, NOW, "accept", "approve", "finish")


def test_a_child_is_born(session: Session) -> None:
    mother = make.make_person(session, make.MOTHER)
    case = make.make_case(session, mother, answers=answers(), now=NOW)
    finish(session, case, "health.birth_cert", *OTHERS)

    decide(session, case, "health.childcare_subsidy", NOW, "accept", "deny")
    asked = ask(session, case, "msb.maternity_benefit", NOW, Target(question="bank.holder"), Target(material="M-BANK", page=1))
    session.commit()
    assert case.state is CaseState.YOUR_TURN
    assert inbox.counts(session, Party(mother.id)).your_turn == 1
    session.commit()

    shelf.receive(shelf.Place(mother.id, asked, "M-BANK", 1), "card.jpg", picture(seed=9), NOW)
    sent = [
        shelf.WantedDocument(d.material, d.page, d.sha256, d.size, d.filename)
        for d in documents.of_draft(session, Party(mother.id), asked)
    ]
    everything = answers(**{"bank.holder": "陈志远"})
    with pytest.raises(NotAsked):
        corrections.reply(
            session, Party(mother.id), case.number, "msb.maternity_benefit", everything, sent, "first-key", None, NOW
        )  # fmt: skip
    gap = {"bank.holder": "陈志远"}
    corrections.reply(session, Party(mother.id), case.number, "msb.maternity_benefit", gap, sent, "second-key", None, NOW)
    finish(session, case, "msb.maternity_benefit")

    head = queries.own(session, Party(mother.id), case.number)
    assert (head.state, head.finished_at) == (CaseState.FINISHED, NOW)
    assert json.loads(applicant.answers_of(session, case)) == answers(**gap)
    assert [(d.material, d.revision) for d in documents.of_case(session, case.id, None)] == [("M-BANK", 2)]
    kinds = list(session.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)))
    assert kinds.count("correction_asked") == kinds.count("correction_answered") == 1
    assert kinds.count("item_denied") == 1
    assert kinds.count("item_finished") == 6
    assert (kinds[0], kinds[-1]) == ("case_filed", "case_finished")
    assert inbox.counts(session, Party(mother.id)).your_turn == 0
    assert len(inbox.inbox(session, Party(mother.id), 100)) == len(kinds), "every event was told once"
    assert history.broken(session) == []

    page = view(head, queries.items(session, case.id), queries.events(session, case.id), edition_of(session, head), "zh", NOW)
    assert len(page.steps) == len(kinds), "one timeline"
    assert (page.departments, page.finished, page.last_day, page.may_withdraw) == (5, 5, "", False)
    refused = [lane for lane in page.lanes if lane.refused]
    assert [(lane.item, lane.reason) for lane in refused] == [("育儿补贴", "材料不齐")]

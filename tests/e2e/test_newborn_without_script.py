"""Everything works without JavaScript: a filing from the guide to its receipt."""

from typing import Any

from sqlmodel import select

from app.cases.models import Case
from app.core import db
from app.documents.models import Document
from tests import newborn
from tests.e2e import steps
from tests.factories import MOTHER
from tests.support import browsers


def test_a_resident_files_with_script_switched_off(browser: Any, sandbox: str) -> None:
    page = browser(**browsers.PHONE, java_script_enabled=False)
    number = steps.file_newborn(page, sandbox, MOTHER, newborn.answers(), script=False)
    with db.reading() as session:
        case = session.exec(select(Case)).one()
        documents = session.exec(select(Document).where(Document.case_id == case.id)).all()
    assert case.number == number
    assert sorted((d.material, d.page) for d in documents) == sorted(newborn.wanted(newborn.answers(), newborn.HELD))

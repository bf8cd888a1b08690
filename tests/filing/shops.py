"""A small service of our own that is filed by persons and for enterprises: what the tests of identities and outlook need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import Session

from app.catalogue import editions, loader
from app.catalogue.definition import Edition
from app.catalogue.models import EditionRow
from app.core.clock import utcnow

DEPARTMENTS = """\
departments:
- {id: health, name: {zh: 卫健委, en: Health commission}, short: {zh: 卫健, en: Health}}
- {id: psb, name: {zh: 公安局, en: Police}, short: {zh: 公安, en: Police}}
- {id: msb, name: {zh: 医保局, en: Healthcare security}, short: {zh: 医保, en: Healthcare}}
"""
SHOP = """\
id: shop
kind: one_thing
title: {zh: 开小店, en: A small shop}
situation: {zh: 想开一家小店, en: You want to open a small shop}
audience: enterprise
filers: [person, enterprise]
lead: health
fee: {zh: 0 元, en: Free}
icon: shop
eligibility: {zh: 人人, en: Everybody}
declaration: {zh: 属实, en: It is true}
items:
- id: health.permit
  name: {zh: 卫生许可, en: Health permit}
  short: {zh: 卫生许可, en: Health permit}
  department: health
  kind: XK
  legal_days: 20
  promised_days: 3
- id: psb.sign
  name: {zh: 招牌备案, en: Filing of the sign}
  short: {zh: 招牌备案, en: Sign}
  department: psb
  kind: BA
  promised_days: 2
  after: [health.permit]
  needed_if: shop.sign
  when: {zh: 要装招牌的, en: with a sign}
- id: msb.big
  name: {zh: 大店核查, en: Check of large shops}
  short: {zh: 大店核查, en: Large shops}
  department: msb
  kind: QT
  promised_days: 5
  needed_if: "shop.area >= 100.0 || (has(shop.lit) && shop.lit)"
  when: {zh: 面积 100 平方米以上，或者招牌亮灯的, en: from 100 square metres or with a lit sign}
materials:
- {id: S-FORM, name: {zh: 申请表, en: Form}, source: system}
- {id: S-SIGN, name: {zh: 招牌照片, en: Picture of the sign}, source: applicant, needed_if: shop.sign, items: [psb.sign]}
- {id: S-PERMIT, name: {zh: 许可证, en: Permit}, source: state, from_item: health.permit, items: [psb.sign]}
form:
  pages:
  - id: who
    title: {zh: 谁, en: Who}
    questions:
    - id: ent.name
      kind: text
      optional: true
      label: {zh: 企业名称, en: Enterprise}
      prefill: enterprise.name
    - {id: own.name, kind: name, label: {zh: 姓名, en: Name}, prefill: profile.name}
    - {id: own.nick, kind: text, label: {zh: 店名, en: Name of the shop}, prefill: earlier}
  - id: shop
    title: {zh: 店, en: Shop}
    questions:
    - {id: shop.area, kind: number, label: {zh: 面积, en: Area}}
    - {id: shop.sign, kind: yes_no, label: {zh: 要招牌吗, en: With a sign}}
    - {id: shop.lit, kind: yes_no, label: {zh: 亮灯吗, en: Lit}, shown_if: shop.sign}
    materials: [S-SIGN]
"""
#: The same, for one identity only.
FOR_ENTERPRISES = SHOP.replace("id: shop\n", "id: works\n").replace("filers: [person, enterprise]\n", "filers: [enterprise]\n")
FOR_PERSONS = SHOP.replace("id: shop\n", "id: opening\n").replace("filers: [person, enterprise]\n", "filers: [person]\n")
ANSWERS = {"own.name": "周雅琴", "own.nick": "莲桥", "shop.area": 50.0, "shop.sign": False}


@contextmanager
def in_force(folder: Path, session: Session, *services: str) -> Iterator[dict[str, Edition]]:
    """Let these definitions be all that there is; gives their editions."""
    (folder / "departments.yaml").write_text(DEPARTMENTS, encoding="utf-8")
    (folder / "bank.yaml").write_text("questions: {}\nmaterials: {}\noptions: {}\n", encoding="utf-8")
    for text in services:
        name = text.split("id: ", 1)[1].split("\n", 1)[0]
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    catalogue = loader.load(folder)
    found = {s.id: Edition(editions.edition_id(s), s) for s in catalogue.services.values()}
    for edition in found.values():
        definition = edition.service.model_dump(mode="json")
        session.add(EditionRow(service_id=edition.service.id, id=edition.id, definition=definition, published_at=utcnow()))
    session.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "_catalogue", lambda: catalogue)
        patch.setattr(editions, "_current", lambda: found)
        yield found

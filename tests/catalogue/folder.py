"""A small catalogue on disk that tests break in one place at a time."""

from pathlib import Path

DEPARTMENTS = """\
departments:
- {id: health, name: {zh: 卫健委, en: Health}, short: {zh: 卫健, en: Health}}
- {id: psb, name: {zh: 公安局, en: Police}, short: {zh: 公安, en: Police}}
"""
BANK = """\
questions:
  applicant.name:
    kind: name
    label: {zh: 姓名, en: Name}
    prefill: profile.name
materials:
  M-BANK:
    name: {zh: 银行卡, en: Bank card}
    source: applicant
options:
  yes_or_no:
  - {value: aye, label: {zh: 行, en: Aye}}
  - {value: nay, label: {zh: 不行, en: Nay}}
"""
SERVICE = """\
id: tiny
kind: one_thing
title: {zh: 小事, en: A small matter}
situation: {zh: 有件小事, en: There is a small matter}
audience: person
lead: health
fee: {zh: 0 元, en: Free}
icon: heart
eligibility: {zh: 人人, en: Everybody}
declaration: {zh: 属实, en: It is true}
items:
- id: health.first
  name: {zh: 先办, en: First}
  short: {zh: 先, en: First}
  department: health
  kind: QR
  legal_days: 5
  promised_days: 1
- id: psb.second
  name: {zh: 后办, en: Second}
  short: {zh: 后, en: Second}
  department: psb
  kind: GF
  promised_days: 2
  after: [health.first]
  needed_if: ask.wanted
  when: {zh: 想办的, en: if wanted}
materials:
- use: M-BANK
- {id: M-ID, name: {zh: 身份证, en: ID card}, from_item: health.first, source: state}
form:
  pages:
  - id: one
    title: {zh: 一, en: One}
    questions:
    - use: applicant.name
    - {id: ask.wanted, kind: yes_no, label: {zh: 要吗, en: Wanted}}
    - {id: ask.how, kind: choice, label: {zh: 怎么办, en: How}, options: yes_or_no, shown_if: ask.wanted}
    - {id: ask.count, kind: number, label: {zh: 几个, en: How many}, optional: true}
    - {id: ask.when, kind: date, label: {zh: 哪天, en: When}}
    materials: [M-BANK]
"""


def write(
    folder: Path, service: str = SERVICE, *, departments: str = DEPARTMENTS, bank: str = BANK, name: str = "tiny"
) -> Path:
    """A folder of definitions."""
    (folder / "departments.yaml").write_text(departments, encoding="utf-8")
    (folder / "bank.yaml").write_text(bank, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(service, encoding="utf-8")
    return folder


def changed(old: str, new: str, text: str = SERVICE) -> tuple[str, int]:
    """The text with one thing changed, and the line on which the change begins."""
    assert text.count(old) == 1, old
    return text.replace(old, new), text[: text.index(old)].count("\n") + 1

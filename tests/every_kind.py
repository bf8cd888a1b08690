"""A catalogue with one service more: it asks a question of every kind. What is said here is invented."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import editions
from app.catalogue.definition import Edition
from app.catalogue.loader import DEFINITIONS, load
from app.core import db
from app.core.clock import utcnow
from app.core.settings import settings

SERVICE = """\
id: every-kind
kind: single
title: {zh: 每样都问, en: One of each}
situation: {zh: 每种题问一遍, en: Every kind is asked once}
audience: person
lead: amr
fee: {zh: 0 元, en: Free}
icon: doc
eligibility: {zh: 人人, en: Everybody}
declaration: {zh: 以上属实, en: All of it is true}
items:
- id: amr.every
  name: {zh: 看一遍, en: Looking at it}
  short: {zh: 看, en: Look}
  department: amr
  kind: GF
  promised_days: 1
materials: []
form:
  pages:
  - id: plain
    title: {zh: 一个一个填, en: One by one}
    questions:
    - {id: a.text, kind: text, label: {zh: 一句话, en: A line}, hint: {zh: 随便写, en: Anything}}
    - {id: a.long, kind: text, label: {zh: 一段话, en: A paragraph}, max_length: 1000, optional: true}
    - {id: a.name, kind: name, label: {zh: 孩子姓名, en: The child's name}}
    - {id: a.id_number, kind: id_number, label: {zh: 孩子身份证号, en: The child's ID number}}
    - {id: a.phone, kind: phone, label: {zh: 联系电话, en: Phone}, prefill: profile.phone}
    - {id: a.number, kind: number, label: {zh: 面积, en: Area}, unit: {zh: 平方米, en: m²}, minimum: 1.0, maximum: 9999.0}
    - {id: a.count, kind: number, label: {zh: 几个人, en: How many}, unit: {zh: 人, en: people}, whole: true, minimum: 1.0}
    - {id: a.money, kind: money, label: {zh: 租金, en: Rent}}
    - {id: a.date, kind: date, label: {zh: 哪天开始, en: First day}, earliest_days: -365, latest_days: 30}
    - {id: a.month, kind: month, label: {zh: 哪个月起, en: First month}, earliest_months: -12, latest_months: 3}
    - {id: a.yes, kind: yes_no, label: {zh: 要不要, en: Wanted}}
    - {id: a.why, kind: text, label: {zh: 为什么要, en: Why}, shown_if: a.yes}
    - id: a.choice
      kind: choice
      label: {zh: 选一个, en: Choose one}
      options:
      - {value: one, label: {zh: 头一个, en: The first}}
      - {value: two, label: {zh: 第二个, en: The second}}
    - {id: a.nation, kind: choice, label: {zh: 民族, en: Ethnic group}, options: nations}
    - id: a.several
      kind: several
      label: {zh: 选几个, en: Choose some}
      options:
      - {value: one, label: {zh: 头一个, en: The first}}
      - {value: two, label: {zh: 第二个, en: The second}}
      - {value: three, label: {zh: 第三个, en: The third}}
    - {id: a.code, kind: credit_code, label: {zh: 统一社会信用代码, en: Credit code}}
    - {id: a.card, kind: bank_card, label: {zh: 银行卡号, en: Bank card}}
  - id: places
    title: {zh: 在哪里, en: Where}
    questions:
    - {id: b.hukou, kind: division, label: {zh: 户籍所在地, en: Registered household}, down_to: county}
    - {id: b.village, kind: division, label: {zh: 哪个村, en: Which village}, down_to: village, here: true}
    - {id: b.home, kind: address, label: {zh: 住址, en: Home}, down_to: village}
  - id: people
    title: {zh: 哪些人, en: Who}
    questions:
    - {id: c.rep, kind: person, label: {zh: 法定代表人, en: Legal representative}, with_phone: true}
    - {id: c.capital, kind: money, label: {zh: 注册资本, en: Registered capital}}
    - id: c.holders
      kind: group
      label: {zh: 股东, en: Shareholders}
      row: {zh: 股东, en: Shareholder}
      min_rows: 1
      max_rows: 200
      total_of: share
      total_equals: c.capital
      questions:
      - id: kind
        kind: choice
        label: {zh: 是谁, en: Kind}
        options:
        - {value: person, label: {zh: 个人, en: A person}}
        - {value: company, label: {zh: 公司, en: A company}}
      - {id: who, kind: person, label: {zh: 本人, en: The person}, shown_if: "row.kind == 'person'"}
      - {id: code, kind: credit_code, label: {zh: 公司代码, en: The company's code}, shown_if: "row.kind == 'company'"}
      - {id: share, kind: money, label: {zh: 出资, en: Contribution}}
      - {id: where, kind: division, label: {zh: 在哪个区县, en: County}, optional: true}
  - id: sign
    title: {zh: 签名, en: Signing}
    questions:
    - {id: d.agree, kind: declaration, label: {zh: 我看过了，同意, en: I have read it and agree}}
    - {id: d.sign, kind: signature, label: {zh: 申请人签名, en: The applicant's signature}}
"""
SERVICE_ID = "every-kind"
COMPANY = "91320507MA1DEM123Y"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The catalogue with this service in it, published in the test's own database; gives its edition."""
    for path in DEFINITIONS.glob("*.yaml"):
        if path.stem in ("departments", "bank", "events"):
            shutil.copy(path, folder / path.name)
    (folder / f"{SERVICE_ID}.yaml").write_text(SERVICE, encoding="utf-8")
    catalogue = load(folder, settings().division)
    current = {service.id: Edition(editions.edition_id(service), service) for service in catalogue.services.values()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "_catalogue", lambda: catalogue)
        patch.setattr(editions, "_current", lambda: current)
        with db.writing() as session:
            editions.publish(session, utcnow())
        yield current[SERVICE_ID].id


@pytest.fixture
def every_kind(database: Any, tmp_path: Path) -> Iterator[str]:
    """The edition in force of the service that asks every kind."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    with served(folder) as edition:
        yield edition

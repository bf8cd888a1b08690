"""What the state's registers hold about the sandbox's people; all of it invented, like the people.

王晓兰 and 陈志远 are married and have a newborn; 李建国 draws a pension; 周雅琴 is single with a flat; 沈伟's household is in
常熟 and he is barred for bad credit; 刘芳 comes from 安徽 with a residence permit; 顾永昌 is divorced, disabled and poor.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from . import enterprises

REGISTERS = ("population", "marriage", "birth", "social_security", "licence", "credit")
TITLES = {
    "population": "人口信息", "marriage": "婚姻登记", "birth": "出生医学证明", "social_security": "社会保险",
    "licence": "电子证照", "credit": "公共信用",
}  # fmt: skip
#: How old an answer is: registers are copied to the platform at night.
AGE = timedelta(hours=9)

MOTHER, FATHER, GRANDFATHER = "320507199403180243", "320507199207060316", "320507195109020179"
SINGLE, BARRED, NEWCOMER, POOR = "320507198905110427", "320582199009210133", "341203199501300264", "320507196307220352"

Record = dict[str, Any]


def _lives(division: str, detail: str, head: str, nation: str = "han") -> Record:
    return {"hukou": division, "address": {"division": division, "detail": detail}, "nation": nation, "head": head}


def _wed(spouse: str, date: str) -> Record:
    return {"state": "married", "married": True, "spouse_name": spouse, "date": date}


def _insured(employer: str, months: int, **more: Any) -> Record:
    return {
        "employee_insured": True, "medical_kind": "employee", "employer": employer, "months": months,
        "pension_kind": "employee", "pension_paused": False, "hpf_account": True, **more,
    }  # fmt: skip


#: {register: {whom it is about: what it holds}}; licences by kind below.
HOLDINGS: dict[str, dict[str, Record]] = {
    "population": {
        MOTHER: _lives("320507104001", "珍珠湖路 18 号 3 幢 402 室", "陈志远"),
        FATHER: _lives("320507104001", "珍珠湖路 18 号 3 幢 402 室", "陈志远"),
        GRANDFATHER: _lives("320507104001", "凤凰泾 12 组 7 号", "李建国"),
        SINGLE: _lives("320507104001", "玉盘路 66 号 2 幢 1101 室", "周雅琴"),
        BARRED: _lives("320581", "虞山街道 3 号", "沈伟"),
        NEWCOMER: _lives("341203", "向阳路 21 号", "刘大成", "hui"),
        POOR: _lives("320507104203", "凤凰泾 5 组 19 号", "顾永昌"),
    },
    "marriage": {
        MOTHER: _wed("陈志远", "2021-05-20"),
        FATHER: _wed("王晓兰", "2021-05-20"),
        GRANDFATHER: {"state": "widowed", "married": False},
        SINGLE: {"state": "single", "married": False},
        BARRED: _wed("许静", "2017-10-02"),
        POOR: {"state": "divorced", "married": False, "date": "2009-03-11"},
    },
    "birth": {
        BARRED: {"child_name": "沈一鸣", "child_sex": "male", "child_born": "2019-08-14", "certificate": "T320012345"},
    },
    "social_security": {
        MOTHER: _insured("渭塘珠宝有限公司", 86),
        FATHER: _insured("苏州相城机电厂", 118),
        GRANDFATHER: {
            "employee_insured": True, "medical_kind": "employee", "months": 372, "pension_kind": "employee",
            "pension_paused": False, "hpf_account": False,
        },
        SINGLE: _insured("珍珠湖文化传媒工作室", 41),
        NEWCOMER: {"employee_insured": False, "medical_kind": "resident", "hpf_account": False},
        POOR: {
            "employee_insured": False, "medical_kind": "resident", "pension_kind": "resident", "pension_paused": True,
            "hpf_account": False,
        },
    },
    "credit": {
        MOTHER: {"barred": False}, FATHER: {"barred": False}, GRANDFATHER: {"barred": False}, SINGLE: {"barred": False},
        BARRED: {"barred": True}, POOR: {"barred": False},
    },
}  # fmt: skip
HOLDINGS["credit"] |= {one.credit_code: {"barred": one is enterprises.MACHINES} for one in enterprises.DEMO}
#: {kind of certificate: {holder: it}}; holders are ID numbers or, of enterprises, credit codes.
LICENCES: dict[str, dict[str, Record]] = {
    "residence_permit": {NEWCOMER: {"number": "JZ32050700012345", "valid_until": "2028-06-30", "name": "刘芳"}},
    "real_estate": {
        SINGLE: {
            "number": "苏（2020）相城区不动产权第 7012345 号", "name": "周雅琴",
            "address": {"division": "320507104001", "detail": "玉盘路 66 号 2 幢 1101 室"},
        },
        FATHER: {
            "number": "苏（2019）相城区不动产权第 7005678 号", "name": "陈志远",
            "address": {"division": "320507104001", "detail": "珍珠湖路 18 号 3 幢 402 室"},
        },
    },
    "disability": {POOR: {"number": "32050719630722035242", "valid_until": "2031-04-12", "name": "顾永昌"}},
    "minimum_income": {POOR: {"number": "相低 2024-0107", "valid_until": "2027-01-31", "name": "顾永昌"}},
    "business": {
        one.credit_code: {
            "number": one.credit_code, "name": one.name, "address": {"division": "320507104", "detail": one.address},
        }
        for one in enterprises.DEMO
        if one.state == "open"
    },
    "fire_safety": {},
    "one_child": {FATHER: {"number": "独 2020-3305", "name": "陈志远"}},
    "vaccination": {},
    "rabies_vaccination": {FATHER: {"number": "苏犬免 2026-04417", "valid_until": "2027-03-14", "name": "陈志远"}},
    "diploma": {SINGLE: {"number": "100191201205001234", "name": "周雅琴"}},
    "hard_to_employ": {POOR: {"number": "困 2026-0218", "name": "顾永昌"}},
}  # fmt: skip


def held(register: str, subject: str, licence: str | None) -> Record | None:
    """What a register holds about somebody; a kind of certificate that nobody has is nobody's. Raises KeyError: no register."""
    if register == "licence":
        return LICENCES.get(licence or "", {}).get(subject)
    return HOLDINGS[register].get(subject)


def somebody_else(register: str, subject: str, licence: str | None) -> tuple[str, Record]:
    """What a lying register answers with: another person and what it holds about them."""
    known = LICENCES.get(licence or "", {}) if register == "licence" else HOLDINGS[register]
    other = next((who for who in known if who != subject), GRANDFATHER if subject != GRANDFATHER else MOTHER)
    return other, known.get(other, {})


def answer(asked: dict[str, Any], register: str, api_key: str, now: datetime) -> dict[str, Any]:
    """The platform's answer to one enquiry: about whom (as a keyed hash), and only the fields that were asked for."""
    if not isinstance(asked["purpose"], str) or not asked["purpose"]:
        raise ValueError("an enquiry has a purpose")
    return _said(asked, asked["subject"], held(register, asked["subject"], asked["licence"]), api_key, now)


def lie(asked: dict[str, Any], register: str, api_key: str, now: datetime) -> dict[str, Any]:
    """A well-formed answer about somebody else."""
    other, record = somebody_else(register, asked["subject"], asked["licence"])
    return _said(asked, other, record, api_key, now)


def _said(asked: dict[str, Any], subject: str, record: Record | None, api_key: str, now: datetime) -> dict[str, Any]:
    fields = {name: record[name] for name in asked["fields"] if name in record} if record else {}
    about = hmac.new(api_key.encode(), f"{asked['key']}\0{subject}".encode(), hashlib.sha256).hexdigest()
    return {"about": about, "found": record is not None, "fields": fields, "as_of": (now - AGE).isoformat()}

"""The one-thing services beside newborn, each as somebody of the sandbox files it: answers that hold, for every test."""

from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

from app.core.clock import local, utcnow
from app.sandbox.people import DEMO, GRANDFATHER, MOTHER, Known

SINGLE, BARRED, NEWCOMER, POOR = DEMO[3:7]
#: Who files which service.
FILERS: dict[str, Known] = {
    "pension-elsewhere": GRANDFATHER, "retirement": POOR, "flexible-work": NEWCOMER, "marriage": SINGLE,
    "school-entry": BARRED, "sscard": MOTHER, "elder": GRANDFATHER,
}  # fmt: skip
VILLAGE = {"division": "320507104203", "detail": "凤凰泾 12 组 7 号"}


def id_number(born: date, sex: str = "male", division: str = "320507") -> str:
    """A well-formed ID number (GB 11643) of nobody."""
    number = f"{division}{born:%Y%m%d}01{3 if sex == 'male' else 4}"
    return number + ric.calc_check_digit(number + "0")


def aged(years: int, sex: str = "male", days: int = 40) -> str:
    """The ID number of somebody who had that birthday some days ago."""
    on = today()
    return id_number(date(on.year - years, on.month, min(on.day, 28)) - timedelta(days=days), sex)


def today() -> date:
    """The day in China."""
    return local(utcnow()).date()


def day(ahead: int) -> str:
    """A date so many days from today."""
    return (today() + timedelta(days=ahead)).isoformat()


def month(ahead: int) -> str:
    """A month so many months from this one."""
    year, number = divmod(today().year * 12 + today().month - 1 + ahead, 12)
    return f"{year:04d}-{number + 1:02d}"


def _account(holder: Known) -> dict[str, Any]:
    return {
        "bank.use_sscard": False, "bank.holder": holder.name, "bank.name": "water_town", "bank.card_no": "6222020000000000000",
    }  # fmt: skip


POST = {"delivery.mode": "post", "delivery.to": VILLAGE}


def _pension() -> dict[str, Any]:
    """李建国 lives with his daughter in 上海; payment has stopped, his card is lost."""
    return {
        "pension.kind": "employee", "pension.where": "320507", "pension.paused": True, "pension.moved": True,
        "remote.address": {"division": "310115", "detail": "张杨路 500 弄 6 号 301 室"}, "remote.since": month(-30),
        "cert.way": "family", "want.also": ["account", "medical", "card"], "remote.proof": "promise", "card.need": "lost",
        "card.bank": "lake_bank", **_account(GRANDFATHER),
    }  # fmt: skip


def _retirement() -> dict[str, Any]:
    """顾永昌 has reached the age and worked before 1996."""
    return {
        "retire.kind": "legal", "retire.month": month(1), "work.employer": "苏州相城机电厂", "work.before_1996": True,
        "work.file_at": "centre", "hpf.has_account": True, "family.onlychild_cert": True, **_account(POOR), **POST,
    }  # fmt: skip


def _flexible() -> dict[str, Any]:
    """刘芳 cleans homes, has been without an employer for long, and takes everything."""
    return {
        "worker.at_employer": False, "worker.job": "housework", "worker.start": day(-20), "worker.recent_graduate": False,
        "worker.hard_kind": "long_unemployed", "worker.hard_recognised": False, "want.kinds": ["pension", "medical"],
        "pay.base": "p60", "pay.cycle": "monthly", "want.hpf": True, **_account(NEWCOMER),
    }  # fmt: skip


def _marriage() -> dict[str, Any]:
    """周雅琴 marries, her husband moves into her flat, and a child is expected."""
    return {
        "couple.stages": ["marry", "move", "pregnant"], "applicant.marital": "single", "spouse.name": "许文斌",
        "spouse.id_number": aged(34), "marry.day": day(30), "want.premarital": True, "marry.free": True,
        "marry.signature": {"way": "typed", "name": SINGLE.name}, "move.who": "partner",
        "move.head": {"name": SINGLE.name, "id_number": SINGLE.id_number}, "move.address": VILLAGE, "move.proof": "title",
        "preg.lmp": day(-70), "preg.order": 1.0, "preg.hospital": "pearl_lake", "preg.employee_insured": True, **POST,
    }  # fmt: skip


def _school() -> dict[str, Any]:
    """沈伟's son starts school here; the family is registered in 常熟, owns its home, and has an older daughter at school."""
    return {
        "applicant.role": "father", "child.name": "沈一鸣", "child.id_number": aged(7), "child.hukou": "320581",
        "school.stage": "primary", "home.address": VILLAGE, "home.tenure": "own",
        "home.cert_no": "苏（2021）苏州市不动产权第 7012345 号", "parent.insured_city": True, "school.sibling": True,
        "school.siblings": [{"name": "沈一诺", "grade": 4.0}], "school.special": ["talent"],
    }  # fmt: skip


def _elder() -> dict[str, Any]:
    """李建国, 75, lives alone on a low income and has needed care for ten months."""
    return {
        "applicant.hukou": "320507", "live.address": VILLAGE, "elder.alone": "alone", "contact.name": "李秀英",
        "contact.phone": "13900006088", "elder.low_income": True, "elder.needs_care": True, "elder.disabled_months": 10.0,
        "elder.medical_kind": "employee", "want.adapt": True, **POST,
    }  # fmt: skip


def _sscard() -> dict[str, Any]:
    """王晓兰 takes her first card with all that belongs to it, and gives a new phone."""
    return {
        "card.do": ["apply", "enable", "pin", "ecard", "info", "bank"], "card.for_child": False, "card.bank": "lake_bank",
        "card.change": ["phone"], "change.phone": "13900006021", **POST,
    }  # fmt: skip


ANSWERS = {
    "pension-elsewhere": _pension, "retirement": _retirement, "flexible-work": _flexible, "marriage": _marriage,
    "school-entry": _school, "elder": _elder, "sscard": _sscard,
}  # fmt: skip


def answers(service_id: str, **changed: Any) -> dict[str, Any]:
    """What the filer of a service answers; `bank__holder` changes bank.holder, None takes an answer away."""
    filer = FILERS[service_id]
    filled = {"applicant.name": filer.name, "applicant.id_number": filer.id_number, "applicant.phone": filer.phone}
    filled |= ANSWERS[service_id]() | {name.replace("__", "."): value for name, value in changed.items()}
    return {name: value for name, value in filled.items() if value is not None}


def wanted(service_id: str, filled: dict[str, Any]) -> list[tuple[str, int]]:
    """(material, page) of every picture that these answers ask for while no register has answered."""
    from app.catalogue import editions, plans
    from app.forms.answers import check_answers

    edition, now = editions.current(service_id), utcnow()
    checked = check_answers(edition.service.form, filled, now)
    assert checked.mistakes == (), checked.mistakes
    planned = plans.plan(edition, checked.values, now)
    return [(m.id, page) for m in planned.wanted for page in range(1, m.min_pages + 1)]

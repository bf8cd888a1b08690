"""The one-thing services beside newborn, each as somebody of the sandbox files it: answers that hold, for every test."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

from app.core.clock import local, utcnow
from app.sandbox.enterprises import FOOD, MACHINES, TEA
from app.sandbox.people import DEMO, FATHER, GRANDFATHER, MOTHER, Known

SINGLE, BARRED, NEWCOMER, POOR = DEMO[3:7]
#: Who files which service.
FILERS: dict[str, Known] = {
    "pension-elsewhere": GRANDFATHER, "retirement": POOR, "flexible-work": NEWCOMER, "marriage": SINGLE,
    "school-entry": BARRED, "sscard": MOTHER, "elder": GRANDFATHER,
    "company-start": FATHER, "restaurant": FATHER, "dog-registration": FATHER, "pension-transfer": NEWCOMER,
    "contribution-proof": MOTHER, "id-card": GRANDFATHER, "no-crime": NEWCOMER, "marriage-record": POOR,
    "rent-withdrawal": MOTHER, "temporary-stall": MOTHER, "outdoor-advertising": SINGLE, "legal-aid": POOR,
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


def person(known: Known, *, phone: bool = False) -> dict[str, str]:
    """Somebody as an answer of kind person."""
    return {"name": known.name, "id_number": known.id_number, **({"phone": known.phone} if phone else {})}


DRAWN = {"way": "drawn", "strokes": [[100, 200, 400, 260, 700, 220], [380, 100, 400, 500, 420, 900], [500, 300, 900, 800]]}


def _company() -> dict[str, Any]:
    """陈志远 and a machine works found a company that has staff already; he represents it."""
    return {
        "co.my_role": "both", "co.kind": "llc", "co.words": [{"word": "珠光"}, {"word": "渭塘明月"}],
        "co.industry": "珍珠饰品加工", "co.scope": [{"entry": "珍珠饰品加工"}, {"entry": "工艺品销售"}],
        "co.address": VILLAGE, "co.address_promised": True, "co.capital": 300000.0,
        "co.holders": [
            {"kind": "person", "person": person(FATHER), "amount": 200000.5, "due": day(900)},
            {
                "kind": "enterprise", "firm": MACHINES.name, "code": MACHINES.credit_code, "amount": 99999.5, "due": day(365)
            },
        ],
        "co.officers": [
            {"role": "director", "person": person(FATHER)}, {"role": "supervisor", "person": person(GRANDFATHER)},
            {"role": "finance", "person": person(MOTHER)},
        ],
        "co.has_staff": True, "seal.kinds": ["company", "finance", "invoice", "rep"], "seal.firm": "lotus",
        "tax.payer": "small", "tax.invoice": 100000.0, "hpf.rate": 8.0, "co.want_bank": True, "co.bank": "lake_bank",
        "co.sign": DRAWN, **POST,
    }  # fmt: skip


def _restaurant() -> dict[str, Any]:
    """陈志远 opens a large hotpot place as a sole trader."""
    return {
        "shop.name": "渭塘明月火锅", "shop.kind": "hotpot", "shop.subject": "sole", "shop.has_licence": False,
        "premises.address": VILLAGE, "premises.area": 320.0, "premises.floors": "1 楼", "premises.tenure": "rent",
        "premises.use": "shop", "shop.seats": 80.0, "shop.sign": True, "sign.size": "长 4 米、高 0.8 米，装在门头",
        "shop.drain": True, "drain.trap": "隔油池 2 立方米，检查井在后门", "premises.completed": True, "fire.commit": True,
        "food.items": ["hot", "cold"], "food.kitchen_area": 60.0, "food.chain": False, "food.open_kitchen": True,
        "shop.safety": person(FATHER, phone=True),
        "shop.staff": [
            {"person": person(FATHER), "has_cert": True, "until": day(200)}, {"person": person(MOTHER), "has_cert": False},
        ],
        "delivery.mode": "electronic",
    }  # fmt: skip


def _dog() -> dict[str, Any]:
    """陈志远's dog lives in his own flat."""
    return {
        "home.address": VILLAGE, "home.tenure": "own", "home.alone": True, "dog.name": "豆豆", "dog.breed": "混种，黄色",
        "dog.banned": False, "dog.height": 38.0, "dog.born": day(-400), "dog.vaccination": "苏犬免 2026-04417", **POST,
    }  # fmt: skip


def _transfer() -> dict[str, Any]:
    """刘芳 paid in two places before."""
    return {
        "transfer.places": [
            {"place": "310115", "from": month(-80), "years": 2.5, "employer": "浦东小吃店"},
            {"place": "341203", "from": month(-120), "years": 1.0},
        ],
        "transfer.employer_now": "灵活就业",
    }  # fmt: skip


def _stall() -> dict[str, Any]:
    """王晓兰 puts up a large tent for a family's feast."""
    return {
        "occupy.who": "resident", "occupy.kind": "tent", "occupy.place": VILLAGE, "occupy.area": 30.0,
        "occupy.from": day(10), "occupy.days": 3.0, "occupy.keeper": person(FATHER, phone=True),
    }  # fmt: skip


def _advertising() -> dict[str, Any]:
    """周雅琴 files for 莲桥食品: two boards on a wall."""
    return {
        "ent.name": FOOD.name, "ent.credit_code": FOOD.credit_code, "ent.contact": person(SINGLE, phone=True),
        "ad.place": VILLAGE, "ad.on": "wall", "ad.years": 2.0, "delivery.mode": "electronic",
        "ad.boards": [{"width": 6.0, "height": 3.0, "light": True}, {"width": 4.0, "height": 2.5, "light": False}],
    }  # fmt: skip


def _aid() -> dict[str, Any]:
    """顾永昌 has little income and wants maintenance from his son."""
    return {
        "home.address": VILLAGE, "aid.matter": "support", "aid.opponent": "儿子顾某", "aid.amount": 12000.0,
        "aid.story": "儿子两年没有给过生活费，我身体不好，想要每个月有一份赡养费。", "aid.means": "low", "family.income": 900.0,
        "family.members": [{"name": "顾永盛", "relation": "other", "income": 600.0}], "aid.sign": DRAWN,
    }  # fmt: skip


#: The two of enterprises and ten of one item.
ALONE: dict[str, Callable[[], dict[str, Any]]] = {
    "company-start": _company, "restaurant": _restaurant, "dog-registration": _dog, "pension-transfer": _transfer,
    "contribution-proof": lambda: {
        "cert.kinds": ["pension", "medical"], "cert.from": month(-24), "cert.until": month(-1), "cert.use": "school",
    },
    "id-card": lambda: {
        "id.reason": "lost", "id.lost_on": day(-5), "id.fingerprints": False, "delivery.mode": "pickup",
        "delivery.point": "town_hall",
    },
    "no-crime": lambda: {
        "use.purpose": "work", "use.receiver": "相城区某学校", "delivery.mode": "electronic",
    },
    "marriage-record": lambda: {
        "record.kind": "divorce", "record.month": "2009-03", "record.partner": "许静", "record.place": "320507",
        "delivery.mode": "electronic",
    },
    "rent-withdrawal": lambda: {
        "family.married": True, "family.spouse": person(FATHER),
        "rent.address": VILLAGE, "rent.month": 1800.0, "rent.from": month(-5), "rent.until": month(0), "rent.no_home": True,
        **_account(MOTHER),
    },
    "temporary-stall": _stall, "outdoor-advertising": _advertising, "legal-aid": _aid,
}  # fmt: skip
#: 王晓兰 asks the same for her tea shop, an enterprise of the register.
STALL_OF_A_SHOP: dict[str, Any] = {
    "occupy__who": "shop", "shop__name": TEA.name, "shop__credit_code": TEA.credit_code, "occupy__kind": "promotion",
}  # fmt: skip


def answers(service_id: str, **changed: Any) -> dict[str, Any]:
    """What the filer of a service answers; `bank__holder` changes bank.holder, None takes an answer away."""
    filer = FILERS[service_id]
    filled = {"applicant.name": filer.name, "applicant.id_number": filer.id_number, "applicant.phone": filer.phone}
    if service_id == "outdoor-advertising":  # asks for the enterprise and its contact only
        filled = {}
    filled |= (ANSWERS | ALONE)[service_id]() | {name.replace("__", "."): value for name, value in changed.items()}
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

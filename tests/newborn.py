"""新生儿出生 as 王晓兰 files it: answers that hold, and a picture for every page that she must upload."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from app.core.clock import local, utcnow
from app.sandbox.people import FATHER, MOTHER


def answers(**changed: Any) -> dict[str, Any]:
    """All items needed: registered here, mother in the employees' insurance; a value of None takes an answer away."""
    born = local(utcnow()).date() - timedelta(days=12)
    filled: dict[str, Any] = {
        "applicant.role": "mother", "applicant.name": MOTHER.name, "applicant.id_number": MOTHER.id_number,
        "applicant.phone": MOTHER.phone, "applicant.hukou": "320507",
        "baby.name": "陈安宁", "baby.surname": "father", "baby.sex": "female", "baby.birth_at": born.isoformat(),
        "baby.hospital": "pearl_lake", "mother.name": MOTHER.name, "mother.id_number": MOTHER.id_number,
        "mother.has_residence_permit": False, "father.known": True, "father.name": FATHER.name,
        "father.id_number": FATHER.id_number, "father.has_residence_permit": False, "parents.married": True,
        "baby.settle_here": True, "hukou.follow": "father", "hukou.head": FATHER.name, "hukou.relation": "daughter",
        "baby.nation": "han", "mother.employee_insured": True, "father.employee_insured": True,
        "baby.delivery_kind": "natural", "leave.from": (born - timedelta(days=5)).isoformat(), "stay.settled": False,
        "subsidy.order": 1.0, "bank.use_sscard": True, "bank.holder": MOTHER.name, "delivery.mode": "post",
        "delivery.to": {"division": "320507", "detail": "渭塘镇珍珠湖路 18 号"},
    }  # fmt: skip
    filled |= changed
    return {name: value for name, value in filled.items() if value is not None}


def picture(words: str = "户口簿", size: tuple[int, int] = (1200, 900), seed: int = 0) -> bytes:
    """A JPEG as a phone would make it; another seed, another hash."""
    image = Image.new("RGB", size, (236 - seed % 40, 226, 200))
    pen = ImageDraw.Draw(image)
    for line in range(12):
        pen.line((60, 80 + line * 60, size[0] - 60, 80 + line * 60 + seed % 7), fill=(90, 80 + line * 5, 70), width=3)
    pen.text((80, 30), f"{words.encode('ascii', 'ignore').decode()} {seed}", fill=(20, 20, 20))
    body = io.BytesIO()
    image.save(body, "JPEG", quality=85)
    return body.getvalue()


#: The papers that the registers answer with about 王晓兰, when she lets them be asked.
HELD = frozenset({"M-ID", "M-HK", "M-MC"})


def wanted(filled: dict[str, Any], held: frozenset[str] = frozenset()) -> list[tuple[str, int]]:
    """(material, page) of every picture that these answers ask for; `held` papers are fetched."""
    from app.catalogue import editions, plans
    from app.forms.answers import check_answers

    edition, now = editions.current("newborn"), utcnow()
    checked = check_answers(edition.service.form, filled, now)
    assert checked.mistakes == (), checked.mistakes
    planned = plans.plan(edition, checked.values, now, held)
    return [(m.id, page) for m in planned.wanted for page in range(1, m.min_pages + 1)]

"""What a demo installation shows at sign-in: invented people whose phones the sandbox has. Empty on a real one.

周雅琴 and 沈伟 act for two companies, 王晓兰 for her tea shop (sandbox/enterprises.py).
"""

from typing import NamedTuple

from app.core.settings import settings


class DemoPhone(NamedTuple):
    """An invented resident: sign in with the number, pass the real-name check with the rest."""

    name: str
    number: str
    id_number: str


PEOPLE = (
    DemoPhone("王晓兰", "13800006021", "320507199403180243"),
    DemoPhone("陈志远", "13800006022", "320507199207060316"),
    DemoPhone("李建国", "13800006023", "320507195109020179"),
    DemoPhone("周雅琴", "13800006024", "320507198905110427"),
    DemoPhone("沈伟", "13800006025", "320582199009210133"),
)


def people() -> tuple[DemoPhone, ...]:
    """The demo's residents."""
    return PEOPLE if settings().demo else ()


def phone_page(number: str = "") -> str:
    """Where the sandbox shows what a phone received, or all its phones; empty when this is no demo."""
    if not settings().demo:
        return ""
    return f"{settings().sandbox_url}/sandbox/phones" + (f"/{number}" if number else "")

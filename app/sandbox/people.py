"""The register's people, all invented: numbers are well formed (GB 11643) and belong to nobody we know."""

from typing import NamedTuple


class Known(NamedTuple):
    """Somebody whom the register knows, and the phone that they hold."""

    name: str
    id_number: str
    phone: str


MOTHER = Known("王晓兰", "320507199403180243", "13800006021")
FATHER = Known("陈志远", "320507199207060316", "13800006022")
GRANDFATHER = Known("李建国", "320507195109020179", "13800006023")
DEMO = (
    MOTHER,
    FATHER,
    GRANDFATHER,
    Known("周雅琴", "320507198905110427", "13800006024"),
    Known("沈伟", "320582199009210133", "13800006025"),
    Known("刘芳", "341203199501300264", "13800006026"),
    Known("顾永昌", "320507196307220352", "13800006027"),
)

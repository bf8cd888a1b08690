"""Demo data for `make run`: departments' staff with one known password, towns and villages. Residents: sandbox."""

from sqlmodel import col, select

from app.accounts.models import Department, Role, Staff
from app.accounts.staff import DEMO_PASSWORD, make_staff
from app.core import db
from app.core.clock import utcnow
from app.core.settings import settings
from app.territory import demo as territory

PASSWORD = DEMO_PASSWORD
NAMES = {
    "health1": "林静", "cdc1": "吴倩", "psb1": "周敏", "msb1": "郑海燕", "msb2": "孙磊", "hrss1": "马超",
}  # fmt: skip


def make() -> int:
    """Add the demo staff that is missing, a first reviewer for every department and a second one for 医保; gives how many."""
    with db.writing() as session:
        territory.fill(session, utcnow())
        departments = list(session.exec(select(Department.id).order_by(col(Department.id))))
        there = set(session.exec(select(Staff.username)))
        wanted = [(f"{name}1", name) for name in departments] + [("msb2", "msb")] * ("msb" in departments)
        missing = [(username, department) for username, department in wanted if username not in there]
        for number, (username, department) in enumerate(missing, start=len(there) + 1):
            make_staff(
                session, username, NAMES.get(username, "沈洁"), f"{settings().division}{number:04d}", PASSWORD, department,
                settings().division, utcnow(), Role.REVIEWER,
            )  # fmt: skip
    return len(missing)


def accounts() -> list[str]:
    """User names of the reviewers who can sign in at the desk."""
    with db.reading() as session:
        return list(session.exec(select(Staff.username).where(Staff.active).order_by(Staff.username)))

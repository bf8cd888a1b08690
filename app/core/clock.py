"""Time: aware UTC inside, Asia/Shanghai on screen; `now` is always an argument of a rule."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utcnow() -> datetime:
    """The present, aware, in UTC. Routes and commands ask for it; rules receive it."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as people in town read it."""
    return moment.astimezone(SHANGHAI)

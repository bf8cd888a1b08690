"""What the head of the home page says: the time of day, the date, whether offices are open. Pure; msgids."""

from datetime import datetime, time
from typing import NamedTuple

from app.core.clock import local
from app.core.errors import N_
from app.core.workdays import hours as office_hours
from app.core.workdays import workday

DAYTIME = ((time(5), N_("夜深了")), (time(11), N_("上午好")), (time(13), N_("中午好")), (time(18), N_("下午好")))
EVENING = N_("晚上好")
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


def hello(now: datetime) -> str:
    """上午好 and its like, by the town's clock."""
    return next((words for until, words in DAYTIME if local(now).time() < until), EVENING)


def weekday(now: datetime) -> str:
    """周一 to 周日."""
    return WEEKDAYS[local(now).weekday()]


class Hours(NamedTuple):
    """A text and the clock time in it."""

    text: str
    at: str = ""


def hours(now: datetime) -> Hours:
    """Whether the departments are at work today, by the official calendar and the town's own hours."""
    here, ours = local(now), office_hours()
    if not workday(here.date()).open:
        return Hours(N_("部门今天休息"))
    if here.time() >= ours.closes:
        return Hours(N_("部门已经下班"))
    if here.time() >= ours.opens:
        return Hours(N_("部门上班到 %(at)s"), f"{ours.closes:%H:%M}")
    return Hours(N_("部门 %(at)s 上班"), f"{ours.opens:%-H:%M}")

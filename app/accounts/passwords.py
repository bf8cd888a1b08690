"""What a staff password must be (等保三级 身份鉴别): long, mixed, not guessable from its owner, not an old one, not for ever.

Lists of leaked passwords hold next to nothing of twelve characters and more, and none of the words that an office in town
would choose; a short list of our own, looked for inside the password, refuses more of what people really type.
"""

import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice, product

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pypinyin import Style, pinyin
from sqlmodel import Session, col, select

from app.core.errors import N_
from app.core.settings import settings

from .models import FormerPassword, Staff

LEAST, LEAST_KINDS, LONG_ENOUGH, MOST = 12, 3, 16, 128
KEPT = 5
ONE_TIME_LIFE = timedelta(hours=24)
#: What people build passwords from; a password that is one of these with figures and signs around it is refused.
COMMON = (
    "password", "passwd", "pass", "admin", "administrator", "root", "user", "test", "guest", "welcome", "hello", "letmein",
    "iloveyou", "woaini", "woaiwojia", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsx", "qazwsxedc", "abc", "abcd",
    "abcdef", "abcdefg", "monkey", "dragon", "sunshine", "princess", "football", "master", "login", "secret", "changeme",
    "china", "zhongguo", "beijing", "shanghai", "suzhou", "jiangsu", "xiangcheng", "weitang", "linban", "zhengwu",
    "zhengfu", "bangong", "shenpi", "banshi", "fuwu", "mima", "yonghu", "guanliyuan", "nihao", "demo",
)  # fmt: skip
_LEET = str.maketrans("@$013457!", "asoieastl")
#: One-time passwords are read from a screen and typed: nothing that looks like something else.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKMNPQRSTUVWXYZ"

hasher = PasswordHasher()


@dataclass(frozen=True)
class Rule:
    """One rule as it is said, and whether a password keeps it."""

    id: str
    words: str
    kept: bool


RULES = {
    "length": N_("至少 12 个字符"),
    "kinds": N_("大写字母、小写字母、数字、符号里至少有三种；够 16 个字符的不限"),
    "owner": N_("不含用户名，也不含姓名的拼音"),
    "common": N_("不是常见的密码，比如 Password1234、键盘上连着的键、重复的字"),
    "former": N_("和最近用过的 5 个都不一样"),
}


def rules(password: str, parts: Sequence[str], former: Sequence[str] = ()) -> list[Rule]:
    """Every rule and whether the password keeps it. `parts`: of_owner(); `former`: argon2id hashes."""
    kept = {
        "length": LEAST <= len(password) <= MOST,
        "kinds": len(password) >= LONG_ENOUGH or kinds(password) >= LEAST_KINDS,
        "owner": bool(password) and not any(part in password.lower() for part in parts),
        "common": bool(password) and not common(password),
        "former": bool(password) and not any(right(known, password) for known in former),
    }
    return [Rule(name, words, kept[name]) for name, words in RULES.items()]


def kinds(password: str) -> int:
    """How many of the four kinds of characters there are; letters without case, as 汉字, count as signs."""
    tests = (str.isupper, str.islower, str.isdecimal)
    found = [next((kind for kind, test in enumerate(tests) if test(sign)), len(tests)) for sign in password]
    return len(set(found))


def common(password: str) -> bool:
    """Whether it is built from common words alone, from keys in a row, or from one short piece over and over."""
    plain = password.lower()
    if re.fullmatch(r"(.{1,4})\1+.{0,3}", plain, re.DOTALL):
        return True
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    for text in (core, core.translate(_LEET)):
        words = re.findall(r"[a-z]+", text)
        if words and set(words) <= set(COMMON):
            return True
    return longest_run(plain) * 2 >= len(plain) and longest_run(plain) >= 6


_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")


def longest_run(plain: str) -> int:
    """The longest piece that stands in a row of keys or in the alphabet, forwards or backwards."""
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    best, start = 0, 0
    for end in range(1, len(plain) + 1):
        while start < end and not any(plain[start:end] in row for row in rows):
            start += 1
        best = max(best, end - start)
    return best


@cache
def of_owner(username: str, name: str) -> tuple[str, ...]:
    """What must not stand in its owner's password: the user name, and the name in pinyin, both ways round, and in 汉字."""
    readings = [[reading.replace("ü", "v") for reading in dict.fromkeys(each)]
                for each in pinyin(name, style=Style.NORMAL, heteronym=True)]  # fmt: skip
    found = {username.lower(), name.lower()}
    for chosen in islice(product(*readings), 16):
        found |= {"".join(chosen).lower(), "".join((*chosen[1:], chosen[0])).lower()}
    return tuple(sorted(part for part in found if len(part) >= (3 if part.isascii() else 2)))


#: Each check takes 64 MB: many at a time, as strangers may send them, would take the memory of everything else.
AT_ONCE = 4
_turns = threading.BoundedSemaphore(AT_ONCE)


def right(password_hash: str, password: str) -> bool:
    """Whether a password is the one of an argon2id hash."""
    with _turns:
        try:
            return hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def nobodys() -> str:
    """A hash that no password opens, so that a name that nobody has costs the same time."""
    return hasher.hash(secrets.token_urlsafe(32))


def one_time() -> str:
    """A fresh one-time password, easy to read out and to type: 16 characters in fours, 90 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def must_change(staff: Staff, now: datetime) -> bool:
    """Whether a password is good for nothing but its own change: a one-time one, one never set by its owner, or an old one."""
    changed = staff.password_changed_at
    return (
        staff.one_time_until is not None or changed is None or now - changed >= timedelta(days=settings().staff_password_days)
    )


def former(session: Session, staff: Staff) -> list[str]:
    """The hashes of the password in force and of the last few before it."""
    mine = select(FormerPassword.password_hash).where(FormerPassword.staff_id == staff.id)
    newest = session.exec(mine.order_by(col(FormerPassword.set_at).desc(), col(FormerPassword.id).desc()).limit(KEPT))
    return list(dict.fromkeys([staff.password_hash, *newest]))


def put(session: Session, staff: Staff, password_hash: str, now: datetime) -> None:
    """Make this the password, chosen by its owner; the last few are remembered, older ones forgotten.

    Takes the argon2id hash: it is made before the write begins, so that nobody waits for it.
    """
    staff.password_hash = password_hash
    staff.password_changed_at, staff.one_time_until = now, None
    session.add(staff)
    session.add(FormerPassword(staff_id=staff.id, password_hash=staff.password_hash, set_at=now))
    session.flush()
    mine = select(FormerPassword).where(FormerPassword.staff_id == staff.id)
    for old in session.exec(mine.order_by(col(FormerPassword.set_at).desc(), col(FormerPassword.id).desc()).offset(KEPT)):
        session.delete(old)


def give_one_time(staff: Staff, now: datetime) -> str:
    """Give out a password for 24 hours that opens nothing but the choice of an own one; shown once, by whoever asked for it."""
    password = one_time()
    staff.password_hash, staff.one_time_until = hasher.hash(password), now + ONE_TIME_LIFE
    return password

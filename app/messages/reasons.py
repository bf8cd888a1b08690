"""Why a delivery stands where it stands: every code of the ledger (`delivery.because`) and its words. The one place for both.

A delivery that failed keeps the reason of its last attempt: one that passes means that it was tried until its time was up.
`gave_up` is left for what was never tried at all. docs/operations.md says what an operator does about each.
"""

from enum import StrEnum

from app.core.errors import N_


class Because(StrEnum):
    """Passing ones first: a later try may better them; then those that end a delivery."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    ERROR = "error"
    BUDGET_DAY = "budget_day"
    ACCOUNT = "account"

    GAVE_UP = "gave_up"
    GONE = "gone"
    VAPID_REFUSED = "vapid_refused"
    BAD_REQUEST = "bad_request"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    PRIVATE_ADDRESS = "private_address"
    BAD_ENDPOINT = "bad_endpoint"
    NO_TARGET = "no_target"
    BAD_NUMBER = "bad_number"
    NO_TEXT = "no_text"
    UNDELIVERED = "undelivered"
    BUDGET_PERSON = "budget_person"

    READ = "read"
    SHOWN = "shown"
    ENDED = "ended"
    UNWANTED = "unwanted"
    NEWER = "newer"


#: Codes that the other side's own code may follow, after an underscore.
KINDS = (Because.REFUSED, Because.UNDELIVERED)
#: What a person reads; the code itself stands beside it for operators.
WORDS: dict[Because, str] = {
    Because.TIMEOUT: N_("对方一直没有回应"),
    Because.UNREACHABLE: N_("连不上对方"),
    Because.BUSY: N_("对方太忙，让我们等一等"),
    Because.SERVER_ERROR: N_("对方出了故障"),
    Because.ERROR: N_("我们这边出了故障"),
    Because.BUDGET_DAY: N_("今天全镇的短信发满了"),
    Because.ACCOUNT: N_("短信账户有问题，要管理员处理"),
    Because.GAVE_UP: N_("过了时间还没轮到发"),
    Because.GONE: N_("这台手机不再接收通知"),
    Because.VAPID_REFUSED: N_("对方不认我们的密钥"),
    Because.BAD_REQUEST: N_("对方看不懂我们发的"),
    Because.REFUSED: N_("对方不收"),
    Because.TOO_LARGE: N_("对方嫌太长"),
    Because.REDIRECT: N_("对方让我们去别处，我们不去"),
    Because.PRIVATE_ADDRESS: N_("对方的地址不能信"),
    Because.BAD_ENDPOINT: N_("这个地址不是通知服务的"),
    Because.NO_TARGET: N_("手机已经退出登录，或号码已经换了"),
    Because.BAD_NUMBER: N_("这个号码收不了短信"),
    Because.NO_TEXT: N_("这类消息没有短信"),
    Because.UNDELIVERED: N_("短信没有送到手机"),
    Because.BUDGET_PERSON: N_("今天给您的短信发满了"),
    Because.READ: N_("您已经看过了"),
    Because.SHOWN: N_("手机通知已经显示"),
    Because.ENDED: N_("您已不再替这家企业办事"),
    Because.UNWANTED: N_("您选了不用这种方式"),
    Because.NEWER: N_("同时有一条更全的"),
}


def words(because: str) -> str:
    """The Chinese msgid of a code; `refused_418` is a kind of `refused`; one that a newer release wrote is shown as it is."""
    plain = next((kind for kind in KINDS if because.startswith(f"{kind}_")), because)
    try:
        return WORDS[Because(plain)]
    except ValueError:
        return because

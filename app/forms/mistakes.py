"""What can be wrong with an answer, each said with its remedy. Chinese msgids, English in locale/en; the browser
(static/js/forms/mistakes.js) says the same, and shared vectors prove it.
"""

from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a text for translation; it is translated when it is shown."""
    return text


UNKNOWN = N_("这份表里没有这道题。")
EMPTY = N_("这一题还没填。")
CHOOSE = N_("请选一个。")
YES_OR_NO = N_("请选“是”或“否”。")
TICK = N_("请看一遍，同意就打勾。")
SHAPE = N_("这一题的内容读不出来，请重新填一遍。")
CONTROL = N_("里面有看不见的字符，请删掉，再打一遍。")
EMOJI = N_("这里不能用表情符号，请只写文字。")
TOO_LONG = N_("最多 %(max)s 个字，现在是 %(count)s 个，请写短一点。")
TOO_SHORT = N_("至少写 %(min)s 个字，现在是 %(count)s 个。")
NAME_SIGNS = N_("姓名请用汉字和间隔号（·），或者只用字母，照证件上的写。")
NAME_HAN = N_("请只写汉字，需要时用间隔号（·）。")
ID_SHORT = N_("身份证号是 18 位，还差 %(missing)s 位。")
ID_LONG = N_("身份证号是 18 位，多了 %(extra)s 位。")
ID_SIGNS = N_("身份证号前 17 位是数字，最后一位是数字或 X。")
ID_BIRTH = N_("第 7 到 14 位是出生日期，现在对不上。请对着身份证再看一遍。")
ID_FUTURE = N_("身份证号里的出生日期在将来。请对着身份证再看一遍。")
ID_CHECK = N_("最后一位和前面对不上。请对着身份证再看一遍。")
PHONE_SHORT = N_("手机号码是 11 位，还差 %(missing)s 位。")
PHONE_LONG = N_("手机号码是 11 位，多了 %(extra)s 位。")
PHONE_SIGNS = N_("手机号码是 11 位数字，以 13 到 19 开头。")
DATE_SHAPE = N_("请写成年-月-日，比如 2026-03-18。")
DATE_LATE = N_("日期最晚是 %(latest)s。")
DATE_EARLY = N_("日期最早是 %(earliest)s。更早的请到便民服务中心办。")
NUMBER = N_("请填数字。")
WHOLE = N_("请填整数。")
TOO_SMALL = N_("最小是 %(min)s。")
TOO_BIG = N_("最大是 %(max)s。")
OPTION = N_("请从给出的选项里选。")
DIVISION = N_("请从列表里一级一级地选地方。")
DOWN_TO_CITY = N_("请再往下选，选到市。")
DOWN_TO_COUNTY = N_("请再往下选，选到区或县。")
DOWN_TO_TOWN = N_("请再往下选，选到镇或街道。")
DOWN_TO_VILLAGE = N_("请再往下选，选到村或社区。")
NOT_HERE = N_("这里只办本区的，请选本区里的地方。外地的请到当地办。")
CARD_SIGNS = N_("银行卡号只有数字，请对着卡面填。")
CARD_LENGTH = N_("银行卡号是 12 到 19 位，现在是 %(count)s 位。")
CARD_CHECK = N_("这个卡号可能打错了一位，请对着卡面看一遍；没有错就接着填。")
CENTS = N_("金额最多写到分，也就是两位小数。")
MONTH_SHAPE = N_("请写成年-月，比如 2026-03。")
MONTH_LATE = N_("月份最晚是 %(latest)s。")
MONTH_EARLY = N_("月份最早是 %(earliest)s。更早的请到便民服务中心办。")
CODE_SHORT = N_("统一社会信用代码是 18 位，还差 %(missing)s 位。")
CODE_LONG = N_("统一社会信用代码是 18 位，多了 %(extra)s 位。")
CODE_LETTERS = N_("代码里不会有字母 I、O、S、V、Z，请看看是不是数字 1、0、5、2。")
CODE_SIGNS = N_("统一社会信用代码只有数字和大写字母，请对着营业执照填。")
CODE_DIGITS = N_("统一社会信用代码的第 3 到 8 位都是数字，请对着营业执照看一遍。")
CODE_CHECK = N_("这个代码前后对不上，可能打错了一位。请对着营业执照再看一遍。")
PLACE = N_("请选地方。")
ROWS_FEW = N_("至少要填 %(min)s 个，现在是 %(count)s 个。请再加上。")
ROWS_MANY = N_("最多填 %(max)s 个，现在是 %(count)s 个。请删掉多的，或者分两次办。")
TOTAL = N_("加起来是 %(total)s，应当是 %(wanted)s。请改一改。")
SIGN = N_("请签名。")
SIGN_NAME = N_("签名要打您自己的姓名，和表里填的一样。请改一改。")
SIGN_MORE = N_("签得太少，看不出名字。请清掉重签，或者改用打字。")
SIGN_LESS = N_("签得太多，存不下。请清掉重签，或者改用打字。")
#: What a definition says itself (form.checks); `say` is its text in both languages.
SAID = N_("%(say)s")

#: For embedding their translations where the browser checks answers.
ALL: tuple[str, ...] = tuple(text for name, text in dict(globals()).items() if name.isupper() and isinstance(text, str))


@dataclass(frozen=True)
class Mistake:
    """One wrong answer: where, a Chinese msgid, and what to format it with (never a name or a number of a person).

    `question_id` is the name of the field in the page: the question's id, and inside an answer the row, the column and the
    part behind it (co.holders:0:name), so that the mistake can be said at its own field.
    """

    question_id: str
    text_msgid: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """The id of the question that the field belongs to."""
        return self.question_id.partition(":")[0]


class Wrong(Exception):
    """Raised by a check; becomes a Mistake of its question."""

    def __init__(self, text: str, **params: object) -> None:
        super().__init__(text)
        self.text, self.params = text, params

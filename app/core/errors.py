"""Refusals that a person can act on: what happened, what is kept, what to do next."""

from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a text for translation; it is translated when it is shown."""
    return text


class AppError(Exception):
    """A refusal. `type` is the stable name of RFC 9457 under /problems/; texts are Chinese msgids, formatted with `params`."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "bad-request"
    what: ClassVar[str] = N_("这一步没有办成。")
    kept: ClassVar[str] = N_("您填的都还在。")
    todo: ClassVar[str] = N_("请返回上一页再试一次。")

    def __init__(self, **params: object) -> None:
        super().__init__(self.type)
        self.params = params


class NotFound(AppError):
    """Nothing here, or nothing that this person may see: the two look alike on purpose."""

    status = 404
    type = "not-found"
    what = N_("没有找到这个页面，或者它不属于您。")
    kept = N_("您的办件和草稿都没有变。")
    todo = N_("请从首页或办件里进去。")


class SignInNeeded(AppError):
    """No session, or one that ended. Pages are sent to sign in and come back; the API gets 401."""

    status = 401
    type = "sign-in-needed"
    what = N_("请先登录。")
    kept = N_("您填的都还在，登录后接着办。")
    todo = N_("登录后会回到这一页。")


class RealNameNeeded(AppError):
    """The phone is known, the person is not yet."""

    status = 403
    type = "real-name-needed"
    what = N_("还差一步：核对您的姓名和身份证号。")
    todo = N_("核对后会回到这一页。")


class Forbidden(AppError):
    """Signed in, but not allowed."""

    status = 403
    type = "forbidden"
    what = N_("这一步不归您办。")
    kept = N_("什么都没有改。")
    todo = N_("请换一个账号，或者联系管理员。")


class ForeignOrigin(AppError):
    """An unsafe request that does not come from our own pages (see core/guards.py)."""

    status = 403
    type = "foreign-origin"
    what = N_("这个请求不是从本站页面发出的，没有执行。")
    kept = N_("什么都没有改。")
    todo = N_("请打开本站的页面再操作。")


class TooMany(AppError):
    """A budget is used up. `minutes` says when to try again."""

    status = 429
    type = "too-many-requests"
    what = N_("试得太多了，请 %(minutes)s 分钟后再试。")
    todo = N_("着急的话请打 %(hotline)s。")


class Outage(AppError):
    """A system outside did not answer."""

    status = 503
    type = "outside-unavailable"
    what = N_("对方系统现在没有回应。")
    todo = N_("请过几分钟再试，或者打 %(hotline)s。")


class Busy(AppError):
    """The database is at its limit for a moment; the same request again is safe."""

    status = 503
    type = "busy"
    what = N_("现在办的人太多，这一步没有存上。")
    todo = N_("请过几秒再点一次。")


class TooLarge(AppError):
    """The body of a request is larger than anything that we take."""

    status = 413
    type = "too-large"
    what = N_("发来的内容太大，没有收下。")
    kept = N_("以前存好的都还在。")
    todo = N_("单个文件最多 20 MB，请压缩或分开再传。")


class NotThisWay(AppError):
    """The address exists, but not for this method, or the request cannot be read at all."""

    status = 405
    type = "not-this-way"
    what = N_("这个地址不能这样打开。")
    kept = N_("什么都没有改。")
    todo = N_("请从首页或办件里进去。")


class Broken(AppError):
    """A mistake of ours; what it was stands in the log, not on the page."""

    status = 500
    type = "our-mistake"
    what = N_("我们的系统出错了，这一步没有办成。")
    kept = N_("之前存好的都还在，这一步什么都没有改。")
    todo = N_("请过几分钟再试，还是不行请打 %(hotline)s。")


class BadInput(AppError):
    """The request cannot be read: wrong type, unknown field, over-long."""

    status = 422
    type = "bad-input"
    what = N_("有的内容看不懂：%(detail)s")
    todo = N_("请改好再交一次。")

    def __init__(self, detail: str, **params: object) -> None:
        super().__init__(detail=detail, **params)

"""Refusals of sign-in and real-name check."""

from app.core.errors import N_, AppError


class WrongCode(AppError):
    """The code is not right; `left` tries remain."""

    status = 422
    type = "wrong-code"
    what = N_("验证码不对，还可以试 %(left)s 次。")
    todo = N_("请看短信再填一次，或者重新发送。")


class CodeGone(AppError):
    """The code is used, too old, tried too often, or asked for in another browser."""

    status = 422
    type = "code-gone"
    what = N_("这个验证码不能用了。")
    todo = N_("请重新发送一个验证码。")


class NotMatched(AppError):
    """Name and ID number are not what the register has."""

    status = 422
    type = "identity-not-matched"
    what = N_("姓名和身份证号对不上。")
    todo = N_("请对着身份证再看一遍；姓名里有生僻字的，请到便民服务中心核对。")


class PhoneOfAnother(AppError):
    """The operator has the number under somebody else's name, so that it proves nothing about this person."""

    status = 422
    type = "phone-of-another"
    what = N_("这个手机号登记在别人名下，不能用来证明您的身份。")
    todo = N_("请用您本人名下的手机号登录，或者带身份证到便民服务中心办。")


class WrongPassword(AppError):
    """User name or password is wrong; which one is not said."""

    status = 422
    type = "wrong-password"
    what = N_("用户名或密码不对。")
    kept = N_("什么都没有改。")
    todo = N_("请再试一次；忘了密码请找管理员。")


class AccountLocked(AppError):
    """Too many wrong passwords; locked until a time."""

    status = 429
    type = "account-locked"
    what = N_("密码错了太多次，请 %(minutes)s 分钟后再试。")
    kept = N_("什么都没有改。")
    todo = N_("不是您在试？请马上告诉管理员。")


class ConsentNeeded(AppError):
    """The real-name check handles sensitive data and waits for a separate yes (个人信息保护法 art. 29)."""

    status = 422
    type = "consent-needed"
    what = N_("没有您的同意，我们不能核对身份证。")
    todo = N_("同意请打勾；不同意可以带身份证到便民服务中心办。")

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
    """Too many wrong passwords or codes; locked until a time."""

    status = 429
    type = "account-locked"
    what = N_("错了太多次，请 %(minutes)s 分钟后再试。")
    kept = N_("什么都没有改。")
    todo = N_("不是您在试？请马上告诉管理员。")


class ConsentNeeded(AppError):
    """The real-name check handles sensitive data and waits for a separate yes (个人信息保护法 art. 29)."""

    status = 422
    type = "consent-needed"
    what = N_("没有您的同意，我们不能核对身份证。")
    todo = N_("同意请打勾；不同意可以带身份证到便民服务中心办。")


class WrongSecondFactor(AppError):
    """The code of the authenticator is wrong, too old, or was used already; which of them is not said."""

    status = 422
    type = "wrong-second-factor"
    what = N_("动态码不对，或者已经用过。")
    kept = N_("什么都没有改。")
    todo = N_("请等手机上换了新的动态码再填；手机的时间要准。")


class OneTimePasswordGone(AppError):
    """A one-time password was not used within its 24 hours."""

    status = 422
    type = "one-time-password-gone"
    what = N_("这个一次性密码已经过期。")
    kept = N_("什么都没有改。")
    todo = N_("请找管理员再发一个，24 小时里用掉。")


class SignInTooSlow(AppError):
    """The steps of a sign-in were not done in time, or it is no longer this account's."""

    status = 422
    type = "sign-in-too-slow"
    what = N_("这次登录等得太久，请从头再来。")
    kept = N_("什么都没有改。")
    todo = N_("请再填一次用户名和密码。")


class PasswordRefused(AppError):
    """A new password breaks a rule, or was not typed twice alike; the page says which."""

    status = 422
    type = "password-refused"
    what = N_("新密码还不行。")
    kept = N_("原来的密码没有变。")
    todo = N_("请照下面没打勾的改好再交。")


class UsernameTaken(AppError):
    """Somebody has this user name, or had it."""

    status = 422
    type = "username-taken"
    what = N_("这个用户名已经有人用了。")
    todo = N_("请换一个用户名；离职的人的用户名也不能再用。")


class NotOneself(AppError):
    """Administrators change no role, department or jurisdiction of their own, nor close or reset their own account."""

    status = 422
    type = "not-oneself"
    what = N_("自己的权限和登录方式，要请另一位管理员改。")
    kept = N_("什么都没有改。")
    todo = N_("只有一位管理员的，请运维人员在服务器上改。")


class LastAdministrator(AppError):
    """Without an administrator nobody could let anybody in."""

    status = 422
    type = "last-administrator"
    what = N_("这是最后一位在岗的管理员，不能停用或改角色。")
    kept = N_("什么都没有改。")
    todo = N_("请先再设一位管理员。")

"""What an administrator can be refused, besides what accounts refuse."""

from app.core.errors import N_, AppError


class ChangedMeanwhile(AppError):
    """Somebody saved the same thing after this page was opened; what both wrote is shown."""

    status = 409
    type = "changed-meanwhile"
    what = N_("别人刚改过，您的还没有存。")
    kept = N_("您填的都在下面，旁边写着现在存的。")
    todo = N_("对照好了，再点一次就按您的存。")


class SomethingToMend(AppError):
    """Fields that need another look; each says which way."""

    status = 422
    type = "something-to-mend"
    what = N_("有几处要改，还没有存。")
    todo = N_("请照红字改好，再存一次。")


class NotWholeInstallation(AppError):
    """What holds for everybody is set by an administrator of the whole installation."""

    status = 403
    type = "not-whole-installation"
    what = N_("这一页全区共用，要由全区的管理员来改。")
    kept = N_("什么都没有改。")
    todo = N_("您可以看，不能改；要改请联系全区的管理员。")

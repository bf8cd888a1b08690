"""What an act of staff is called on the auditor's page; a word that is not here is shown as it stands in the record."""

from app.core.errors import N_

#: Kinds of acts for the filter: name, and the beginnings of their words.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sign-in": (N_("登录和退出"), ("sign-in", "sign-out", "second-factor")),
    "account": (N_("自己的账号"), ("account.", "messages.")),
    "items": (N_("办件"), ("items.", "search")),
    "staff": (N_("人员管理"), ("staff",)),
    "settings": (N_("设置"), ("department", "division", "point", "calendar", "town", "deliveries")),
    "records": (N_("看记录"), ("records", "looks")),
}
ACTIONS = {
    "sign-in": N_("登录了"),
    "sign-in.password": N_("登录：密码不对"),
    "sign-in.code": N_("登录：动态码不对"),
    "sign-in.recovery-code": N_("登录：用了一个备用码"),
    "sign-in.locked": N_("连错 5 次，账号锁 15 分钟"),
    "sign-out": N_("退出了"),
    "second-factor.enrol": N_("设置手机动态码"),
    "account.password": N_("换自己的密码"),
    "account.recovery-codes": N_("换备用码"),
    "account.recovery-codes.kept": N_("存好备用码"),
    "push-subscriptions": N_("改自己浏览器的通知"),
    "account.sessions.end": N_("让自己的一处登录退出"),
    "messages.reading": N_("消息标为已读"),
    "search": N_("查找办件"),
    "items.claim": N_("领办"),
    "items.release": N_("放回去"),
    "items.decision": N_("提交决定"),
    "items.preview": N_("预览申请人会看到的"),
    "items.accept": N_("受理"),
    "items.correction": N_("请补正"),
    "items.approve": N_("同意办理"),
    "items.deny": N_("不予"),
    "items.result": N_("办结"),
    "items.finish": N_("办结"),
    "staff.new": N_("加了一个人"),
    "staff.make": N_("加了一个人"),
    "staff": N_("改人员"),
    "staff.change": N_("改人员"),
    "staff.password": N_("重置密码"),
    "staff.reset-password": N_("重置密码"),
    "staff.second-factor": N_("重置动态码"),
    "staff.reset-second-factor": N_("重置动态码"),
    "staff.closing": N_("停用账号"),
    "staff.deactivate": N_("停用账号"),
    "staff.opening": N_("恢复账号"),
    "staff.activate": N_("恢复账号"),
    "staff.unlock": N_("解锁账号"),
    "departments": N_("改部门的联系办法"),
    "department.change": N_("改部门的联系办法"),
    "divisions": N_("改镇村"),
    "division.add": N_("加了一个镇村"),
    "division.rename": N_("改镇村的名字"),
    "divisions.closing": N_("停用镇村"),
    "division.close": N_("停用镇村"),
    "divisions.opening": N_("恢复镇村"),
    "division.open": N_("恢复镇村"),
    "points": N_("改办事点"),
    "points.new": N_("加了一个办事点"),
    "point.add": N_("加了一个办事点"),
    "point.change": N_("改办事点"),
    "points.closing": N_("停用办事点"),
    "point.close": N_("停用办事点"),
    "points.opening": N_("恢复办事点"),
    "point.open": N_("恢复办事点"),
    "calendar": N_("改日历"),
    "calendar.preview": N_("预览改日历会变的期限"),
    "calendar.set": N_("改日历"),
    "calendar.removal": N_("去掉日历的一天"),
    "calendar.remove": N_("去掉日历的一天"),
    "town": N_("改本镇设置"),
    "town.preview": N_("预览改本镇设置会变的期限"),
    "town.change": N_("改本镇设置"),
    "deliveries.sending": N_("让一条消息再发一次"),
    "deliveries.alerts.closing": N_("关掉一条送达提醒"),
    "records.export": N_("导出操作记录"),
    "looks.export": N_("导出查看记录"),
}
LOOKS = {
    "review": N_("打开办件审查"),
    "document": N_("看材料照片"),
    "thumbnail": N_("看材料缩略图"),
    "original": N_("下载材料原件"),
    "search by name": N_("按姓名查找"),
    "search by ID number": N_("按身份证号查找"),
    "search by case number": N_("按办件编号查找"),
    "search by credit code": N_("按统一社会信用代码查找"),
}
THINGS = {
    "case": N_("办件"),
    "staff": N_("人员"),
    "session": N_("一处登录"),
    "subscription": N_("一个浏览器"),
    "document": N_("材料"),
    "division": N_("镇村"),
    "point": N_("办事点"),
    "department": N_("部门"),
    "day": N_("日历"),
    "town": N_("本镇设置"),
    "delivery": N_("送达"),
    "alert": N_("送达提醒"),
    "code": N_("镇村"),
}


def action(word: str) -> str:
    """What an act is called; a msgid, or the word itself."""
    return ACTIONS.get(word, word)


def look(word: str) -> str:
    """What a look is called; a msgid, or the word itself."""
    return LOOKS.get(word, word)

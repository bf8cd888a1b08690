"""Refusals of drafts, submission and receipts; each says what is kept and what to do."""

from app.core.errors import N_, AppError


class DraftConflict(AppError):
    """The draft was saved elsewhere since `base_revision`; `draft` is the server's copy."""

    status = 409
    type = "draft-conflict"
    what = N_("这份草稿在别的设备上改过。")
    kept = N_("两边填的都还在。")
    todo = N_("请比一比，选对的。")


class DraftSubmitted(AppError):
    """The draft became a case; `case` is its number."""

    status = 409
    type = "draft-submitted"
    what = N_("这份表已经交了，不能再改。")
    kept = N_("办件编号 %(case)s，部门已经收到。")
    todo = N_("要改内容，请到办件里看进度，或者打 %(hotline)s。")


class AnswersUnstorable(AppError):
    """Answers that cannot be what was asked for; `questions` names them with a reason each."""

    status = 422
    type = "answers-unstorable"
    what = N_("有几题的内容存不了：%(names)s")
    kept = N_("以前存的都没有变。")
    todo = N_("请改好这几题再存。")

    def __init__(self, questions: dict[str, str]) -> None:
        super().__init__(questions=questions, names=", ".join(name[:60] for name in list(questions)[:20]))


class AnswersWrong(AppError):
    """A submission with mistakes: `mistakes` is a list of {question, text}, `materials` of {material, text}."""

    status = 422
    type = "answers-wrong"
    what = N_("还有 %(count)s 处要改，没有提交。")
    todo = N_("请改好这几处再交一次。")

    def __init__(self, mistakes: list[dict[str, str]], materials: list[dict[str, str]]) -> None:
        super().__init__(count=len(mistakes) + len(materials), mistakes=mistakes, materials=materials)


class SubmissionDiffers(AppError):
    """The same draft was submitted before with another body; both digests and the stored receipt are given."""

    status = 409
    type = "submission-differs"
    what = N_("这份表已经交过，内容和这次的不一样。")
    kept = N_("先交的那份有效，回执在这里。")
    todo = N_("要改内容，请到办件里看进度，或者打 %(hotline)s。")


class OtherIdentity(AppError):
    """A page that the same person filled in another identity (个人, or another enterprise) was sent; what it holds is kept."""

    status = 409
    type = "other-identity"
    what = N_("这份表是您换身份以前填的，还没有存进去。")
    kept = N_("您刚填的都替您留着。")
    todo = N_("请到“我代表的企业”换回填表时的身份，打开草稿接着填。")


class EditionClosed(AppError):
    """The edition may no longer be filed; the reason is the catalogue's."""

    status = 409
    type = "edition-closed"
    what = N_("这个版本的表不再收了：%(reason)s")
    todo = N_("请用新版接着填，您填的会带过去。")


class NotSelf(AppError):
    """Filing for somebody else needs a mandate, which comes later."""

    status = 422
    type = "applicant-not-self"
    what = N_("现在只能替自己办。")
    todo = N_("替家人办，请带身份证到便民服务中心，或者打 %(hotline)s。")


class BadDraftId(AppError):
    """A draft's id must be a UUIDv7 (RFC 9562), made when the draft starts."""

    status = 422
    type = "bad-draft-id"
    what = N_("草稿的编号不对。")
    todo = N_("请从办事指南重新开始填。")

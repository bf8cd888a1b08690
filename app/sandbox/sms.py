"""The gateway's registered templates, in Chinese and English; a message carries both."""

from string import Template

TEMPLATES: dict[str, tuple[Template, Template]] = {
    "sign-in-code": (
        Template("【邻办】验证码 $code，$minutes 分钟内有效。工作人员不会向您要验证码。"),
        Template("[LinBan] Your code is $code, good for $minutes minutes. Nobody from us will ever ask you for it."),
    ),
}


def text(template: str, params: dict[str, str]) -> str:
    """The message as it is sent; raises KeyError for an unknown template or a missing parameter."""
    return "\n".join(part.substitute(params) for part in TEMPLATES[template])

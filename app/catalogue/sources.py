"""Where a proposed answer may come from, and which kind of question each source can fill in."""

from app.forms.definition import Kind

from .registers import REGISTERS

PROFILE = {
    "profile.name": Kind.NAME, "profile.id_number": Kind.ID_NUMBER, "profile.phone": Kind.PHONE,
    "profile.division": Kind.DIVISION,
}  # fmt: skip
ENTERPRISE = {
    "enterprise.name": Kind.TEXT, "enterprise.credit_code": Kind.CREDIT_CODE, "enterprise.representative": Kind.NAME,
}  # fmt: skip
#: The same question in the person's last case.
EARLIER = "earlier"
SOURCES: dict[str, Kind] = {
    **PROFILE,
    **ENTERPRISE,
    **{f"{register}.{name}": kind for register, found in REGISTERS.items() for name, kind in found.fields.items()},
}
#: What somebody must say or sign anew each time is never proposed.
NEVER = (Kind.DECLARATION, Kind.SIGNATURE)


def fills(source: Kind, question: Kind) -> bool:
    """Whether a value of one kind may be proposed for a question of another."""
    return question not in NEVER and (source is question or (question is Kind.TEXT and source is Kind.NAME))

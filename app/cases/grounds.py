"""Grounds of a refusal: a closed list, stored by code, so that events carry no free text (行政许可法 arts. 32, 38(2))."""

from app.core.errors import N_

GROUNDS: dict[str, str] = {
    "conditions": N_("不符合法定条件"),
    "not_proven": N_("材料不能证明符合条件"),
    "untrue": N_("材料不真实"),
    "jurisdiction": N_("不归本部门办理"),
    "duplicate": N_("已经办过同一件事"),
}

"""How the kinds of service points are called and drawn."""

from typing import NamedTuple

from app.core.errors import N_

from .models import PointKind


class KindWords(NamedTuple):
    """A kind's name, icon of the sprite, and what one does there."""

    name: str
    icon: str
    what: str


KINDS = {
    PointKind.HALL: KindWords(N_("服务大厅"), "building", N_("样样能办，有人帮您填。")),
    PointKind.VILLAGE: KindWords(N_("村、社区服务站"), "home", N_("就近递材料、取件，有人帮您填。")),
    PointKind.BANK: KindWords(N_("银行网点"), "bank", N_("社保卡、缴费，也能帮您递。")),
    PointKind.PARK: KindWords(N_("园区服务站"), "shop", N_("给企业办事。")),
}

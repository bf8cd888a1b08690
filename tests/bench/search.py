"""Search over 2,000 services: how long the index and a query take. The services are invented from words of real ones."""

import random
import statistics
import time
from typing import Any

from app.catalogue import editions
from app.catalogue.definition import Audience, Basis, Edition, Faq, Item, ItemKind, LifeEvent, Service, ServiceKind
from app.catalogue.search import search
from app.catalogue.search_index import Index
from app.forms.definition import Form, Page, Text

MANY = 2_000
ROUNDS = 3


def words(text: str) -> list[str]:
    """Words of a text."""
    return text.split()


SUBJECTS = words(
    """
    居民身份证 护照 居住证 养老保险 医疗保险 失业保险 工伤保险 生育津贴 住房公积金 不动产权证 房屋租赁 食品经营
    药品零售 医疗器械 公共场所卫生 道路运输 网络预约出租车 机动车驾驶 排水设施 取水设施 临时用地 建设工程 施工图纸
    消防设施 户外广告 店铺招牌 养犬 动物防疫 种子生产 农药经营 林木采伐 水产养殖 烟草专卖零售 酒类经营 出版物零售
    娱乐场所 旅馆业 互联网上网 劳务派遣 职业培训 民办学校 幼儿园 教师资格 社会团体 养老机构 残疾人 低保家庭 临时困难
    退役军人 烈属 高龄老人 独生子女 收养 婚姻 殡葬 宅基地 土地承包 渔业船舶 特种设备 计量器具 广告发布 商标 专利
    企业 个体工商户 合作社 外资企业 分公司 危险化学品 烟花爆竹 放射源
    """
)
ACTIONS = words(
    """
    登记 变更登记 注销登记 备案 许可 许可延续 换发 补领 年审 核准 申领 领取 转移接续 查询 证明开具 资格认证 补贴申请
    减免申请 信息修改 暂停 恢复 年度报告 预审 验收 竣工备案 标识申领 异地办理 继承 抵押登记 奖励申请
    """
)
PLAIN = words(
    """
    办 补 换 查 领 丢了 到期 过期 改 退 转 取 交 多少钱 在哪办 手续
    """
)
ENGLISH = words(
    """
    identity passport permit pension medical insurance housing fund property lease food drug hygiene transport
    licence drainage water building drawing fire advertising dog animal seed pesticide forest fishery tobacco
    publication hotel school teacher society disability allowance veteran adoption marriage land vessel equipment
    trademark patent company partner branch
    """
)


def _text(zh: str, seed: random.Random) -> Text:
    return Text(zh=zh, en=" ".join(seed.choice(ENGLISH) for _ in range(4)).capitalize())


def _item(number: int, place: int, seed: random.Random, departments: list[str], subject: str) -> Item:
    name = subject + seed.choice(ACTIONS)
    return Item(
        id=f"made.s{number}_{place}", name=_text(f"{name}（{seed.choice(ACTIONS)}）", seed), short=_text(name, seed),
        department=seed.choice(departments), kind=ItemKind.PUBLIC_SERVICE, promised_days=seed.randint(0, 20),
        basis=Basis(text=_text("虚构的依据", seed)),
    )  # fmt: skip


def _keywords(subject: str, seed: random.Random) -> tuple[str, ...]:
    word = [seed.choice(PLAIN) for _ in range(8)]
    return tuple(f"{subject[:3]}{plain}{n}" if n % 3 else f"{plain}{subject}" for n, plain in enumerate(word))


def _service(number: int, seed: random.Random, departments: list[str], events: list[str]) -> Service:
    subject, action = SUBJECTS[number % len(SUBJECTS)], ACTIONS[(number // len(SUBJECTS)) % len(ACTIONS)]
    several = number % 8 == 0
    other = seed.choice(SUBJECTS)
    return Service(
        id=f"made-{number}",
        kind=ServiceKind.ONE_THING if several else ServiceKind.SINGLE,
        title=_text(f"{subject}{action}" + ("一件事" if several else ""), seed),
        situation=_text(f"要{seed.choice(PLAIN)}{subject}，{action}一次办好，{other}也一起", seed),
        audience=seed.choice(list(Audience)),
        events=(seed.choice(events),),
        lead=seed.choice(departments),
        fee=_text("0 元", seed),
        eligibility=_text(f"有{subject}的人", seed),
        icon="doc",
        items=tuple(_item(number, place, seed, departments, subject) for place in range(5 if several else 1)),
        materials=(),
        form=Form(pages=(Page(id="one", title=_text("一", seed)),)),
        declaration=_text("属实", seed),
        faq=tuple(
            Faq(
                question=_text(f"{subject}{seed.choice(PLAIN)}，{seed.choice(SUBJECTS)}怎么办？", seed),
                answer=_text("请问。", seed),
            )
            for _ in range(3)
        ),
        keywords=_keywords(subject, seed),
    )


def made(many: int = MANY) -> list[Edition]:
    """Invented services, always the same ones, and none with the id or title of a real one."""
    seed = random.Random(20261125)  # noqa: S311 - not a secret, and the same each time
    departments, events = list(editions.departments()), list(editions.events())
    return [Edition(f"e{number}", _service(number, seed, departments, events)) for number in range(many)]


def index(found: list[Edition]) -> Index:
    """The index of these services."""
    events: dict[str, LifeEvent] = editions.events()
    return Index(found, editions.departments(), events).warm()


def queries() -> list[str]:
    """What people type: names, plain words, sentences, pinyin, initials, mixtures, English, all of them also with a slip."""
    seed = random.Random(7)  # noqa: S311
    found = []
    for subject in SUBJECTS:
        action = seed.choice(ACTIONS)
        slip = list(subject + action)
        slip[seed.randrange(len(slip))] = seed.choice("沪记正保险照")
        found += [
            subject,
            f"{subject}{action}",
            f"我要{seed.choice(PLAIN)}{subject}怎么办",
            "".join(slip),
            f"{subject[:2]}{action}",
        ]
    found += [
        "shenfenzheng",
        "xse",
        "yanglaobaoxian",
        "yang lao bao xian",
        "gjj",
        "zufang gongjijin",
        "jzz",
        "buling",
        "shenfenz",
        "zengming",
    ]
    found += [
        "身份zheng",
        "gongjijin提取",
        "housing fund",
        "tradmark",
        "pesticide permit",
        "how do i get a passport",
        "修桥头路灯",
        "xyz",
        "办",
    ]
    return found


def measure() -> dict[str, Any]:
    """Seconds to make the index; milliseconds of a query: median, 95th percentile, longest. Of this thread alone: busy
    neighbours cancel out."""
    found = made()
    search("热身", index(found[:50]))  # modules and tables of sounds are loaded
    start = time.thread_time()
    known = index(found)
    took = time.thread_time() - start
    times = []
    for _ in range(ROUNDS):
        for query in queries():
            start = time.thread_time()
            search(query, known)
            times.append((time.thread_time() - start) * 1000)
    times.sort()
    return {
        "search_services": len(known.editions), "search_index_seconds": round(took, 3),
        "search_median_ms": round(statistics.median(times), 1), "search_p95_ms": round(times[int(len(times) * 0.95)], 1),
        "search_longest_ms": round(times[-1], 1),
    }  # fmt: skip

"""Words for the search: one spelling for what people type, the sounds of characters, numbers that nobody should type here."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

#: Traditional characters of the words at a counter, each with its simplified one. Rare ones are left as they are typed.
_TRADITIONAL = (
    "證戶單辦請領養險關係轉續記錄業務醫療歲殘婦離學園區縣鄉鎮號碼員車駕駛執許開設變註銷飲館廳場門電氣費補貼貸稅發給與為個們這裡來時間書畫廣牆攤臨營運輸處罰現還後會國產權買賣價錢銀帳儲備"
    "貨資質檢測驗報審議調節約預訂聯繫網絡線話訊護簽異嬰兒齡壽喪遺繼託監獄緩緊難濟貧窮優撫軍隊裝飾樓層舊築農漁獸藥檔舉賽動勞僱傭傷慮練習圖髮環廢煙專讓損壞維遷歸屬華僑臺灣島幫應當貓雞魚豬"
    "馬鳥樹種蘭蘇滬從對錯誤顯讀寫語詞尋覓選擇進過達適實際態據擔擴擬斷無條標榮樂歡歷曆殺滿漲濕灑燈爭爺狀獎獨結繳紅總認見長齊範親愛陳張劉財負責誠試詢該詳課頁項順顧題額願類飯飼騎鬆麗黃點齒"
    "衛複復製麼麵舖腳臉術衆眾視觀規計訪訴評誰謝譯讚豐貢販貴賀賞賠購贈趕跡軟輕載輔輪連遊遠遲遼郵釋針鐵鑒閉閱陽陰階隨隱雙雜雲靈靜響頂須頓頭頻風飛駐騙驚體鮮鹽麥龍龜東絕統編緣縮績織罷聖聲職"
    "聽肅腎腦膽臘興萬葉著蓋虛裏"
)
_SIMPLIFIED = (
    "证户单办请领养险关系转续记录业务医疗岁残妇离学园区县乡镇号码员车驾驶执许开设变注销饮馆厅场门电气费补贴贷税发给与为个们这里来时间书画广墙摊临营运输处罚现还后会国产权买卖价钱银账储备"
    "货资质检测验报审议调节约预订联系网络线话讯护签异婴儿龄寿丧遗继托监狱缓紧难济贫穷优抚军队装饰楼层旧筑农渔兽药档举赛动劳雇佣伤虑练习图发环废烟专让损坏维迁归属华侨台湾岛帮应当猫鸡鱼猪"
    "马鸟树种兰苏沪从对错误显读写语词寻觅选择进过达适实际态据担扩拟断无条标荣乐欢历历杀满涨湿洒灯争爷状奖独结缴红总认见长齐范亲爱陈张刘财负责诚试询该详课页项顺顾题额愿类饭饲骑松丽黄点齿"
    "卫复复制么面铺脚脸术众众视观规计访诉评谁谢译赞丰贡贩贵贺赏赔购赠赶迹软轻载辅轮连游远迟辽邮释针铁鉴闭阅阳阴阶随隐双杂云灵静响顶须顿头频风飞驻骗惊体鲜盐麦龙龟东绝统编缘缩绩织罢圣声职"
    "听肃肾脑胆腊兴万叶着盖虚里"
)
TRADITIONAL = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
#: What surrounds the matter in a sentence.
_BEFORE = re.compile(
    r"^(?:请问|你好|您好|我们?想要?|我们?要|我们?|想要?|需要|要|怎么样?|怎样|如何|去?哪里?|在哪里?|可以|能不能|能|帮我|给|"
    r"咨询|查一?下|申请|申领|办理|补办|代办|办个?)+"
)
_AFTER = re.compile(
    r"(?:怎么办理?|怎么弄|怎么领|怎么开|怎么|如何办理?|在?哪里?办理?|去?哪里?|要?多少钱|要?多久|(?:需?要)?(?:带|交)?什么(?:材料|手续|证件)?|"
    r"需要什么|办理|手续|流程|材料|指南|条件|的|吗|呢|啊|了|呀)+$"
)
_PLAIN_ENGLISH = re.compile(
    r"(?:an?|and|apply|application|are|as|at|be|can|do|does|file|for|from|get|getting|give|have|how|i|if|in|is|it|my|need|of|on|or|"
    r"our|please|register|the|their|to|want|we|what|where|who|with|you|your)"
)
_PRIVATE = re.compile(r"\d{11,}[Xx]?|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
HAN = re.compile(r"[\u3400-\u9fff]")
_NEEDLESS = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_FRICATIVE = re.compile(r"[zcs](?!h)")
_NASAL = re.compile(r"([aei])ng?(?![aeiouvng])")


class _Folded(dict[int, str]):
    """How each character is compared, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))[:1].lower().translate(TRADITIONAL)
        self[code] = plain if len(plain) == 1 and plain.isalnum() else " "
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text as it is compared, of the same length: half width, lower case, simplified; what is no word is a blank."""
    return text.translate(_FOLDED)


def squeeze(text: str) -> str:
    """Folded text without the blanks that Chinese does not need; English words stay one blank apart."""
    return _NEEDLESS.sub("", " ".join(fold(text).split()))


def matter(text: str) -> str:
    """Squeezed text without what surrounds the matter: 我想办出生证怎么办 is about 出生证. Never empty unless it was."""
    bare = _AFTER.sub("", text)
    bare = _BEFORE.sub("", bare).strip()
    return bare if len(bare) > 1 else text


def english(text: str) -> list[str]:
    """The English words of a squeezed text that say something."""
    words = re.findall(r"[a-z0-9]+", text)
    return [word for word in words if not _PLAIN_ENGLISH.fullmatch(word)] or words


def private(text: str) -> bool:
    """Whether somebody typed what looks like an ID, phone, card or credit-code number: it is not searched nor shown again."""
    bare = re.sub(r"[\s\-.·_/]", "", unicodedata.normalize("NFKC", text)).upper()
    return bool(_PRIVATE.search(bare))


@cache
def _readings() -> Mapping[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict  # at the first search, not at every start

    return pinyin_dict


@cache
def sounds(sign: str) -> tuple[str, ...]:
    """The ways a character is read, without tones, the usual one first; a letter or digit is read as itself."""
    known = _readings().get(ord(sign))
    if known is None:
        return (sign,)
    spelt = unicodedata.normalize("NFD", known).replace("u\u0308", "v").split(",")
    bare = ["".join(part for part in way if part.isalpha() and part.isascii()) for way in spelt]
    bare += [way.replace("v", "u") for way in bare if "v" in way]
    return tuple(dict.fromkeys([*bare, *(["r"] if sign == "儿" else [])]))


@cache
def blurred(sound: str) -> str:
    """A sound as those hear it who tell neither z from zh nor n from ng, as is common around here."""
    plain = sound.replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return plain[:-1] if plain.endswith("ng") and plain[-3:-2] in "aei" else plain


def loose(typed: str) -> str:
    """A pattern for typed pinyin in which z may stand for zh and n for ng, as a part of a regular expression per letter."""
    return _NASAL.sub(r"\1ng?", _FRICATIVE.sub(r"\g<0>h?", typed.replace("zh", "z").replace("ch", "c").replace("sh", "s")))

"""What people type, and the service that they mean: names, plain words, sentences, pinyin, initials, slips, English."""

MEANT: dict[str, list[str]] = {
    "newborn": [
        "新生儿出生", "新生er", "xsr", "xse", "xinsheng er", "xinshenger", "xinshegner", "办出生证", "落户", "孩子落户",
        "孩子落沪", "上户口", "宝宝上户口", "生孩子", "出升证", "出生医证明", "預防接種證", "育儿补贴", "csz", "新生儿医宝",
        "ｘｓｒ",
        "birth certificate", "brith certificate", "baby", "household registration", "how do I get a birth certificate",
    ],
    "retirement": [
        "退休", "办退休", "我要退休怎么办", "tuixiu", "tx", "领养老金", "退修", "退休手续", "retirement", "retirment",
    ],
    "pension-elsewhere": ["养老金认证", "领养老金认证", "异地认证", "在外地领养老金", "刷脸认证"],
    "flexible-work": ["灵活就业", "自己交社保", "linghuo jiuye", "lhjy", "灵活就叶", "養老保險自己交"],
    "marriage": ["结婚", "领证", "結婚登記", "jiehun", "结昏", "get married"],
    "school-entry": ["上学", "孩子上小学", "报名入学", "ruxue", "小孩读书", "幼升小", "school"],
    "sscard": ["社保卡", "社保卡丢了", "shebaoka", "sbk", "社会保障卡补办", "社宝卡", "social security card"],
    "elder": ["老年证", "高龄津贴", "老人补贴", "尊老金", "gaoling jintie", "老年卡"],
    "company-start": ["开公司", "注册公司", "营业执照", "办执照", "刻章", "yyzz", "qiye kaiban", "start a company"],
    "restaurant": ["开饭店", "开饭馆", "开餐馆", "奶茶店", "火锅店", "kaifandian", "食品经营许可证", "restaurant", "resturant"],
    "dog-registration": ["狗证", "养狗", "给狗办证", "狗", "gouzheng", "dog licence", "dog license"],
    "pension-transfer": ["养老保险转移", "社保转移", "转社保", "养老保险关系转移接续", "养老保险关系转移接序"],
    "contribution-proof": ["社保证明", "缴费证明", "参保证明", "打社保清单", "can bao zheng ming"],
    "id-card": ["身份证", "身份证丢了", "补身份证", "申份证", "shenfenzheng", "sfz", "身份証過期", "lost id"],
    "no-crime": ["无犯罪证明", "无犯罪记录证明", "没有犯罪", "政审", "wufanzui", "无犯罪纪录", "criminal record"],
    "marriage-record": ["结婚记录", "婚姻证明", "单身证明", "查结婚登记"],
    "rent-withdrawal": ["公积金提取", "取公积金", "租房提公积金", "付房租", "zufang gongjijin", "租房公基金"],
    "temporary-stall": ["摆摊", "路边摆摊", "占道", "临时占用道路", "baitan", "stall"],
    "outdoor-advertising": ["广告牌", "户外广告", "店招", "guanggaopai", "billbord"],
    "legal-aid": ["法律援助", "请律师", "免费律师", "欠工资", "讨薪", "打官司", "工伤", "falvyuanzhu", "legal aid"],
}  # fmt: skip
EVERY = [(query, service) for service, queries in MEANT.items() for query in queries]

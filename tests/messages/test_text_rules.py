"""texts.yaml is read strictly: whatever is wrong is named with its line."""

from pathlib import Path

import pytest

from app import wiring
from app.messages import kinds

FILE = kinds.FILE.read_text()
PUSH = "您的申请交好了，"
ICON = "    icon: inbox\n"
#: What is changed into what; what is then said, about the line where the former stood.
MISTAKES = [
    (f'push: {{zh: "{PUSH}点开看进度。", en:', f'push: {{zh: "{PUSH}", de:', "unknown key 'de'"),
    (', en: "Your application was received. Tap to see."', "", "missing the English text (en)"),
    ("icon: apply", "icon: aply", "no icon 'aply' in the sprite"),
    ("tone: ok", "tone: green", "tone: input should be"),
    ("matters: true", "maters: true", "unknown key 'maters'"),
    ("  item_started:", "  case_filed:", "key 'case_filed' is given twice"),
    ("交好了：%(service)s", "交好了：%(servce)s", "unknown name %(servce)s; here there is service"),
    ("交好了：%(service)s", "交好了：%(item)s", "unknown name %(item)s"),
    ("轮到%(department)s", "轮到%(department)s %(count)s", "unknown name %(count)s"),
    ("各部门开始办", "100% 开始办", "a per cent sign must be written twice"),
    ("送不出的超过两成", "的%(who)s超过两成", "unknown name %(who)s; here there is channel, n"),
    (PUSH, "%(service)s交好了，", "unknown name %(service)s; here there is none"),
    (PUSH, "您的办件 $number 交好了，", "nothing is filled in on a locked screen"),
    (PUSH, PUSH + "各个部门都已经开始办理您的事情了，", "too long for a locked screen: 31 of 30"),
    ("Your application was received.", "The service centre of your town has your application.", "too long for a locked screen"),
    ("各部门开始办，", "各部门开始办！", "we never say '！'"),
    ("各部门开始办，", "请知悉：各部门开始办，", "we never say '请知悉'"),
    ("The departments have started.", "Dear user,", "we never say 'dear'"),
    ("sms: case-turn", "sms: case-trun", "no SMS template 'case-trun'"),
    ("sms: case-finished", "sms: case-turn", "template 'case-turn' says a day, and this kind has none"),
    ("  case-finished:", "  case-ended:", "no kind uses the template 'case-ended'"),
    ("要补一项，", "$item 要补一项，", "only these are filled in: $day, $hotline, $number"),
    ("要补一项，", "要补一项，补好了各部门才能接着往下办，", "too long: 84 of 70"),
    ("【邻办】您的办件 $number 要补", "您的办件 $number 要补", "must begin with 【邻办】"),
    ("group: staff_turn", "group: turn", "kinds of staff begin with staff_"),
]


def line(text: str) -> int:
    """Where some text stands in the file."""
    return FILE[: FILE.index(text)].count("\n") + 1


def found(folder: Path, old: str, new: str) -> list[str]:
    """What is found when one place of the file is changed."""
    assert old in FILE, "the example is gone from texts.yaml: choose another"
    path = folder / "texts.yaml"
    path.write_text(FILE.replace(old, new, 1))
    return kinds.check(path)


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[said for *_, said in MISTAKES])
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    named = [one for one in found(tmp_path, old, new) if said in one]
    assert named
    assert named[0].startswith(f"texts.yaml:{line(old)}: ")


@pytest.mark.parametrize(("old", "new", "said"), [
    ("Received: %(service)s", "Received", "Chinese and English name different things"),
    ("请在$day补上", "请补上", "Chinese and English fill in different things"),
    ("    sms: case-finished\n", "", "a kind that matters names its SMS template"),
    (ICON, f"{ICON}    sms: case-result\n", "a kind that matters names its SMS template"),
    (ICON, f"{ICON}    matters: true\n    sms: case-result\n", "staff get no SMS"),
])  # fmt: skip
def test_what_does_not_fit_together_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert [one for one in found(tmp_path, old, new) if said in one]


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "texts.yaml"
    path.write_text(FILE.replace("icon: apply", "icon: aply").replace("sms: case-turn", "sms: case-trun"))
    said = kinds.check(path)
    assert sum("aply" in one for one in said) > 3
    assert any("case-trun" in one for one in said)
    assert said == sorted(said, key=lambda one: int(one.split(":")[1]))


def test_a_start_reads_the_texts() -> None:
    kinds.texts.cache_clear()
    wiring.listen()
    assert kinds.texts.cache_info().currsize == 1

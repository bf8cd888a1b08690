"""A person named in a form: name, ID number, and where it is asked the phone."""

from . import mistakes as m
from . import numbers, texts
from .definition import Kind, Question, Text
from .mistakes import Wrong
from .verdicts import At, Check, Verdict, judged, whole

PARTS: dict[str, tuple[Question, Check]] = {
    "name": (Question(id="name", kind=Kind.NAME, label=Text(zh="姓名", en="Name"), max_length=50), texts.name),
    "id_number": (Question(id="id_number", kind=Kind.ID_NUMBER, label=Text(zh="身份证号", en="ID number")), numbers.id_number),
    "phone": (Question(id="phone", kind=Kind.PHONE, label=Text(zh="手机号码", en="Mobile number")), numbers.phone),
}


def parts_of(question: Question) -> tuple[str, ...]:
    """The parts that a question of this kind asks for."""
    return ("name", "id_number", "phone") if question.with_phone else ("name", "id_number")


def person(question: Question, value: object, at: At) -> Verdict:
    """Each part is judged for itself; what is not asked for is dropped."""
    if value is None or value == "":
        return Verdict()
    if not isinstance(value, dict):
        return Verdict(wrong=Wrong(m.SHAPE))
    return whole({name: judged(PARTS[name][1], PARTS[name][0], value.get(name), at) for name in parts_of(question)})

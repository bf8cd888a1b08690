"""The registers that a filing may ask (数据共享), their names, and what each answers about a person or an enterprise."""

from typing import NamedTuple

from app.forms.definition import Kind, Text

from .definition import Register


class RegisterDef(NamedTuple):
    """A register: its name, who keeps it, and its fields by name with the kind of question that each can fill in."""

    name: Text
    keeper: Text
    fields: dict[str, Kind]


REGISTERS: dict[Register, RegisterDef] = {
    Register.POPULATION: RegisterDef(
        Text(zh="人口信息", en="Population register"), Text(zh="公安", en="Public security"),
        {"hukou": Kind.DIVISION, "address": Kind.ADDRESS, "nation": Kind.CHOICE, "head": Kind.NAME},
    ),
    Register.MARRIAGE: RegisterDef(
        Text(zh="婚姻登记", en="Marriage register"), Text(zh="民政", en="Civil affairs"),
        {"state": Kind.CHOICE, "married": Kind.YES_NO, "spouse_name": Kind.NAME, "date": Kind.DATE},
    ),
    Register.BIRTH: RegisterDef(
        Text(zh="出生医学证明", en="Register of births"), Text(zh="卫健", en="Health"),
        {"child_name": Kind.NAME, "child_sex": Kind.CHOICE, "child_born": Kind.DATE, "certificate": Kind.TEXT},
    ),
    Register.SOCIAL_SECURITY: RegisterDef(
        Text(zh="社会保险", en="Social security"), Text(zh="人社、医保", en="Social and healthcare security"),
        {
            "employee_insured": Kind.YES_NO, "medical_kind": Kind.CHOICE, "employer": Kind.TEXT, "months": Kind.NUMBER,
            "pension_kind": Kind.CHOICE, "pension_paused": Kind.YES_NO, "hpf_account": Kind.YES_NO,
        },
    ),
    Register.LICENCE: RegisterDef(
        Text(zh="电子证照", en="Licences and certificates"), Text(zh="数据局", en="Data office"),
        {"number": Kind.TEXT, "valid_until": Kind.DATE, "name": Kind.TEXT, "address": Kind.ADDRESS},
    ),
    Register.CREDIT: RegisterDef(
        Text(zh="公共信用", en="Public credit"), Text(zh="发改（信用办）", en="Credit office"), {"barred": Kind.YES_NO},
    ),
}  # fmt: skip

"""Every text that people read has its English, with the same parameters: found in templates and in Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import nodes

from app.core.i18n import english
from app.core.web import TEMPLATES, templates

HERE = Path(__file__).parent
PARAMETER = re.compile(r"%\((\w+)\)s")


class Text(NamedTuple):
    """A Chinese text and where it stands."""

    place: str
    zh: str


def in_templates() -> Iterator[Text]:
    """What templates put through _()."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        for call in templates().parse(path.read_text(), name).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield from (Text(f"templates/{name}:{call.lineno}", zh) for zh in _constants(call.args[:1]))


def _constants(arguments: list[nodes.Expr]) -> Iterator[str]:
    for argument in arguments:
        for constant in (argument, *argument.find_all(nodes.Const)):
            if isinstance(constant, nodes.Const) and isinstance(constant.value, str):
                yield constant.value


def in_python() -> Iterator[Text]:
    """What Python marks with N_()."""
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"):
                continue
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Text(f"{path.relative_to(HERE)}:{node.lineno}", argument.value)


def findings() -> list[str]:
    """`place: what is wrong` for each text without English or with other parameters in it; empty when all is well."""
    found = []
    for place, zh in (*in_templates(), *in_python()):
        en = english().get(zh)
        if en is None:
            found.append(f"{place}: no English for {zh!r}")
        elif set(PARAMETER.findall(zh)) != set(PARAMETER.findall(en)):
            found.append(f"{place}: other parameters in the English of {zh!r}")
    return list(dict.fromkeys(found))

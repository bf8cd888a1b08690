"""docs/authoring.md explains every key of the language, every kind and every derived value."""

import re
from pathlib import Path

from app.catalogue.bank import SECTIONS
from app.catalogue.definition import ItemKind, ServiceKind, Source
from app.catalogue.loader import models
from app.catalogue.sources import ENTERPRISE, PROFILE
from app.forms.definition import Kind, Text
from app.forms.derived import DERIVED

TEXT = (Path(__file__).parents[2] / "docs/authoring.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", TEXT))


def test_every_key_is_explained() -> None:
    keys = {(model.__name__, key) for model in models() if model is not Text for key in model.model_fields}
    assert {name for name, _ in keys} >= {
        "Service",
        "Item",
        "Material",
        "Form",
        "Page",
        "Question",
        "Option",
        "Basis",
        "Faq",
        "DepartmentDef",
    }
    assert not [f"{name}.{key}" for name, key in sorted(keys) if not any(re.search(rf"\b{key}\b", code) for code in CODE)]


def test_every_value_that_may_be_written_is_explained() -> None:
    for kind in (*Kind, *ItemKind, *ServiceKind, *Source):
        assert kind.value in CODE, kind
    for name in (*DERIVED, *PROFILE, *ENTERPRISE, *SECTIONS):
        assert name in CODE, name

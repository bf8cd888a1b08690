"""The sandbox's own pages and switches, as people and tests use them."""

import httpx
import pytest

from app.messages import kinds
from app.sandbox import sms
from app.sandbox.people import DEMO, MOTHER


@pytest.fixture
def client(sandbox: str) -> httpx.Client:
    return httpx.Client(base_url=sandbox, trust_env=False)


@pytest.fixture(autouse=True)
def closed(client: httpx.Client) -> object:
    yield
    client.close()


def test_the_front_door_leads_to_the_phones(client: httpx.Client) -> None:
    assert client.get("/").headers["location"] == "/sandbox/phones"


def test_everybody_with_a_phone_is_listed(client: httpx.Client) -> None:
    page = client.get("/sandbox/phones").text
    assert all(person.phone in page for person in DEMO)


def test_an_unused_phone_is_empty_in_both_forms(client: httpx.Client) -> None:
    assert client.get("/sandbox/phones/13900000000", headers={"Accept": "application/json"}).json() == []
    assert "还没有短信" in client.get("/sandbox/phones/13900000000").text


def test_a_phones_number_is_shown_as_text_never_as_markup(client: httpx.Client) -> None:
    page = client.get("/sandbox/phones/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>" not in page


def test_the_pages_need_no_inline_style(client: httpx.Client) -> None:
    answer = client.get(f"/sandbox/phones/{MOTHER.phone}")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert client.get("/sandbox/phone.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "wrong",
    [{"system": "bank", "kind": "fail"}, {"system": "sms", "kind": "explode"}, {"system": "sms", "kind": "fail", "times": 0}],
)
def test_an_unknown_fault_is_refused(client: httpx.Client, wrong: dict[str, object]) -> None:
    assert client.post("/sandbox/faults", json=wrong).status_code == 422


def test_a_fault_sent_as_a_form_is_refused_in_words(client: httpx.Client) -> None:
    answer = client.post("/sandbox/faults", data={"system": "sms", "kind": "fail", "times": "1"})
    assert (answer.status_code, "system is one of" in answer.json()["error"]) == (422, True)


def test_a_request_needs_a_key_and_keeps_to_it(client: httpx.Client) -> None:
    asked = {"name": MOTHER.name, "id_number": MOTHER.id_number}
    headers = {"Authorization": "Bearer sandbox"}
    assert client.post("/identity/checks", json=asked, headers=headers).status_code == 400
    headers["Idempotency-Key"] = "one"
    assert client.post("/identity/checks", json=asked, headers=headers).json() == {"match": True, "key": "one"}
    assert client.post("/identity/checks", json=asked | {"name": "别人"}, headers=headers).status_code == 400


def test_the_registers_say_what_they_hold_about_whom(client: httpx.Client) -> None:
    page = client.get("/sandbox/registers").text
    for words in ("人口信息", "licence:disability", "王晓兰", "spouse_name: 陈志远", "invented", MOTHER.id_number):
        assert words in page, words
    assert "/sandbox/registers" in client.get("/sandbox/phones").text


def test_there_is_no_authority_to_trust_without_https(client: httpx.Client) -> None:
    assert client.get("/sandbox/ca.crt").status_code == 404


@pytest.mark.parametrize("template", sms.TEMPLATES)
def test_every_template_has_the_same_parameters_in_both_languages(template: str) -> None:
    zh, en = sms.TEMPLATES[template]["zh"], sms.TEMPLATES[template]["en"]
    assert set(zh.get_identifiers()) == set(en.get_identifiers())


def test_the_gateways_templates_are_those_of_the_reviewed_texts() -> None:
    reviewed = {name: {"zh": text.zh, "en": text.en} for name, text in kinds.texts().sms_templates.items()}
    ours = {name: {lang: part.template for lang, part in parts.items()} for name, parts in sms.TEMPLATES.items()}
    assert ours == reviewed


@pytest.mark.parametrize(("system", "kind"), [("sms", "throttled"), ("sms", "denied"), ("sms_reports", "late")])
def test_the_gateway_has_faults_of_its_own(client: httpx.Client, system: str, kind: str) -> None:
    assert client.post("/sandbox/faults", json={"system": system, "kind": kind}).status_code == 204
    refused = client.post("/sandbox/faults", json={"system": "identity", "kind": kind})
    assert (refused.status_code, "sms_reports: late" in refused.json()["error"]) == (422, True)

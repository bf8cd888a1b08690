"""The uploader of a form page in a real browser: photos made small, sent, seen, replaced, deleted; cuts and refusals."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.models import SessionRow
from app.accounts.parties import Party
from app.documents.checks import Rendition
from app.documents.queries import of_draft
from tests import factories
from tests.filing.conftest import answers

from . import files
from .test_checks import opened, red

SETTLED = answers(
    applicant__hukou="340122", baby__settle_here=True, hukou__head="王建国", hukou__relation="daughters_daughter",
    baby__nation="han", subsidy__order=1, bank__use_sscard=True, bank__holder="王晓兰",
)  # fmt: skip
HUKOU = "[data-shots][data-material=M-HK]"


class Shots:
    """A form page that wants the household book, open on a phone."""

    def __init__(self, phone: Any, server: str, session: Session) -> None:
        self.page, self.session = phone, session
        self.person = factories.make_person(session, factories.MOTHER)
        self.draft = factories.make_draft(session, self.person, SETTLED)
        self.token = factories.make_signed_in(session, self.person)
        session.commit()
        phone.context.add_cookies([{"name": "linban_session", "value": self.token, "url": server}])
        self.address = f"/forms/newborn/{self.draft.edition}/household?draft={self.draft.id}"
        phone.goto(self.address)

    @property
    def input(self) -> Any:
        return self.page.locator(f"{HUKOU} .shot.add input")

    def done(self, count: int) -> None:
        self.page.locator(f"{HUKOU} [data-document]").nth(count - 1).wait_for()

    def said(self) -> str:
        return str(self.page.locator(f"{HUKOU} [data-say]").inner_text())

    def kept(self) -> list[tuple[int, int]]:
        self.session.rollback()
        return [(row.page, row.size) for row in of_draft(self.session, Party(self.person.id), self.draft.id)]


@pytest.fixture
def shots(phone: Any, server: str, session: Session) -> Shots:
    return Shots(phone, server, session)


def photo(tmp_path: Path, body: bytes, name: str = "IMG_0001.JPG") -> str:
    path = tmp_path / name
    path.write_bytes(body)
    return str(path)


def test_a_photo_is_made_small_on_the_phone_and_shown(shots: Shots, tmp_path: Path) -> None:
    body = files.jpeg_with_exif(orientation=6)
    shots.input.set_input_files(photo(tmp_path, body))
    shots.done(1)
    thumb = str(shots.page.locator(f"{HUKOU} img").get_attribute("src"))
    sent = shots.page.request.get(thumb.replace("pages/1?thumb=1", "original")).body()
    assert sent != body
    assert files.WORDS not in sent
    picture = opened(Rendition(0, 0, sent, b""))
    assert picture.size == (900, 1200)
    assert red(picture, 880, 20)
    assert shots.page.locator(f"{HUKOU} img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    assert [page for page, _ in shots.kept()] == [1]
    shots.page.reload()
    shots.done(1)


def test_two_photos_at_once_take_the_next_two_pages(shots: Shots, tmp_path: Path) -> None:
    shots.input.set_input_files([photo(tmp_path, files.jpeg(), "a.jpg"), photo(tmp_path, files.jpeg(700, 500), "b.jpg")])
    shots.done(2)
    assert [page for page, _ in shots.kept()] == [1, 2]


def test_what_the_phone_cannot_decode_is_sent_as_it_is(shots: Shots, tmp_path: Path) -> None:
    body = files.heic()
    shots.input.set_input_files(photo(tmp_path, body, "IMG_2.HEIC"))
    shots.done(1)
    assert shots.kept() == [(1, len(body))]


def test_a_file_that_is_no_photo_is_refused_in_words(shots: Shots, tmp_path: Path) -> None:
    shots.input.set_input_files(photo(tmp_path, b"<html><script>alert(1)</script>", "a.jpg"))
    bad = shots.page.locator(f"{HUKOU} .shot.bad")
    bad.wait_for()
    assert "只收照片" in shots.said()
    with shots.page.expect_file_chooser():
        bad.click()
    assert shots.page.locator(f"{HUKOU} .shot.bad").count() == 0
    assert shots.kept() == []


def test_a_cut_line_is_healed_by_itself(shots: Shots, tmp_path: Path) -> None:
    cuts = iter([True, False, True])
    shots.page.route("**/api/uploads/*", lambda route: route.abort() if next(cuts, False) else route.continue_())
    shots.input.set_input_files(photo(tmp_path, files.noisy_jpeg(1200)))
    shots.done(1)
    assert len(shots.kept()) == 1


def test_signed_out_in_the_middle_nothing_is_lost_and_it_can_be_tried_again(shots: Shots, tmp_path: Path) -> None:
    ended = shots.session.exec(select(SessionRow)).one()
    kept = ended.model_dump()
    shots.session.delete(ended)
    shots.session.commit()
    shots.input.set_input_files(photo(tmp_path, files.jpeg()))
    bad = shots.page.locator(f"{HUKOU} .shot.bad")
    bad.wait_for()
    assert "登录过期" in shots.said()
    shots.session.add(SessionRow(**kept))
    shots.session.commit()
    bad.click()
    shots.done(1)
    assert len(shots.kept()) == 1


def test_going_on_waits_for_the_photo(shots: Shots, tmp_path: Path) -> None:
    held: list[Any] = []
    shots.page.route("**/api/uploads/*", lambda route: held.append(route) if not held else route.continue_())
    with shots.page.expect_request("**/api/uploads/*"):
        shots.input.set_input_files(photo(tmp_path, files.jpeg()))
    shots.page.locator("button[name=action][value=next].pri").click()
    shots.page.get_by_text("照片还在传").wait_for()
    assert "/household" in shots.page.url
    held[0].continue_()
    shots.page.wait_for_url(lambda url: "/household" not in url)
    assert len(shots.kept()) == 1


def test_a_photo_is_looked_at_and_deleted(shots: Shots, tmp_path: Path) -> None:
    shots.input.set_input_files(photo(tmp_path, files.jpeg()))
    shots.done(1)
    shots.page.locator(f"{HUKOU} [data-document] a").click()
    shots.page.get_by_role("heading", name="看这张照片").wait_for()
    shots.page.get_by_role("button", name="删掉").click()
    shots.page.wait_for_url(f"**{shots.address}")
    assert shots.page.locator(f"{HUKOU} [data-document]").count() == 0
    assert shots.kept() == []


def test_without_script_the_plain_form_does_it(browser: Any, server: str, session: Session, tmp_path: Path) -> None:
    page = browser(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    shots = Shots(page, server, session)
    form = page.locator(f"{HUKOU} [data-add]")
    form.locator("input[type=file]").set_input_files(photo(tmp_path, files.jpeg()))
    form.get_by_role("button", name="上传").click()
    shots.done(1)
    assert page.url.endswith(shots.address)
    assert [number for number, _ in shots.kept()] == [1]


def test_everybody_can_use_it(shots: Shots, tmp_path: Path) -> None:
    """axe finds nothing in the uploader with its tiles, nor in the preview."""
    from axe_playwright_python.sync_playwright import Axe

    shots.input.set_input_files([photo(tmp_path, files.jpeg(), "a.jpg"), photo(tmp_path, b"<html>", "b.jpg")])
    shots.done(1)
    shots.page.locator(f"{HUKOU} .shot.bad").wait_for()
    assert Axe().run(shots.page, context=HUKOU).response["violations"] == []
    shots.page.locator(f"{HUKOU} [data-document] a").click()
    shots.page.get_by_role("heading", name="看这张照片").wait_for()
    assert Axe().run(shots.page).response["violations"] == []

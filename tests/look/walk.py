"""What every page is held to: axe finds nothing, fingers find their targets, nothing is cut (screens.md §15)."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

LOOKS: tuple[dict[str, str], ...] = (
    {}, {"mode": "care"}, {"theme": "dark"}, {"lang": "en"}, {"mode": "care", "theme": "dark"},
)  # fmt: skip
LARGEST: tuple[dict[str, str], ...] = ({"text": "5"}, {"text": "5", "lang": "en"}, {"text": "5", "mode": "care"})
#: Controls smaller than `tap` that are no words within a sentence, whose area (with ::after) or label does not make up for it.
SMALL = """tap => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(el => el.offsetParent !== null && !el.disabled && !el.closest('[aria-hidden=true]'))
  .filter(el => getComputedStyle(el).display !== 'inline' && !el.matches('.skip, .vh'))
  .map(el => {
    const field = el.closest('label, .input') || el, box = field.getBoundingClientRect();
    const after = getComputedStyle(el, '::after');
    const more = after.content !== 'none' && after.position === 'absolute' ? -parseFloat(after.top) * 2 || 0 : 0;
    return [el.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height + Math.max(0, more))];
  })
  .filter(([, width, height]) => height < tap - 0.5 || width < Math.min(tap, 44) - 0.5)"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Text that does not fit its own box and is hidden by it.
CUT = """() => [...document.querySelectorAll('main *, header *, nav *')]
  .filter(el => el.children.length === 0 && el.textContent.trim() && el.offsetParent !== null && !el.closest('.vh'))
  .filter(el => el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflow !== 'visible')
  .map(el => el.textContent.trim().slice(0, 40))"""


def wear(page: Any, server: str, look: dict[str, str]) -> None:
    """Choose theme, mode, language and text size, as the settings' cookies do."""
    names = ("theme", "mode", "lang", "text")
    for name in names:
        page.context.clear_cookies(name=name)
    if look:
        page.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in look.items()])


def sign_in(page: Any, server: str, token: str) -> None:
    """Give the browser a session."""
    page.context.add_cookies([{"name": "linban_session", "value": token, "url": server}])


def complaints(page: Any, tap: int) -> list[str]:
    """What is wrong with the page that is open; empty when nothing is."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    wrong = [f"axe {v['id']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found.response["violations"]]
    wrong += [f"small {small}" for small in page.evaluate(SMALL, tap)]
    return wrong + [f"cut {text}" for text in page.evaluate(CUT)] + overflow(page)


def overflow(page: Any) -> list[str]:
    """Whether the page scrolls sideways."""
    wide = page.evaluate(WIDE)
    return [f"{wide} px too wide"] if wide > 0 else []


def sideways(page: Any, server: str, paths: list[str], look: dict[str, str], width: int) -> list[str]:
    """Which of these pages fail, or scroll sideways, in a look and at a width."""
    wear(page, server, look)
    page.set_viewport_size({"width": width, "height": 844})
    wrong = []
    for path in paths:
        answer = page.goto(server + path)
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
        wrong += [f"{path}: {said}" for said in overflow(page)]
    return wrong

"""An author at the editor, with and without its script."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import ElementHandle, Locator, Page, expect

from tests.services import wait_for

FORMS = [
    pytest.param(width, script, id=f"{width} px, {'with' if script else 'without'} script")
    for width in (390, 1280)
    for script in (True, False)
]
"""Widths of the window, with and without script."""

TWO_FORMS = (FORMS[1], FORMS[2])
"""Of these, a phone without script and a desktop with it."""


def beginning(words: str) -> re.Pattern[str]:
    """Return what finds names that begin with *words*, whatever space their parts leave."""
    parts = re.findall(r"\w+|[^\w\s]", words)
    return re.compile("^" + r"\s*".join(map(re.escape, parts)))


class WritingDesk:
    """What an author does with a page; without script every button of the editor sends its form.

    Of several fields with the same label the first one is meant, unless *nth* says otherwise.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, label: str, text: str, nth: int = 0) -> None:
        """Put *text* into a text box."""
        self._in_sight(self._called("textbox", label).nth(nth)).fill(text)

    def choose(self, label: str, value: str, nth: int = 0) -> None:
        """Choose from a menu."""
        self._in_sight(self._called("combobox", label).nth(nth)).select_option(value)

    def tick(self, label: str) -> None:
        """Tick a box or choose one of several, which stands in its label."""
        found = self.page.locator("label", has_text=label).locator("input:not([type=hidden])")
        self._in_sight(found.first).check()

    def press(self, words: str, nth: int = 0) -> None:
        """Press the button whose words begin so, and wait for the page it leads to."""
        named = self.page.get_by_role("button", name=beginning(words), include_hidden=True)
        for_people = self.page.locator("button:not([aria-hidden])")
        button = self._in_sight(named.and_(for_people).nth(nth))
        self._go_by(button.click)

    def follow(self, words: str) -> None:
        """Follow the first link whose words begin so, to its page."""
        self._go_by(self.page.get_by_role("link", name=beginning(words)).first.click)

    def add_item(self, kind: str, stage: int) -> None:
        """Add an item of a kind after a stage, from 1."""
        self.page.locator("select[name^='kind:'][name$='/items']").nth(stage - 1).select_option(
            kind
        )
        self.press("Add an item", stage - 1)

    def start(self) -> None:
        """Go to the page on which one starts."""
        self.page.goto(urljoin(self.page.url, "/"))

    def begin(self, assignment: str) -> None:
        """Begin the assignment at an address, as far as its first page."""
        self._go_by(self.page.locator(f'a[href="{assignment}/begin"]').click)
        self.press("Start quiz")

    def graded(self, score: str, *, script: bool) -> None:
        """Wait for the *score* on a page of a result; without script the page is asked again."""
        shown = self.page.locator(".score", has_text=score)
        if not script:
            wait_for(lambda: self.page.reload() and shown.count(), f"{score} on the page", 30)
        expect(shown).to_be_visible(timeout=30_000)

    def field(self, label: str, nth: int = 0) -> Locator:
        """Return a text box."""
        return self._called("textbox", label).nth(nth)

    def saved(self) -> None:
        """Wait until the page says that what is written is saved."""
        expect(self.page.locator("[data-save]")).to_have_attribute("data-state", "saved")

    def _called(self, role: str, label: str) -> Locator:
        words = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        return self.page.get_by_role(role, name=words, include_hidden=True)

    def _go_by(self, act: Callable[[], None]) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            act()

    def _in_sight(self, control: Locator) -> ElementHandle:
        """Open the folds around *control*, from the outermost; it is looked for but once."""
        found = control.element_handle()
        while fold := found.query_selector("xpath=ancestor::details[not(@open)]"):
            fold.wait_for_selector("> summary").click()
        return found

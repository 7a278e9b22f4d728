"""Hands on a keyboard: every stop of the focus must show where it is, and be in plain sight."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

_AT = """async () => {
  await new Promise(requestAnimationFrame);
  const focused = document.activeElement;
  if (!focused || focused === document.body) return { name: "" };
  const shown = focused.matches(".vh") ? focused.labels?.[0] : focused;
  const name = focused.outerHTML.slice(0, 160);
  if (!shown) return { problem: `no label shows the focus of ${name}` };
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2 || outlineColor.endsWith(", 0)")) {
    return { problem: `no ring around ${name}` };
  }
  const box = shown.getClientRects()[0];
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right <= left || bottom <= top) return { problem: `out of sight: ${name}` };
  const fits = box.height < innerHeight / 3;
  const isCut = box.top < -1 || box.bottom > innerHeight + 1;
  if (fits && isCut) return { problem: `cut off: ${name}` };
  const heights = fits ? [top + 3, (top + bottom) / 2, bottom - 3] : [(top + bottom) / 2];
  for (const y of heights) {
    const there = document.elementFromPoint((left + right) / 2, y);
    if (!shown.contains(there)) {
      return { problem: `${there?.outerHTML.slice(0, 160)} covers ${name}` };
    }
  }
  return { name };
}"""


class Keyboard:
    """What a person does with a page and no mouse. A stop that cannot be seen is an error."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def stop(self) -> str:
        """Return what has the focus, after looking whether one can see that; "" past the last stop.

        Raises:
            AssertionError: no ring is to be seen there, or something covers it.
        """
        at: dict[str, Any] = self.page.evaluate(_AT)
        assert "problem" not in at, f"{self.page.url}: {at['problem']}"
        return str(at["name"])

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press *key* until *wanted* has the focus; look at every stop on the way."""
        expect(wanted).to_be_attached()
        passed: list[str] = []
        while True:
            self.page.keyboard.press(key)
            passed.append(self.stop())
            if wanted.evaluate("(element) => element === document.activeElement"):
                return
            assert len(passed) < 150, f"{wanted} was not among {passed[-30:]}"

    def press(self, *keys: str) -> None:
        """Press *keys* one after another and look where that has led."""
        for key in keys:
            self.page.keyboard.press(key)
            self.stop()

    def write(self, field: Locator, text: str) -> None:
        """Go to *field* and put *text* in place of what stands there."""
        self.to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.stop()

    def pick(self, menu: Locator, option: str) -> None:
        """Go to *menu* and choose what begins with *option* by typing it."""
        self.to(menu)
        self.page.keyboard.type(option)
        self.stop()

    def follow(self, link_or_button: Locator) -> None:
        """Go to a link or a button, and to the page it leads to."""
        self.to(link_or_button)
        self.enter()

    def enter(self) -> None:
        """Press Enter, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

"""axe-core in a page: what it finds wrong, and what contrast it cannot judge."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """async (tags) => {
  const find = (place) => document.querySelector(place);

  // A cell that has been scrolled out of its table has nothing behind it to be judged against.
  const scrolledAway = (place) => {
    const box = find(place).closest(".table-wrap, .pane")?.getBoundingClientRect();
    const own = find(place).getBoundingClientRect();
    return box && (own.right > box.right || own.left < box.left);
  };

  // The letters on a drawing stand on a disc of their own, which axe does not know to be one.
  const luminance = (color) => {
    const linear = color.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const onItsDisc = (place) => {
    const disc = find(place).matches("svg text") && find(place).previousElementSibling;
    if (disc?.tagName !== "circle") return false;
    const fills = [find(place), disc].map((part) => luminance(getComputedStyle(part).fill));
    return (Math.max(...fills) + 0.05) / (Math.min(...fills) + 0.05) >= 4.5;
  };

  const found = await axe.run(document, {
    runOnly: tags,
    resultTypes: ["violations", "incomplete"],
    iframes: false,
    preload: false,
  });
  const lines = (rules) => rules.flatMap(({ id, nodes }) => nodes.map((node) =>
    [id, node.target.join(" "), node.html, node.failureSummary.replace(/\\s+/g, " ")]));
  const unjudged = lines(found.incomplete).filter(([id, place]) =>
    id === "color-contrast" && !scrolledAway(place) && !onItsDisc(place));
  return [...lines(found.violations), ...unjudged];
}"""


_TWICE = """() => [...document.querySelectorAll("[id]")]
  .map((element) => element.id).filter((id, place, all) => all.indexOf(id) < place)"""

_UNFOLD = """for (const part of document.querySelectorAll("main details")) {
  part.removeAttribute("name");  // of those with one name only one can be open
  part.open = true;
}"""


def load_axe(page: Page) -> None:
    """Bring axe into the page, past its policy, and unfold what axe would not see."""
    page.evaluate(_AXE)
    page.evaluate(_UNFOLD)


def flaws(page: Page) -> list[list[Any]]:
    """Return rule, place, element and reason of each violation and of each unjudged contrast.

    An id that two elements share is a flaw too: the label of the second names the first.
    """
    twice = [["id twice", f"#{name}"] for name in page.evaluate(_TWICE)]
    return [*page.evaluate(_RUN, TAGS), *twice]

// Other ways to choose an option: by its letter, and by its place on a picture.

import { all, find } from "../common/page.js";
import { answers } from "./page.js";

export function paint(root) {
  for (const area of all("[data-chooses]", root)) {
    area.classList.toggle("chosen", document.getElementById(area.dataset.chooses).checked);
  }
}

answers?.addEventListener("click", ({ target }) => {
  const area = target.closest("[data-chooses]");
  if (area) document.getElementById(area.dataset.chooses).click();
});

answers?.addEventListener("change", ({ target }) => {
  const item = target.closest("[data-item]");
  if (item) paint(item);
});

// Letters choose only while the focus is in the options
answers?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".opt")) return;
  const wanted = find(`[data-letter="${CSS.escape(event.key.toUpperCase())}"]`, event.target.closest("fieldset"));
  if (!wanted || event.key.length !== 1) return;
  event.preventDefault();
  wanted.focus();
  wanted.click();
});

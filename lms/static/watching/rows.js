// The rows of who is where: drawn anew, but for the one that has the focus, which keeps it.

import { all, find, make } from "../common/page.js";

export function draw(part, html) {
  const { content } = make("template", { innerHTML: html });
  const held = document.activeElement?.closest("[data-watch] tbody tr");
  const row = held && content.getElementById(held.id);
  if (!row) { part.replaceChildren(content); return; }
  keep(held, row);
  const rows = all("tr", row.parentNode);
  const place = rows.indexOf(row);
  for (const other of all("tr", held.parentNode)) if (other !== held) other.remove();
  held.before(...rows.slice(0, place));
  held.after(...rows.slice(place + 1));
  find(".facts", part).replaceWith(find(".facts", content));
}

// The cells of the row that has the focus, but for the one in which it is.
function keep(held, row) {
  const cells = [...row.cells];
  for (const [place, cell] of [...held.cells].entries()) {
    if (!cell.contains(document.activeElement) && cells[place]) cell.replaceWith(cells[place]);
  }
}

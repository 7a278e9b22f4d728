// The rows of who is where: drawn anew, but for the one that has the focus, which keeps it.

import { all, make } from "../common/page.js";

export function draw(part, html) {
  const { content } = make("template", { innerHTML: html });
  const held = document.activeElement?.closest("[data-watch] tbody tr");
  const row = held && content.getElementById(held.id);
  if (!row) { part.replaceChildren(content); return; }
  around(outermost(held, part), outermost(row, content));
  around(held, row);
  keep(held, row);
}

function outermost(element, root) {
  return [...root.children].find((each) => each.contains(element));
}

// What stands beside an element that is kept, as it stands beside its new one.
function around(kept, fresh) {
  const fellows = [...fresh.parentNode.children];
  const place = fellows.indexOf(fresh);
  for (const other of all(":scope > *", kept.parentNode)) if (other !== kept) other.remove();
  kept.before(...fellows.slice(0, place));
  kept.after(...fellows.slice(place + 1));
}

// The cells of the row that has the focus, but for the one in which it is.
function keep(held, row) {
  const cells = [...row.cells];
  for (const [place, cell] of [...held.cells].entries()) {
    if (!cell.contains(document.activeElement) && cells[place]) cell.replaceWith(cells[place]);
  }
}

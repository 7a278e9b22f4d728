// Who else is in the draft, where, and what they have chosen.

import { find, make, say } from "../common/page.js";
import { unsynced } from "../common/queue.js";
import { form, labelOf, place, rowOf } from "./form.js";
import { post } from "./posting.js";

const PAUSE = 5000;

let heard = form.elements.revision.value;

export function present(others = []) {
  const box = find("[data-presence]");
  const told = JSON.stringify(others);
  if (box.dataset.told === told) return;
  box.dataset.told = told;
  box.hidden = !others.length;
  find("p", box).replaceChildren(...(others.length ? said(others) : []));
}

const bold = (textContent) => make("b", { textContent });

function said(others) {
  const [one] = others;
  const names = others.map(({ name }) => name).join(", ");
  if (others.length > 1) return [bold(`${others.length} others are in this draft:`), ` ${names}.`];
  const row = one.place ? rowOf(document.getElementById(one.place)) : null;
  const where = row ? [", at ", make("a", { href: `#${row.id}`, textContent: labelOf(row) })] : [];
  return [bold(`${one.name} is in this draft too`), ...where, ` since ${one.since}.`];
}

// What others have chosen since, each once.
function hear({ revision, told, others }) {
  heard = revision;
  const box = find("[data-presence]");
  box.after(...told.map((textContent) => make("p", { className: "notice info", textContent })));
  if (told.length) say(told.join(" "));
  present(others);
}

async function look() {
  if (!document.hidden && !unsynced.size) {
    try {
      const here = { tab: form.elements.tab.value, place: place(), revision: heard };
      const { reply } = await post(new URLSearchParams(here), form.dataset.here);
      if (reply?.told) hear(reply);
    } catch {
      // No connection: look again later.
    }
  }
  setTimeout(look, PAUSE);
}

look();

// Who else is in the draft, and what they wrote: joined here at once, but never where one writes.

import { all, find, make, say } from "../common/page.js";
import { unsynced } from "../common/queue.js";
import { form, labelOf, place, rowOf } from "./form.js";
import { post } from "./posting.js";

const PAUSE = 5000;

let heard = form.elements.revision.value;

export function meet({ joined = [], others }) {
  for (const each of joined) join(each);
  const [last] = joined.slice(-1);
  if (last) say(`${last.by}’s change${at(last.path)} was joined.`);
  present(others);
}

function at(path) {
  const row = rowOf(form.elements[path]?.[0] ?? form.elements[path]);
  return row ? ` to ${labelOf(row)}` : "";
}

function join({ path, leaf, by }) {
  const found = all("[name]", form).filter(({ name, type }) => name === path && type !== "hidden");
  if (!found.length) { offer(find(".stack", form), by, () => location.reload()); return; }
  if (found.includes(document.activeElement)) {
    offer(found[0].closest(".field, .oedit-line, .box") ?? found[0], by, () => write(found, leaf));
  } else write(found, leaf);
}

function write(found, leaf) {
  for (const control of found) {
    const several = Array.isArray(leaf);
    if (control.type === "checkbox") control.checked = leaf === true || (several && leaf.includes(control.value));
    else control.value = several ? leaf.join("\n") : leaf ?? "";
  }
}

function offer(beside, by, take) {
  const text = `Show ${by}’s text`;
  if (find("[data-theirs]", beside)) return;
  const button = make("button", { type: "button", className: "btn quiet", textContent: text });
  button.dataset.theirs = "1";
  button.addEventListener("click", () => { take(); button.remove(); });
  beside.append(button);
}

function present(others = []) {
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

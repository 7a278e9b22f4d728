// The item rail, one stop of the Tab key, and the line that shows how many items are answered.

import { all, find } from "../common/page.js";

export function mark(position, controls) {
  const chip = find(`[data-chip="${position}"]`);
  if (!chip) return;
  const answered = Object.keys(controls).some((name) => !["flag", "confidence", "unit"].includes(name));
  chip.classList.toggle("answered", answered);
  chip.classList.toggle("flagged", "flag" in controls);
  const says = [chip.ariaCurrent && "current", answered ? "answered" : "open", controls.flag && "flagged"];
  all(".vh", chip).at(-1).textContent = `, ${says.filter(Boolean).join(", ")}`;
  const line = find("[data-progress]");
  if (!line) return;
  line.value = all(".chip.answered").length - all(".chip.mini.answered").length;
  line.setAttribute("aria-label", `${line.value} of ${line.max} items answered`);
}

const chips = all(".rail [data-chip]");

// The stop is where the focus was last, at first the item on the page; arrows move it.
function stopAt(chip) {
  for (const each of chips) each.tabIndex = each === chip ? 0 : -1;
  return chip;
}

function move(event) {
  const here = chips.indexOf(event.target);
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -here, End: -here - 1 }[event.key];
  if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  stopAt(chips.at((here + by) % chips.length)).focus();
}

stopAt(chips.find((chip) => chip.ariaCurrent) ?? chips[0]);
for (const chip of chips) chip.addEventListener("keydown", move);

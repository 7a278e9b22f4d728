// The item rail, and the line that shows how many items are answered.

import { all, find } from "./page.js";

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

// The items on the page: what their controls hold, and what is wrong with an answer.

import { paint } from "./choosing.js";
import { all, find, make } from "../common/page.js";
import { answers } from "./page.js";

export const section = (position) => find(`[data-item="${position}"]`);
export const record = (position) => answers?.elements[`was-${position}`];
export const positionOf = (target) => Number(target.closest("[data-item]")?.dataset.item);

export function read(position) {
  const tail = `-${position}`;
  const controls = {};
  for (const [name, value] of new FormData(answers)) {
    if (!name.endsWith(tail) || name === `was${tail}` || !value.trim()) continue;
    (controls[name.slice(0, -tail.length)] ??= []).push(value);
  }
  return controls;
}

export function write(position, controls) {
  const root = section(position);
  for (const input of all("[name]", root)) {
    const held = controls[input.name.slice(0, -`-${position}`.length)] ?? [];
    if (input.type === "radio" || input.type === "checkbox") input.checked = held.includes(input.value);
    else input.value = held[0] ?? "";
  }
  paint(root);
}

export function complain(position, message) {
  const root = section(position);
  if (!root) return;
  let note = find(".error", root);
  if (!note && message) {
    note = make("p", { className: "error", id: `item-${position}-error` });
    find("legend", root).after(note);
  }
  if (message) note.textContent = message; else note?.remove();
  for (const input of all(".control", root)) {
    input.toggleAttribute("aria-invalid", false);
    if (message) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
    }
  }
}

// A text box is shown whole, not only the line with the cursor: the bar at the foot would cover it.
answers?.addEventListener("focusin", ({ target }) => {
  if (target.tagName === "TEXTAREA") target.scrollIntoView({ block: "nearest" });
});

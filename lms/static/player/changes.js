// Notices what is changed: typing is saved after a pause, choosing at once.

import { complain, positionOf, read, record, section } from "./items.js";
import { find } from "../common/page.js";
import { answers } from "./page.js";
import { enqueue, unsynced } from "../common/queue.js";
import { pump } from "../common/saving.js";

export const typing = new Map();

const told = (controls) => JSON.stringify(Object.entries(controls).sort());

function change(position) {
  if (!record(position)) return;
  const controls = read(position);
  const before = unsynced.get(position)?.controls ?? JSON.parse(record(position).value);
  if (!find(".error", section(position)) && told(controls) === told(before)) return;
  enqueue(position, controls);
  complain(position, "");
  pump();
}

function settle(position) {
  clearTimeout(typing.get(position));
  typing.delete(position);
  change(position);
}

export function settleAll() {
  for (const position of typing.keys()) settle(position);
}

answers?.addEventListener("input", ({ target }) => {
  const position = positionOf(target);
  if (!position || target.type === "radio" || target.type === "checkbox" || target.tagName === "SELECT") return;
  clearTimeout(typing.get(position));
  typing.set(position, setTimeout(settle, 600, position));
});
answers?.addEventListener("change", ({ target }) => settle(positionOf(target)));
document.addEventListener("visibilitychange", () => document.hidden && settleAll());

// What was answered before the scripts had come; what an earlier page could not send has been put back by then.
if (!find(".error")) setTimeout(() => { for (const target of answers?.elements ?? []) change(positionOf(target)); });

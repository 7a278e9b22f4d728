// Length bars, counts of words and the words of a fold, as one writes.

import { all, find } from "../common/page.js";
import { form } from "./form.js";

const TRACK = 96;
const words = (text) => text.split(/\s+/u).filter(Boolean).length;

const lengthIn = (row) => find("textarea", row)?.value.length ?? 0;

function measure(list) {
  const bars = all(":scope > [data-row]", list).map((row) => [find("[data-len]", row), lengthIn(row)]);
  const longest = Math.max(1, ...bars.map(([, length]) => length));
  for (const [bar, length] of bars) {
    if (!bar) continue;
    const [, rect] = all("rect", bar);
    rect.setAttribute("width", (TRACK * length) / longest);
    rect.setAttribute("class", length === longest ? "fill" : "span");
    find("span", bar).textContent = length;
  }
}

function fold(area) {
  const summary = find("summary", area.closest(".more") ?? form);
  const [said] = summary.childNodes;
  const unsafe = /unsafe/u.test(said.data) ? ", unsafe" : "";
  const count = words(area.value);
  said.data = count ? `Reason, ${count} ${count === 1 ? "word" : "words"}${unsafe}` : `Add a reason${unsafe}`;
}

form.addEventListener("input", ({ target }) => {
  const list = target.closest("[data-rows]");
  if (list) measure(list);
  if (target.name?.endsWith("/why") && target.closest("details.more")) fold(target);
  const counter = find(`[data-words="${CSS.escape(target.name ?? "")}"]`);
  if (counter) counter.textContent = words(target.value);
});

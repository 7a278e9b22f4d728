// Signs of Markdown where one writes, the split at the cursor, and beginnings of a lead-in.

import { all } from "../common/page.js";
import { form } from "./form.js";

function put(area, before, after = "") {
  const { selectionStart: from, selectionEnd: to, value } = area;
  area.focus();
  area.setRangeText(before + value.slice(from, to) + after, from, to, "end");
  if (from === to && after) area.setSelectionRange(from + before.length, from + before.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const button of all("[data-tools] [hidden]", form)) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const area = form.elements[button.closest("[data-tools]").dataset.tools];
    const { sign, line, block, word } = button.dataset;
    const fresh = area.selectionStart && area.value[area.selectionStart - 1] !== "\n" ? "\n" : "";
    if (sign) put(area, sign, sign);
    else if (line) put(area, fresh + line);
    else if (block) put(area, `${fresh}\n${block.replaceAll("_", "\n")}\n`);
    else put(area, word);
  });
}

for (const button of all("[data-splits]", form)) {
  const area = document.getElementById(button.dataset.splits);
  button.addEventListener("click", () => {
    const at = area.selectionStart;
    if (at && area.value.slice(at).trim()) button.value = `${button.value.split(":").slice(0, 2).join(":")}:${at}`;
  });
}

for (const starter of all("[data-starters] button", form)) {
  starter.addEventListener("click", (event) => {
    const area = document.getElementById(starter.closest("[data-starters]").dataset.starters);
    event.preventDefault();
    area.focus();
    put(area, starter.dataset.says);
  });
}

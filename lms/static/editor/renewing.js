// What the page says of the draft, beside its fields and as a list, is drawn anew when that changes.

import { all, make } from "../common/page.js";
import { ask } from "../common/server.js";
import { form } from "./form.js";

const shown = new Map(all("[data-renews], [data-advised]").map((part) => [part, part.innerHTML]));
let told = null;
let tag = "";

export async function renew() {
  const page = await ask(form.dataset.advice, tag ? { "If-None-Match": tag } : {});
  if (page.ok) {
    told = await page.json();
    tag = page.headers.get("ETag") ?? "";
  } else if (page.status !== 304) throw new Error(page.status);
  for (const part of shown.keys()) draw(part);
}

// Never under the hands of who writes in it: it waits for the next time.
function draw(part) {
  if (part.contains(document.activeElement)) return;
  const { renews, advised } = part.dataset;
  const said = renews ? told.parts[renews] : told.fields[advised];
  const { content, innerHTML } = make("template", { innerHTML: said ?? "" });
  if (innerHTML === shown.get(part)) return;
  shown.set(part, innerHTML);
  part.replaceChildren(content);
}

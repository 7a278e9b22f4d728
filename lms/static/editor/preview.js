// The preview follows what is saved and the stage in focus; so does what is advised beside the fields.

import { all, find, show } from "../common/page.js";
import { form } from "./form.js";

const frame = find("iframe", form);
let stage = new URL(frame.src).searchParams.get("stage");
let down = 0;

function draw() {
  down = frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
  const address = new URL(frame.src);
  address.searchParams.set("stage", stage);
  frame.contentWindow.location.replace(address);
}

frame.addEventListener("load", () => { frame.contentDocument?.scrollingElement?.scrollTo(0, down); });

form.addEventListener("focusin", ({ target }) => {
  const card = target.closest("[data-stage]");
  if (!card || card.dataset.stage === stage) return;
  ({ stage } = card.dataset);
  down = 0;
  draw();
});

// Parts of the page that say something of the draft are taken anew from the page as the server has it.
async function renew() {
  draw();
  const page = await fetch(form.dataset.renewed, { signal: AbortSignal.timeout?.(10000) });
  if (!page.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const part of all("[data-advised], [data-advice], [data-strip], [data-blocks]")) {
    if (part.contains(document.activeElement)) continue;
    const { advised } = part.dataset;
    const same = advised === undefined ? part.getAttributeNames().find((name) => name.startsWith("data-")) : null;
    const other = same ? find(`[${same}]`, fresh) : find(`[data-advised="${CSS.escape(advised)}"]`, fresh);
    if (other && other.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(other));
  }
}

document.addEventListener("draft-saved", () => {
  renew().catch(() => show("saved", "Draft saved. The preview could not be drawn"));
});

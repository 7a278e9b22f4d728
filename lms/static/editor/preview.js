// The preview follows what is saved and the stage in focus.

import { find, show } from "../common/page.js";
import { form } from "./form.js";
import { renew } from "./renewing.js";

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

document.addEventListener("draft-saved", () => {
  draw();
  renew().catch(() => show("saved", "Draft saved. The advice could not be renewed"));
});

// The form of a draft: its controls, what is written in it, and where one is.

import { find } from "../common/page.js";

export const form = find("#draft");

// A browser that comes back would fill it with what stood in it, over what the draft says by now. What is not saved
// yet is on the device; without a script nothing else keeps it.
form.autocomplete = "off";

// A page that one came back to shows nothing of what its button did.
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });

// Not among the answers on the device: what sends those on knows nothing of drafts.
export const draftKey = (where) => `drafts:${form.dataset.draft}:${where}`;

// Everything that the form would send, but for the button and which of the page's saves it is.
export function written() {
  const data = new FormData(form);
  data.delete("seq");
  return new URLSearchParams(data).toString();
}

// The row that an element is in: of options the option, else the item or the stage.
export const rowOf = (element) => element?.closest?.("[data-row]");

export const labelOf = (row) => row.dataset.row;

// The path of where one writes; empty: nowhere in the draft.
export const place = () => rowOf(document.activeElement)?.id ?? "";

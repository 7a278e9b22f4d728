// What others wrote is joined here at once, but never where one writes.

import { all, find, make, say } from "../common/page.js";
import { form, labelOf, rowOf } from "./form.js";

// Whether the page shows all of it now.
export function joinAll(joined) {
  const shown = joined.map((each) => join(each));
  const [last] = joined.slice(-1);
  if (last) say(`${last.by}’s change${at(last.path)} was joined.`);
  return shown.every(Boolean);
}

function at(path) {
  const row = rowOf(form.elements[path]?.[0] ?? form.elements[path]);
  return row ? ` to ${labelOf(row)}` : "";
}

function join({ path, leaf, by }) {
  const found = all("[name]:not([data-more])", form).filter(({ name, type }) => name === path && type !== "hidden");
  if (!holds(found, leaf)) offer(find(".stack", form), by, () => location.reload());
  else if (found.includes(document.activeElement)) {
    offer(found[0].closest(".field, .oedit-line, .box") ?? found[0], by, () => {
      write(found, leaf);
      // Saved at once, so that what is written next is written in it.
      form.dispatchEvent(new Event("change"));
    });
  } else {
    write(found, leaf);
    return true;
  }
  return false;
}

// Whether these controls can show all of it: of several, lines of one control or a box for each.
function holds(found, leaf) {
  if (!Array.isArray(leaf) || found[0]?.type === "textarea") return found.length > 0;
  return leaf.every((each) => found.some(({ type, value }) => type === "checkbox" && value === each));
}

function write(found, leaf) {
  for (const control of found) {
    const several = Array.isArray(leaf);
    if (control.type === "checkbox") control.checked = leaf === true || (several && leaf.includes(control.value));
    else control.value = several ? leaf.join("\n") : leaf ?? "";
  }
}

function offer(beside, by, take) {
  find("[data-theirs]", beside)?.remove();
  const button = make("button", { type: "button", className: "btn quiet", textContent: `Show ${by}’s text` });
  button.dataset.theirs = "1";
  button.addEventListener("click", () => { take(); button.remove(); });
  beside.append(button);
}

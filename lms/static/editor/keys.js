// Keys: Ctrl and S saves, a question mark outside of a field lists the keys.

import { find } from "../common/page.js";
import { pumpAll } from "../common/saving.js";
import { unsynced } from "../common/queue.js";
import { saveNow } from "./autosave.js";

const writing = ({ target }) => target.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    saveNow();
  } else if (event.key === "?" && !writing(event)) {
    const list = find("[data-keys]");
    list.hidden = !list.hidden;
    if (!list.hidden) list.focus();
  }
});

// Signing out erases what this device keeps: it is sent first.
for (const leaving of document.querySelectorAll("[data-signs-out]")) {
  let asked = false;
  leaving.addEventListener("submit", async (event) => {
    if (asked || !unsynced.size) return;
    event.preventDefault();
    if (await pumpAll()) { leaving.submit(); return; }
    asked = true;
    const textContent = "What you wrote last is still on this device: not sent. Signing out erases it.";
    leaving.prepend(Object.assign(document.createElement("p"), { className: "small", role: "alert", textContent }));
    leaving.querySelector("button").textContent = "Sign out and erase";
  });
}

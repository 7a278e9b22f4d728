// Keys: Ctrl and S saves, a question mark outside of a field lists the keys.

import { find } from "../common/page.js";
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

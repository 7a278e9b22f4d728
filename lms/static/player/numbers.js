// Numbers on a phone: its pad of digits, and a key for the sign, which some pads lack.

import { all, make } from "../common/page.js";

for (const input of all("[data-number]")) {
  const key = make("button", { type: "button", className: "btn sign", textContent: "±", ariaLabel: "Change the sign" });
  input.inputMode = "decimal";
  input.before(key);
  key.addEventListener("click", () => {
    const bare = input.value.replace(/^\s*[-−]\s*/u, "");
    input.value = bare === input.value ? `-${bare}` : bare;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}

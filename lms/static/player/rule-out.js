// Ruling options out, remembered on this device only.

import { drop, keep, kept, ruledOutKey } from "../common/device.js";
import { positionOf, section } from "./items.js";
import { all, make } from "../common/page.js";
import { attempt } from "./page.js";

function offerRuleOut(input) {
  const position = positionOf(input);
  const key = ruledOutKey(attempt.attempt, position);
  const letter = input.dataset.letter;
  const option = input.closest(".opt");
  const button = make("button", { type: "button", className: "rule", ariaLabel: `Rule out ${letter}` });
  button.append(make("s", { textContent: "S" }));
  const set = (out) => {
    option.classList.toggle("out", out);
    button.ariaPressed = String(out);
  };
  set((kept(key) ?? []).includes(letter));
  button.addEventListener("click", () => {
    set(button.ariaPressed !== "true");
    const out = all(".opt.out [data-letter]", section(position)).map((each) => each.dataset.letter);
    if (out.length) keep(key, out); else drop(key);
  });
  option.append(button);
}

for (const input of all("[data-item] [data-letter]")) if (!input.matches(":disabled")) offerRuleOut(input);

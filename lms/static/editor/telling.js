// What is said of a save that was taken: aloud once a minute, at once if two texts do not go together.

import { show } from "../common/page.js";
import { form } from "./form.js";

let spoken = Date.now();

export function atOdds() {
  const link = ["See both texts", form.dataset.conflict];
  show("failed", "Somebody else changed the same words. Both texts are kept.", { link, aloud: true });
}

export function tell(time) {
  const aloud = Date.now() - spoken > 60000;
  if (aloud) spoken = Date.now();
  show("saved", "Draft saved", { time, aloud });
}

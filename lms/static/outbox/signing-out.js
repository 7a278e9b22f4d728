// Answers that wait on this device are sent before one signs out, or spoken of.

import { askBefore } from "../common/signing-out.js";
import { deliver, left } from "./delivering.js";

askBefore(deliver, () => {
  const n = left();
  return n ? [`${n} ${n === 1 ? "answer is" : "answers are"} still on this device: not sent, `
    + `or another person’s. Signing out erases ${n === 1 ? "it" : "them"}.`] : [];
});

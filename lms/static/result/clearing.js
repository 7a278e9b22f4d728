// Clears what only helped to answer: options that were ruled out. Answers that never got through
// are sent by the outbox.

import { drop, keysFrom, ruledOutKey } from "../common/device.js";

for (const key of keysFrom(ruledOutKey(document.querySelector("[data-erase]").dataset.attempt))) drop(key);

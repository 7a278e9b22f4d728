// Clears what the player kept on this device for the attempt: an answer that never got through
// is sent once more, to be kept apart as too late.

import { answerKey, drop, kept, keysFrom, positionIn, ruledOutKey } from "../common/device.js";
import { send } from "../common/server.js";

const SETTLED = new Set([200, 404, 409, 422]);

const { attempt, saveTo, token } = document.querySelector("[data-erase]").dataset;

async function deliver(key) {
  try {
    const { status } = await send(saveTo + positionIn(key), kept(key), token);
    if (SETTLED.has(status)) drop(key);
  } catch { /* no connection: the next visit tries again */ }
}

for (const key of keysFrom(ruledOutKey(attempt))) drop(key);
for (const key of keysFrom(answerKey(attempt))) deliver(key);

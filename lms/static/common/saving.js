// Sends what is not acknowledged, one packet after the other, and again after a pause if that fails.

import { show } from "./page.js";
import { unsynced } from "./queue.js";

let deliver = null;
let sending = null;
let failures = 0;
let retry = 0;

// How one is sent: it returns why that has to be done again, with a way out if there is one; else nothing.
export function deliverBy(way) { deliver = way; }

export function pump() {
  clearTimeout(retry);
  sending ??= work().finally(() => {
    sending = null;
    if (unsynced.size && !failures) pump();
  });
  return sending;
}

// Whether everything was acknowledged; a failure ends the wait.
export async function pumpAll() {
  await pump();
  if (unsynced.size && !failures) return pumpAll();
  return !unsynced.size;
}

async function work() {
  while (unsynced.size) {
    const [place, packet] = unsynced.entries().next().value;
    show("saving", "Saving");
    const trouble = await deliver(place, packet);
    if (!trouble) { failures = 0; continue; }
    // The others go first: what holds this one up may not hold them up.
    const newest = unsynced.get(place);
    unsynced.delete(place);
    unsynced.set(place, newest);
    retryLater(trouble);
    return;
  }
}

function retryLater({ reason, link }) {
  show("failed", `Not saved: ${reason}. Kept on this device; we will retry.`, { link, aloud: failures % 5 === 0 });
  failures += 1;
  const pause = Math.min(1000 * 2 ** (failures - 1), 15000) * (0.75 + Math.random() / 2);
  clearTimeout(retry);
  retry = setTimeout(pump, pause);
}

addEventListener("online", pump);

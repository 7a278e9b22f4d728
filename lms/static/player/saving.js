// Sends what is not acknowledged, one packet after the other, and again after a pause if that fails.

import { send } from "../common/server.js";
import { attempt, find, form, show } from "./page.js";
import { postpone, unsynced } from "./queue.js";
import { take } from "./replies.js";

let sending = null;
let failures = 0;
let retry = 0;

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
    const [position, packet] = unsynced.entries().next().value;
    show("saving", "Saving");
    const trouble = await deliver(position, packet);
    if (trouble) { retryLater(position, trouble); return; }
    failures = 0;
  }
}

async function deliver(position, packet) {
  const token = find('[name="csrf_token"]', form).value;
  let answer;
  try {
    answer = await send(attempt.saveTo + position, packet, token, { keepalive: true });
  } catch {
    return { reason: "no connection" };
  }
  return take(position, packet, answer);
}

function retryLater(position, { reason, link }) {
  show("failed", `Not saved: ${reason}. Kept on this device; we will retry.`, { link, aloud: failures % 5 === 0 });
  failures += 1;
  postpone(position);
  const pause = Math.min(1000 * 2 ** (failures - 1), 15000) * (0.75 + Math.random() / 2);
  clearTimeout(retry);
  retry = setTimeout(pump, pause);
}

addEventListener("online", pump);

// Saves the draft after a pause in writing, at once when something is chosen; offline it stays on the device.

import { show } from "../common/page.js";
import { enqueue, forget, recall, unsynced } from "../common/queue.js";
import { deliverBy, pump, pumpAll } from "../common/saving.js";
import { draftKey, form, written } from "./form.js";
import { joinAll } from "./joining.js";
import { present } from "./others.js";
import { asOurs, atOdds, post, tell, troubleOf } from "./posting.js";

// A place of its own: a page writes over nothing that another one keeps on the device.
const HERE = Date.now();
const REST = 800;

let sent = 0;
let known = "";
let resting = 0;
let earlier = false;
let leaving = false;

function note() {
  clearTimeout(resting);
  const now = written();
  if (now === known) return;
  known = now;
  // The server takes nothing that is older than what has come of this page already.
  sent += 1;
  enqueue(HERE, `${now}&seq=${sent}`);
}

export function saveNow() {
  note();
  return pumpAll();
}

async function deliver(where, packet) {
  let answer;
  try {
    answer = await post(asOurs(packet.controls));
  } catch {
    return { reason: "no connection" };
  }
  return take(where, packet, answer.status, answer.reply);
}

function take(where, packet, status, reply) {
  if (reply && (status === 200 || reply.conflicts)) return saved(where, packet, reply);
  if (status === 409 && reply?.error.includes("same moment")) return { reason: "others saved at the same moment" };
  if (!reply || ![404, 409, 413, 422].includes(status)) return troubleOf(status);
  // It stays in the form and on the device.
  unsynced.delete(where);
  show("failed", reply.error, { aloud: true });
  return null;
}

// Once the page says all that the draft says, it goes on from there. What was written since is never
// written over: the next save tells it again.
function bring(where, { joined, conflicts, revision }) {
  if (joinAll(joined) && where === HERE && !conflicts.length) form.elements.revision.value = revision;
  known = written();
}

function saved(where, packet, reply) {
  forget(where, packet);
  const untouched = known === written();
  if (earlier && untouched) { location.reload(); return null; }
  earlier = false;
  present(reply.others);
  if (untouched) bring(where, reply);
  if (unsynced.size) return null;
  if (reply.conflicts.length) atOdds(); else tell(reply.saved_at);
  document.dispatchEvent(new Event("draft-saved"));
  return null;
}

export function begin() {
  recall((where) => draftKey(where));
  earlier = unsynced.size > 0;
  known = written();
  deliverBy(deliver);
  if (earlier) pump();
}

form.addEventListener("input", () => {
  leaving = false;
  clearTimeout(resting);
  resting = setTimeout(saveNow, REST);
});
form.addEventListener("change", ({ target }) => { if (target.type !== "textarea") saveNow(); });
document.addEventListener("visibilitychange", () => { if (document.hidden && !leaving) saveNow(); });

// What is written is saved before a button leads on: a save that came after it would undo what the button does.
addEventListener("submit", note, true);
form.addEventListener("submit", async (event) => {
  leaving = !unsynced.size;
  if (leaving) { form.elements.seq.value = sent + 1; return; }
  event.preventDefault();
  if (await pumpAll()) form.requestSubmit(event.submitter);
});

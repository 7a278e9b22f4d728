// Saves the draft after a pause in writing, at once when something is chosen; offline it stays on the device.

import { show } from "../common/page.js";
import { enqueue, forget, recall, unsynced } from "../common/queue.js";
import { deliverBy, pump, pumpAll } from "../common/saving.js";
import { draftKey, form, place, written } from "./form.js";
import { meet } from "./others.js";
import { post, troubleOf } from "./posting.js";

const HERE = 0;
const REST = 800;

let known = "";
let resting = 0;
let spoken = Date.now();
let earlier = false;
let leaving = false;

function note() {
  clearTimeout(resting);
  const now = written();
  if (now === known) return;
  known = now;
  enqueue(HERE, now);
}

export function saveNow() {
  note();
  return pumpAll();
}

async function deliver(where, packet) {
  let answer;
  try {
    answer = await post(`${packet.controls}&at=${place()}`);
  } catch {
    return { reason: "no connection" };
  }
  return take(where, packet, answer.status, answer.reply);
}

function take(where, packet, status, reply) {
  if (reply && (status === 200 || reply.conflicts)) return saved(where, packet, reply);
  if (status === 409 && reply?.error.includes("same moment")) return { reason: "others saved at the same moment" };
  if (!reply || ![404, 409, 413, 422].includes(status)) return troubleOf(status);
  unsynced.delete(where); // it stays in the form and on the device
  show("failed", reply.error, { aloud: true });
  return null;
}

function saved(where, packet, reply) {
  forget(where, packet);
  const untouched = known === written();
  if (earlier && untouched) { location.reload(); return null; }
  earlier = false;
  meet(reply);
  if (untouched) known = written();
  if (unsynced.size) return null;
  if (reply.conflicts.length) atOdds(); else tell(reply.saved_at);
  document.dispatchEvent(new Event("draft-saved"));
  return null;
}

function atOdds() {
  const link = ["See both texts", form.dataset.conflict];
  show("failed", "Somebody else changed the same words. Both texts are kept.", { link, aloud: true });
}

function tell(time) {
  const aloud = Date.now() - spoken > 60000;
  if (aloud) spoken = Date.now();
  show("saved", "Draft saved", { time, aloud });
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
form.addEventListener("submit", async (event) => {
  note();
  leaving = !unsynced.size;
  if (leaving) return;
  event.preventDefault();
  if (await pumpAll()) form.requestSubmit(event.submitter);
});
addEventListener("pageshow", () => { leaving = false; });

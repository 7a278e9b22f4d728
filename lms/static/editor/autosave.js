// Saves the draft after a pause in writing, at once when something is chosen; offline it stays on the device.

import { show } from "../common/page.js";
import { enqueue, forget, recall, unsynced } from "../common/queue.js";
import { deliverBy, pump, pumpAll } from "../common/saving.js";
import { ask } from "../common/server.js";
import { draftKey, form, place, written } from "./form.js";
import { meet } from "./others.js";

const HERE = 0;
const REST = 800;

let known = "";
let resting = 0;
let spoken = 0;
let earlier = false;

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
  const token = form.elements.csrf_token.value;
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token };
  let page;
  let reply = null;
  try {
    page = await ask(form.action, headers, { method: "POST", body: `${packet.controls}&at=${place()}` });
    if (page.headers.get("Content-Type")?.startsWith("application/json")) reply = await page.json();
  } catch {
    return { reason: "no connection" };
  }
  return take(where, packet, page.status, reply);
}

function take(where, packet, status, reply) {
  if (reply && (status === 200 || reply.conflicts)) return saved(where, packet, reply);
  if (status === 409 && reply?.error.includes("same moment")) return { reason: "others saved at the same moment" };
  if (reply && [404, 409, 413, 422].includes(status)) return refused(where, reply.error);
  if (status === 403) return { reason: "this page is too old", link: ["Reload", location.href.split("#")[0]] };
  if (status >= 429) return { reason: "the server does not answer" };
  return { reason: "you are signed out", link: ["Sign in", form.dataset.signIn] };
}

function saved(where, packet, reply) {
  forget(where, packet);
  const untouched = known === written();
  if (earlier && untouched) { location.reload(); return null; }
  earlier = false;
  meet(reply);
  if (untouched) known = written();
  if (unsynced.size) return null;
  if (reply.conflicts.length) {
    const link = ["See both texts", form.dataset.conflict];
    show("failed", "Somebody else changed the same words. Both texts are kept.", { link, aloud: true });
    return null;
  }
  const aloud = Date.now() - spoken > 60000;
  if (aloud) spoken = Date.now();
  show("saved", "Draft saved", { time: reply.saved_at, aloud });
  document.dispatchEvent(new Event("draft-saved"));
  return null;
}

// What the server will not take stays in the form and on the device.
function refused(where, error) {
  unsynced.delete(where);
  show("failed", error, { aloud: true });
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
  clearTimeout(resting);
  resting = setTimeout(saveNow, REST);
});
form.addEventListener("change", ({ target }) => { if (target.type !== "textarea") saveNow(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState !== "visible") saveNow(); });
form.addEventListener("submit", () => clearTimeout(resting));

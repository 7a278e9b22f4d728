// Sends answers; and what a reply of the server means, for the page and for what the device keeps.

import { resync, secondsLeft } from "./clock.js";
import { complain, record, section, write } from "./items.js";
import { all, show } from "../common/page.js";
import { attempt, form } from "./page.js";
import { deliverBy } from "../common/saving.js";
import { send } from "../common/server.js";
import { forget, unsynced } from "../common/queue.js";
import { mark } from "./rail.js";

let closed = false;
let spoken = 0;

export const isClosed = () => closed;

// Returns why the packet has to be sent again, with a way out if there is one; null if it has not.
function take(position, packet, { status, reply }) {
  const same = reply?.seq === packet.seq;
  if (status === 200 && same) return saved(position, packet, reply);
  if (status === 409 && same) return tooLate(position, packet, reply);
  if (status === 422 && reply) return refused(position, packet, reply.error);
  if (status === 404 && reply) return refused(position, packet, "This item is not part of your attempt.");
  if (status === 403) return { reason: "this page is too old", link: ["Reload", location.href.split("#")[0]] };
  if (status >= 429) return { reason: "the server does not answer" };
  return { reason: "you are signed out", link: ["Sign in", attempt.signIn] };
}

function saved(position, packet, reply) {
  forget(position, packet);
  const was = record(position);
  const known = Number(was?.dataset.revision ?? reply.revision - 1);
  const counts = reply.stored ?? packet.controls;
  if (was) {
    was.value = JSON.stringify(counts);
    was.dataset.revision = reply.revision;
  }
  if (reply.stored && was && !unsynced.has(position)) write(position, reply.stored);
  mark(position, counts);
  resync(reply.deadline_in);
  const elsewhere = reply.stored ? `Item ${position} was changed on another page later; that change counts. Saved`
    : reply.other_tab && reply.revision > known + 1 && "Another tab changed this item too; this change counts. Saved";
  const aloud = Boolean(elsewhere) || Date.now() - spoken > 60000;
  if (aloud) spoken = Date.now();
  if (!unsynced.size) show("saved", elsewhere || "Saved", { time: reply.saved_at, aloud });
  return null;
}

function refused(position, packet, message) {
  forget(position, packet);
  complain(position, message);
  show("failed", `Item ${position} is not saved: ${message}`, { aloud: true });
  return null;
}

function tooLate(position, packet, reply) {
  if (!reply.locked) {
    closed = true;
    for (const set of all("fieldset")) set.disabled = true;
  }
  if (section(position)) write(position, reply.stored);
  if (reply.locked) return refused(position, packet, reply.error);
  if (reply.frozen) { unsynced.delete(position); secondsLeft(); } else forget(position, packet);
  show("failed", reply.error, { link: ["Result", attempt.result], aloud: true });
  return null;
}

deliverBy(async (position, packet) => {
  const token = form.elements.csrf_token.value;
  let answer;
  try {
    answer = await send(attempt.saveTo + position, packet, token, { keepalive: true });
  } catch {
    return { reason: "no connection" };
  }
  return take(position, packet, answer);
});

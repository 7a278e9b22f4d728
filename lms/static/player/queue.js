// The answers that the server has not acknowledged yet: position -> packet; the same on the device.

import { answerKey, keep, kept, keysFrom, positionIn, settle } from "../common/device.js";
import { attempt } from "./page.js";

export const unsynced = new Map();

const keyOf = (position) => answerKey(attempt.attempt, position);
const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
let seq = 0;

export function enqueue(position, controls) {
  seq += 1;
  const packet = { tab, seq, controls, at: Date.now() };
  unsynced.set(position, packet);
  keep(keyOf(position), packet);
}

export function forget(position, packet) {
  if (unsynced.get(position) === packet) unsynced.delete(position);
  settle(keyOf(position), packet);
}

// The others go first: what holds this one up may not hold them up.
export function postpone(position) {
  const packet = unsynced.get(position);
  unsynced.delete(position);
  unsynced.set(position, packet);
}

// What an earlier page could not send.
export function recall() {
  for (const key of keysFrom(keyOf(""))) {
    const packet = kept(key);
    if (packet?.controls) unsynced.set(positionIn(key), packet);
  }
}

// What the server has not acknowledged yet: place on the page -> packet; the same on the device.

import { keep, kept, keysFrom, positionIn, settle } from "./device.js";

export const unsynced = new Map();

const tab = crypto.getRandomValues(new Uint32Array(3)).join("-");
let seq = 0;
let keyOf = null;

export function enqueue(place, controls) {
  seq += 1;
  const packet = { tab, seq, controls, at: Date.now() };
  unsynced.set(place, packet);
  keep(keyOf(place), packet);
}

export function forget(place, packet) {
  if (unsynced.get(place) === packet) unsynced.delete(place);
  settle(keyOf(place), packet);
}

// What an earlier page could not send. *key* says under which key the device keeps a place; all begin with that of "".
export function recall(key) {
  keyOf = key;
  for (const each of keysFrom(key(""))) {
    const packet = kept(each);
    if (packet?.controls) unsynced.set(positionIn(each), packet);
  }
}

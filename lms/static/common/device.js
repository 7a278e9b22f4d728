// What this device keeps of an attempt, so that it outlives the page. Pages of an earlier edition
// left it under the same keys in the same shape, and may still be open: both stay as they are.

export const answerKey = (attempt, position = "") => `rounds:${attempt}:${position}`;
export const ruledOutKey = (attempt, position = "") => `rounds-out:${attempt}:${position}`;
export const positionIn = (key) => Number(key.split(":")[2]);

export function keep(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: memory has it */ }
}

export function kept(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

export function drop(key) {
  try { localStorage.removeItem(key); } catch { /* nothing to erase */ }
}

export function keysFrom(start) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(start)); } catch { return []; }
}

// Drops what the server has acknowledged, but not what was kept under the same key since.
export function settle(key, packet) {
  const stored = kept(key);
  if (stored && stored.tab === packet.tab && stored.seq === packet.seq) drop(key);
}

// The clock: the server's time left, counted down from when it was said. The server is asked each
// minute, and when the page comes into view: more time may have been given, or the attempt frozen,
// from another page or by a director. And when the device's own clock was set, or stood still in sleep.

import { statusAt } from "../common/server.js";
import { find, say } from "../common/page.js";
import { attempt } from "./page.js";

const LONG = 12 * 3600;
const clock = find("[data-clock]");
let ends = 0;
let heard = Infinity;
let drift = Date.now() - performance.now();

export function resync(seconds) { ends = Date.now() + seconds * 1000; }

// 0 once the attempt is closed. While its clock stands, the case is covered: the page leaves for that of all items.
export async function secondsLeft() {
  try {
    const { state, deadline_in: left, frozen } = await statusAt(attempt.status);
    resync(left);
    if (frozen) location.assign(attempt.status.replace("/status", ""));
    return state === "in_progress" ? left : 0;
  } catch {
    return 1;  // no connection: asked again, and the sweep does not wait for this page
  }
}

const two = (n) => String(n).padStart(2, "0");

function look(timeIsUp) {
  const drifted = Date.now() - performance.now();
  if (Math.abs(drifted - drift) > 2000) {
    drift = drifted;
    secondsLeft();
  }
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  if (left > LONG) return;
  tell(left);
  if (left === 0) timeIsUp();
}

function tell(left) {
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  find("[data-clock-text]").textContent = h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
  clock.classList.toggle("low", left <= 300);
  const threshold = [60, 300, 600].find((limit) => left <= limit);
  if (threshold < heard && left > 0 && (heard !== Infinity || left > threshold - 5)) {
    say(`${threshold / 60} ${threshold === 60 ? "minute" : "minutes"} left.`);
  }
  heard = threshold ?? 3600;
}

// `timeIsUp` is called at every look at a clock that stands at zero.
export function startClock(timeIsUp) {
  resync(clock.dataset.secondsLeft);
  if (ends > Date.now()) {
    document.addEventListener("visibilitychange", () => document.hidden || secondsLeft());
    setInterval(secondsLeft, 60000);
    setInterval(look, 1000, timeIsUp);
    look(timeIsUp);
  }
}

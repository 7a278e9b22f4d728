// The clock: the server's time left, counted down from when it was said. The device's own clock
// may be set, or stand still in sleep: then the server is asked.

import { statusAt } from "../common/server.js";
import { find, say } from "../common/page.js";
import { attempt } from "./page.js";

const LONG = 12 * 3600;
const clock = find("[data-clock]");
let ends = 0;
let heard = Infinity;
let drift = Date.now() - performance.now();

export function resync(seconds) { ends = Date.now() + seconds * 1000; }

// 0 once the attempt is closed; null while its clock stands.
export async function secondsLeft() {
  try {
    const { state, deadline_in: left, frozen } = await statusAt(attempt.status);
    resync(left);
    if (frozen) return null;
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
  const tick = () => look(timeIsUp);
  const left = Number(clock.dataset.secondsLeft);
  resync(left);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") tick(); });
  if (left > 0) {
    setInterval(tick, 1000);
    tick();
  }
}

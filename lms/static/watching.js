// The page of an assignment: renews who is where while somebody looks at it. Without it a link refreshes the page.

import { find, say } from "./common/page.js";
import { draw } from "./watching/rows.js";

const EVERY = 15000;
const LONGEST = 120000;
const SPOKEN_EVERY = 60000;

const part = find("[data-watch]");
const asOf = find("[data-as-of]");
const refresh = find("[data-refresh]");
let tag = `"${part.dataset.tag}"`;
let told = asOf.textContent.replaceAll(/^As of |\.$/gu, "");
let spoken = -SPOKEN_EVERY;
let pause = EVERY;
let looks = false;
let next;

function tell(text, { failed = false } = {}) {
  asOf.textContent = text;
  refresh.hidden = !failed;
}

// Only what has changed is said aloud, at most once a minute.
function speak() {
  if (performance.now() - spoken < SPOKEN_EVERY) return;
  spoken = performance.now();
  say(`As of ${told}.`);
}

// The tag is sent back as it came: a proxy that packs pages marks it as weak.
async function renew() {
  const page = await fetch(part.dataset.watch, {
    headers: { "If-None-Match": tag }, redirect: "error", signal: AbortSignal.timeout?.(10000),
  });
  if (!page.ok && page.status !== 304) throw new Error(page.status);
  const text = page.ok && await page.text();
  told = page.headers.get("As-Of") ?? told;
  if (page.ok) {
    draw(part, text);
    tag = page.headers.get("ETag") ?? tag;
    speak();
  }
  tell(`As of ${told}. Renewed every 15 s while this page is open.`);
}

async function attempt() {
  try {
    await renew();
    pause = EVERY;
  } catch {
    if (pause === EVERY) say(`Not renewed since ${told}.`);
    tell(`Not renewed since ${told}.`, { failed: true });
    pause = Math.min(pause * 2, LONGEST);
  }
}

// One look at a time, and none while nobody sees the page.
async function look() {
  clearTimeout(next);
  if (looks || document.hidden) return;
  looks = true;
  await attempt();
  looks = false;
  next = setTimeout(look, pause);
}

tell(`As of ${told}. Renewed every 15 s while this page is open.`);
next = setTimeout(look, EVERY);
document.addEventListener("visibilitychange", look);

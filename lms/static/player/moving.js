// Moving on and handing in: first everything is saved, then the form goes its plain way.

import { settleAll, typing } from "./changes.js";
import { secondsLeft, startClock } from "./clock.js";
import { show } from "../common/page.js";
import { answers, attempt, submission } from "./page.js";
import { unsynced } from "../common/queue.js";
import { isClosed } from "./replies.js";
import { pumpAll } from "../common/saving.js";

let handingIn = false;
let asking = false;

function flush() {
  settleAll();
  return pumpAll();
}

async function holdBack(event) {
  const form = event.currentTarget;
  const button = event.submitter;
  if (button?.dataset.go || (!unsynced.size && !typing.size)) { handingIn = form === submission; return; }
  event.preventDefault();
  if (!(await flush())) return;
  if (isClosed()) { location.assign(attempt.result); return; }
  if (button) { button.dataset.go = "1"; form.requestSubmit(button); delete button.dataset.go; }
  else { handingIn = true; form.submit(); }
}

// The device's clock may be wrong: before anything is handed in, the server is asked.
async function timeIsUp() {
  if (isClosed() || handingIn || asking) return;
  asking = true;
  const left = (await flush()) ? await secondsLeft() : 1;
  if (left > 0) { setTimeout(() => { asking = false; }, 3000); return; }
  handingIn = true;
  show("saving", "Time is up. Handing in what is saved.", { aloud: true });
  setTimeout(() => submission.submit(), Math.random() * 3000);
}

answers?.addEventListener("submit", holdBack);
submission?.addEventListener("submit", holdBack);
addEventListener("beforeunload", (event) => { if (unsynced.size && !handingIn) event.preventDefault(); });
startClock(timeIsUp);

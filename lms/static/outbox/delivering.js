// Sends what this device keeps of any attempt, and says on home what came of it.

import { kept, keysFrom, positionIn, settle } from "../common/device.js";
import { send } from "../common/server.js";

const PAUSE = 15000;
const { person, saveTo, token } = document.querySelector("[data-outbox]").dataset;
const note = document.querySelector("[data-outbox-note]");
const came = { 200: 0, 409: 0, 422: 0 };
const foreign = new Set(remembered());
let sending = null;
let again = 0;

const attemptIn = (key) => key.split(":")[1];
const all = () => keysFrom("rounds:");
const mine = () => all().filter((key) => !foreign.has(attemptIn(key)));

// How many answers are on this device, be they another person's.
export const left = () => all().length;

// Whose answers these are, only the server knows: another person may have signed in on this device.
function remembered() {
  try { return JSON.parse(sessionStorage.getItem(`rounds-foreign:${person}`)) ?? []; } catch { return []; }
}

function leaveAlone(attempt) {
  foreign.add(attempt);
  try { sessionStorage.setItem(`rounds-foreign:${person}`, JSON.stringify([...foreign])); } catch { /* asked again */ }
}

export function deliver() {
  clearTimeout(again);
  sending ??= work().finally(() => {
    sending = null;
    tell();
    if (mine().length) again = setTimeout(deliver, PAUSE);
  });
  return sending;
}

async function work() {
  tell();
  for (const key of mine()) {
    const packet = kept(key);
    if (!packet?.controls || foreign.has(attemptIn(key))) continue;
    try {
      const { status, reply } = await send(addressOf(key), packet, token);
      if (status === 404 && reply) leaveAlone(attemptIn(key));
      if (!(status in came) || !reply || reply.frozen) continue;
      came[status] += 1;
      settle(key, packet);
    } catch { return; /* no connection: later again */ }
  }
}

const addressOf = (key) => saveTo.replace("/0/", `/${attemptIn(key)}/`).replace(/0$/u, positionIn(key));
const answers = (n) => `${n} ${n === 1 ? "answer" : "answers"}`;
const verb = (n) => (n === 1 ? "is" : "are");

function tell() {
  if (!note) return;
  const n = mine().length;
  const said = [
    n && `${answers(n)} ${verb(n)} still on this device, to be sent as soon as that is possible.`,
    came[200] && `${answers(came[200])} kept on this device ${verb(came[200])} saved now.`,
    came[409] && `${answers(came[409])} came too late and ${verb(came[409])} kept apart for the program director.`,
    came[422] && `${answers(came[422])} could not be taken; All items of the quiz says why.`,
  ].filter(Boolean).join(" ");
  if (note.textContent !== said) note.textContent = said;
  note.hidden = !said;
}

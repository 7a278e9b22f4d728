// Saves answers as they are given, keeps what the server has not acknowledged on this device,
// and shows the time left. Without it the pages work as plain forms.

const answers = document.querySelector("#answer-form");
const submission = document.querySelector("#submit-form");
const data = (answers || submission).dataset;
const prefix = `rounds:${data.attempt}:`;
const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const live = find("[data-live]");

// What is not acknowledged yet: position -> packet; the same on the device, so that it outlives the page.
const unsynced = new Map();
const device = {
  keep(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: memory has it */ } },
  read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing to erase */ } },
  keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};
let seq = 0;
let sending = null;
let failures = 0;
let retry = 0;
let spoken = 0;
let closed = false;
let handingIn = false;

function say(text) {
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

function show(state, text, { time = "", link = null, aloud = false } = {}) {
  const box = find("[data-save]");
  box.dataset.state = state;
  const words = find("[data-save-text]", box);
  if (words.firstChild?.data !== text || link) words.replaceChildren(text);
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link[1], textContent: link[0] });
    words.append(" ", anchor);
  }
  find("[data-save-time]", box).textContent = time;
  if (aloud) say(text);
}

// Items on the page

const section = (position) => find(`[data-item="${position}"]`);
const record = (position) => answers?.elements[`was-${position}`];

function read(position) {
  const tail = `-${position}`;
  const controls = {};
  for (const [name, value] of new FormData(answers)) {
    if (!name.endsWith(tail) || name === `was${tail}` || !value.trim()) continue;
    (controls[name.slice(0, -tail.length)] ??= []).push(value);
  }
  return controls;
}

function write(position, controls) {
  for (const input of all("[name]", section(position))) {
    const held = controls[input.name.slice(0, -`-${position}`.length)] ?? [];
    if (input.type === "radio" || input.type === "checkbox") input.checked = held.includes(input.value);
    else input.value = held[0] ?? "";
  }
  paint(section(position));
}

const told = (controls) => JSON.stringify(Object.entries(controls).sort());

function mark(position, controls) {
  const chip = find(`[data-chip="${position}"]`);
  if (!chip) return;
  const answered = Object.keys(controls).some((name) => !["flag", "confidence", "unit"].includes(name));
  chip.classList.toggle("answered", answered);
  chip.classList.toggle("flagged", "flag" in controls);
  const says = [chip.ariaCurrent && "current", answered ? "answered" : "open", controls.flag && "flagged"];
  all(".vh", chip).at(-1).textContent = `, ${says.filter(Boolean).join(", ")}`;
  const line = find("[data-progress]");
  if (!line) return;
  line.value = all(".chip.answered").length - all(".chip.mini.answered").length;
  line.setAttribute("aria-label", `${line.value} of ${line.max} items answered`);
}

function complain(position, message) {
  const root = section(position);
  if (!root) return;
  let note = find(".error", root);
  if (!note && message) {
    note = Object.assign(document.createElement("p"), { className: "error", id: `item-${position}-error` });
    find("legend", root).after(note);
  }
  if (message) note.textContent = message; else note?.remove();
  for (const input of all(".control", root)) {
    input.toggleAttribute("aria-invalid", false);
    if (message) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
    }
  }
}

// Saving

function change(position) {
  if (!record(position)) return;
  const controls = read(position);
  const before = unsynced.get(position)?.controls ?? JSON.parse(record(position).value);
  if (told(controls) === told(before)) return;
  seq += 1;
  const packet = { tab, seq, controls, at: Date.now() };
  unsynced.set(position, packet);
  device.keep(prefix + position, packet);
  complain(position, "");
  pump();
}

function forget(position, packet) {
  if (unsynced.get(position) === packet) unsynced.delete(position);
  const kept = device.read(prefix + position);
  if (kept && kept.tab === packet.tab && kept.seq === packet.seq) device.drop(prefix + position);
}

function pump() {
  clearTimeout(retry);
  sending ??= work().finally(() => {
    sending = null;
    if (unsynced.size && !failures) pump();
  });
  return sending;
}

async function work() {
  while (unsynced.size) {
    const [position, packet] = unsynced.entries().next().value;
    show("saving", "Saving");
    const done = await deliver(position, packet);
    if (!done) {
      failures += 1;
      const latest = unsynced.get(position);
      unsynced.delete(position);
      unsynced.set(position, latest);
      const pause = Math.min(1000 * 2 ** (failures - 1), 15000) * (0.75 + Math.random() / 2);
      clearTimeout(retry);
      retry = setTimeout(pump, pause);
      return;
    }
    failures = 0;
  }
}

async function deliver(position, packet) {
  const url = data.saveTo + position;
  const token = find('[name="csrf_token"]', answers || submission).value;
  let page;
  let reply;
  try {
    page = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...packet, age: Math.max(0, Date.now() - packet.at) || 0 }),
      redirect: "manual",
      keepalive: true,
      signal: AbortSignal.timeout?.(10000),
    });
    reply = (page.headers.get("Content-Type") || "").startsWith("application/json") ? await page.json() : null;
  } catch {
    return unsaved("no connection");
  }
  if (page.status === 200 && reply?.seq === packet.seq) return saved(position, packet, reply);
  if (page.status === 409 && reply?.seq === packet.seq) return tooLate(position, packet, reply);
  if (page.status === 422 && reply) return refused(position, packet, reply.error);
  if (page.status === 404 && reply) return refused(position, packet, "This item is not part of your attempt.");
  if (page.status === 403) return unsaved("this page is too old", ["Reload", location.href.split("#")[0]]);
  if (page.status >= 429) return unsaved("the server does not answer");
  return unsaved("you are signed out", ["Sign in", data.signIn]);
}

function unsaved(reason, link = null) {
  show("failed", `Not saved: ${reason}. Kept on this device; we will retry.`, { link, aloud: failures % 5 === 0 });
  return false;
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
  return true;
}

function refused(position, packet, message) {
  forget(position, packet);
  complain(position, message);
  show("failed", `Item ${position} is not saved: ${message}`, { aloud: true });
  return true;
}

function tooLate(position, packet, reply) {
  forget(position, packet);
  if (reply.locked) {
    if (section(position)) write(position, reply.stored);
    return refused(position, packet, reply.error);
  }
  closed = true;
  for (const set of all("fieldset")) set.disabled = true;
  if (section(position)) write(position, reply.stored);
  show("failed", reply.error, { link: ["Result", data.result], aloud: true });
  return true;
}

async function flush() {
  for (const timer of typing.values()) clearTimeout(timer);
  for (const position of [...typing.keys()]) settle(position);
  do await pump(); while (unsynced.size && !failures);
  return !unsynced.size;
}

// Typing is saved after a pause, choosing at once

const typing = new Map();

function settle(position) {
  clearTimeout(typing.get(position));
  typing.delete(position);
  change(position);
}

function positionOf(target) {
  return Number(target.closest("[data-item]")?.dataset.item);
}

answers?.addEventListener("input", ({ target }) => {
  const position = positionOf(target);
  if (!position || target.type === "radio" || target.type === "checkbox" || target.tagName === "SELECT") return;
  clearTimeout(typing.get(position));
  typing.set(position, setTimeout(settle, 600, position));
});
answers?.addEventListener("change", ({ target }) => { if (positionOf(target)) settle(positionOf(target)); });

// Moving on: first everything is saved, then the form goes its plain way

function holdBack(form) {
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.dataset.go || (!unsynced.size && !typing.size)) { handingIn = form === submission; return; }
    event.preventDefault();
    if (!(await flush())) return;
    if (closed) { location.assign(data.result); return; }
    const button = event.submitter;
    if (button) { button.dataset.go = "1"; form.requestSubmit(button); delete button.dataset.go; }
    else { handingIn = true; form.submit(); }
  });
}
if (answers) holdBack(answers);
if (submission) holdBack(submission);
addEventListener("beforeunload", (event) => { if (unsynced.size && !handingIn) event.preventDefault(); });
addEventListener("online", pump);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") tick();
  else for (const position of [...typing.keys()]) settle(position);
});

// The clock: the server's time left, counted down from when it was said. The device's own clock
// may be set, or stand still in sleep: then, and before anything is handed in, the server is asked.

const clock = find("[data-clock]");
const LONG = 12 * 3600;
let ends = 0;
let heard = Infinity;
let asking = false;
let drift = Date.now() - performance.now();

function resync(seconds) { ends = Date.now() + seconds * 1000; }

function tick() {
  const drifted = Date.now() - performance.now();
  if (Math.abs(drifted - drift) > 2000) {
    drift = drifted;
    secondsLeft();
  }
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  if (left > LONG) return;
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (n) => String(n).padStart(2, "0");
  find("[data-clock-text]").textContent = h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
  clock.classList.toggle("low", left <= 300);
  const threshold = [60, 300, 600].find((limit) => left <= limit);
  if (threshold < heard && left > 0) {
    if (heard !== Infinity || left > threshold - 5) say(`${threshold / 60} ${threshold === 60 ? "minute" : "minutes"} left.`);
  }
  heard = threshold ?? 3600;
  if (left === 0 && !closed && !handingIn && !asking) timeIsUp();
}

async function timeIsUp() {
  asking = true;
  const over = (await flush()) && (await secondsLeft()) <= 0;
  if (!over) { setTimeout(() => { asking = false; }, 3000); return; }
  handingIn = true;
  show("saving", "Time is up. Handing in what is saved.", { aloud: true });
  setTimeout(() => submission.submit(), Math.random() * 3000);
}

async function secondsLeft() {
  try {
    const page = await fetch(data.status, { headers: { Accept: "application/json" }, redirect: "manual" });
    const { state, deadline_in } = await page.json();
    resync(deadline_in);
    return state === "in_progress" ? deadline_in : 0;
  } catch {
    return 1;  // no connection: asked again, and the sweep does not wait for this page
  }
}

resync(Number(clock.dataset.secondsLeft));
if (Number(clock.dataset.secondsLeft) > 0) {
  setInterval(tick, 1000);
  tick();
}

// Ruling out, remembered on this device only

function offerRuleOut(input) {
  const position = positionOf(input);
  const key = `rounds-out:${data.attempt}:${position}`;
  const letter = input.dataset.letter;
  const option = input.closest(".opt");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "rule", ariaLabel: `Rule out ${letter}` });
  button.append(Object.assign(document.createElement("s"), { textContent: "S" }));
  const set = (out) => {
    option.classList.toggle("out", out);
    button.ariaPressed = String(out);
  };
  set((device.read(key) ?? []).includes(letter));
  button.addEventListener("click", () => {
    set(button.ariaPressed !== "true");
    const out = all(".opt.out [data-letter]", section(position)).map((each) => each.dataset.letter);
    if (out.length) device.keep(key, out); else device.drop(key);
  });
  option.append(button);
}
all("[data-item] [data-letter]").filter((input) => !input.matches(":disabled")).forEach(offerRuleOut);

// A place on a picture is the same answer as its line in the list

function paint(root) {
  for (const area of all("[data-chooses]", root)) {
    area.classList.toggle("chosen", document.getElementById(area.dataset.chooses).checked);
  }
}

answers?.addEventListener("click", ({ target }) => {
  const area = target.closest("[data-chooses]");
  if (area) document.getElementById(area.dataset.chooses).click();
});
answers?.addEventListener("change", ({ target }) => { if (positionOf(target)) paint(section(positionOf(target))); });

// Letters choose, but only while the focus is in the options

answers?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".opt")) return;
  const wanted = find(`[data-letter="${CSS.escape(event.key.toUpperCase())}"]`, event.target.closest("fieldset"));
  if (!wanted || event.key.length !== 1) return;
  event.preventDefault();
  wanted.focus();
  wanted.click();
});

// A text box is shown whole, not only the line with the cursor: the bar at the foot would cover it

answers?.addEventListener("focusin", ({ target }) => {
  if (target.tagName === "TEXTAREA") target.scrollIntoView({ block: "nearest" });
});

// A second tab is told, and tells the first

if (answers && "BroadcastChannel" in window) {
  const channel = new BroadcastChannel(prefix);
  const tell = () => say("This quiz is open in another tab too. The last change to an item counts.");
  channel.onmessage = ({ data: word }) => {
    tell();
    if (!find("[data-second]")) {
      const note = Object.assign(document.createElement("p"), { className: "notice warn", textContent: "This quiz is open in another tab too. The last change to an item counts." });
      note.dataset.second = "1";
      answers.prepend(note);
    }
    if (word === "hello") channel.postMessage("here");
  };
  channel.postMessage("hello");
}

// What an earlier page could not send goes first

for (const key of device.keys()) {
  const position = Number(key.slice(prefix.length));
  const packet = device.read(key);
  if (!packet?.controls) continue;
  unsynced.set(position, packet);
  if (record(position)) write(position, packet.controls);
}
if (unsynced.size) pump();

// Choosing of many: while somebody types, the form is sent to be looked up, and what was found takes the list's place.
// Without it the button does the same with the whole page.

const PAUSE = 250;

function chosenIn(list) {
  return [...list.querySelectorAll("input:checked")].map((each) => each.value).join("\n");
}

function replaced(field, found, said) {
  const list = field.querySelector("[data-found]");
  const held = list.contains(document.activeElement) ? document.activeElement.value : null;
  list.replaceWith(document.importNode(found, true));
  field.querySelector("[data-said]").textContent = said;
  if (held === null) return;
  const inputs = [...field.querySelectorAll("[data-found] input:not([type=hidden])")];
  (inputs.find((each) => each.value === held) ?? inputs[0] ?? field).focus();
}

async function look(field, words, signal) {
  const { form } = words;
  const body = new URLSearchParams(new FormData(form));
  body.set(`${field.dataset.chooser}-find`, "1");
  const before = chosenIn(field);
  const page = await fetch(form.getAttribute("action") ?? location.href, { method: "POST", body, signal });
  if (!page.ok) return;
  const answer = new DOMParser().parseFromString(await page.text(), "text/html").getElementById(field.id);
  const found = answer?.querySelector("[data-found]");
  if (!found) return;
  if (chosenIn(field) !== before) { await look(field, words, signal); return; } // chosen meanwhile
  replaced(field, found, answer.querySelector("[data-said]").textContent);
}

function watch(field) {
  const words = field.querySelector("[type=search]");
  let running = new AbortController();
  let timer = 0;
  const begin = (pause) => {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    timer = setTimeout(() => look(field, words, signal).catch(() => { /* the button is there */ }), pause);
  };
  words.addEventListener("input", () => begin(PAUSE));
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    begin(0);
  });
  field.querySelector(".find .btn").addEventListener("click", (event) => {
    event.preventDefault();
    begin(0);
  });
}

for (const chooser of document.querySelectorAll("[data-chooser]")) watch(chooser);

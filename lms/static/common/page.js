// A page that saves: its parts, its save state, and what it says aloud.

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

export function say(text) {
  const live = find("[data-live]");
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

// The save state, at the top.
export function show(state, text, { time = "", link = null, aloud = false } = {}) {
  const box = find("[data-save]");
  box.dataset.state = state;
  const words = find("[data-save-text]", box);
  if (words.firstChild?.data !== text || link) words.replaceChildren(text);
  if (link) words.append(" ", make("a", { href: link[1], textContent: link[0] }));
  find("[data-save-time]", box).textContent = time;
  if (aloud) say(text);
}

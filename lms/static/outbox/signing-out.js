// Signing out erases what this device keeps. So it first sends what waits; if that cannot be, it asks.

import { deliver, left } from "./delivering.js";

for (const form of document.querySelectorAll("[data-signs-out]")) {
  let asked = false;
  form.addEventListener("submit", async (event) => {
    if (asked || !left()) return;
    event.preventDefault();
    await deliver();
    const n = left();
    if (!n) { form.submit(); return; }
    asked = true;
    const textContent = `${n} ${n === 1 ? "answer is" : "answers are"} still on this device: not sent, `
      + `or another person’s. Signing out erases ${n === 1 ? "it" : "them"}.`;
    form.prepend(Object.assign(document.createElement("p"), { className: "small", role: "alert", textContent }));
    form.querySelector("button").textContent = "Sign out and erase";
  });
}

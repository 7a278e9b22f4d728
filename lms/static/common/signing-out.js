// Signing out erases what this device keeps: what waits is sent first, and what cannot be sent is told and asked about.

// *told* says what is kept, in words and links; nothing, if nothing is.
export function askBefore(send, told) {
  for (const form of document.querySelectorAll("[data-signs-out]")) {
    let asked = false;
    form.addEventListener("submit", async (event) => {
      if (asked || !told().length) return;
      event.preventDefault();
      await send();
      const said = told();
      if (!said.length) { form.submit(); return; }
      asked = true;
      form.prepend(Object.assign(document.createElement("p"), { className: "small", role: "alert" }));
      form.firstChild.append(...said);
      form.querySelector("button").textContent = "Sign out and erase";
    });
  }
}

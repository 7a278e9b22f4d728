// The finder: "/" leads to its words, as long as nobody types elsewhere; and how many are chosen.

const words = document.querySelector("[data-slash]");
const choosing = document.querySelector("[data-choosing]");

function types(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !words) return;
  if (types(event.target) && event.target.type !== "checkbox") return;
  event.preventDefault();
  words.focus();
  words.select();
});

function count() {
  const chosen = choosing.querySelectorAll("[name=case]:checked").length;
  choosing.querySelector("[data-count]").textContent = chosen ? `, ${chosen}` : "";
}

if (choosing) {
  choosing.addEventListener("change", count);
  addEventListener("pageshow", count);
}

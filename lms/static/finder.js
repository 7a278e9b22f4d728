// The finder: "/" leads to its words, as long as nobody types elsewhere. Without it Tab does.

const words = document.querySelector("[data-slash]");

function types(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !words) return;
  if (types(event.target)) return;
  event.preventDefault();
  words.focus();
  words.select();
});

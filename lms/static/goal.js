// A goal that is being written: what the product will read of it, as the fields stand.

const [about, items, right, day] = ["about", "items", "right", "day"].map((name) =>
  document.querySelector(`[data-goal="${name}"]`),
);
const reading = document.querySelector("[data-reading]");
const reads = reading?.querySelector("[data-reads]");
const supply = reading?.querySelector("[data-supply]");

function said() {
  const kind = about.selectedOptions[0]?.dataset.kind;
  const [count, wanted] = [items, right].map((field) => Number(field.value));
  if (!kind || !day.value || !(count >= wanted && wanted >= 1)) return "";
  const by = new Date(`${day.value}T00:00Z`);
  const year = by.getUTCFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const parts = { year, month: "short", day: "numeric", timeZone: "UTC" };
  const named = by.toLocaleDateString("en-US", parts);
  return `${count} ${kind}, ${wanted === count ? "all" : wanted} right, by ${named}`;
}

function saidOfSupply() {
  const known = Number(about.selectedOptions[0]?.dataset.new);
  const first = `${reading.dataset.newTo.replace("{n}", known)}.`;
  if (known < Number(right.value)) return `${first} ${reading.dataset.unreachable}`;
  return known < Number(items.value) ? `${first} ${reading.dataset.fewer}` : first;
}

function show() {
  const words = said();
  reads.textContent = words || "fill in the fields first";
  if (!supply) return; // how many items there are is not for who reads this page
  supply.hidden = !words;
  if (words) supply.textContent = saidOfSupply();
}

if (reading) {
  for (const field of [about, items, right, day]) field.addEventListener("input", show);
  addEventListener("pageshow", show);
}

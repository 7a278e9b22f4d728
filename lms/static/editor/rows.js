// Rows by keys: Alt and an arrow moves the one in focus, and says where it is now.

import { all, say } from "../common/page.js";
import { saveNow } from "./autosave.js";
import { form, labelOf, rowOf } from "./form.js";

const sameList = (row, other) => other?.matches?.("[data-row]") && other.parentElement === row.parentElement
  && other.id.replace(/[^/]+$/u, "") === row.id.replace(/[^/]+$/u, "");

function neighborOf(row, way) {
  let other = row[way];
  while (other && !sameList(row, other)) other = other[way];
  return other;
}

// Every word of ours that names a row names the other one: labels, hidden words of buttons, its letter. What its
// author wrote is in the row as well, and stays.
function rename(row, from, to) {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.matches("textarea")) continue;
    for (const [was, is] of [[from, to], [capital(from), capital(to)]]) {
      if (data.includes(was)) walker.currentNode.data = data.replace(was, is);
    }
  }
  const marks = [".oedit-line", "summary", ".oedit > .oedit-line"].map((place) => `:scope > ${place} > .letter`);
  for (const mark of all(marks.join(), row)) mark.textContent = to.split(" ").at(-1);
  row.dataset.row = to;
}

const capital = (words) => words[0].toUpperCase() + words.slice(1);

function move(row, down) {
  const other = neighborOf(row, down ? "nextElementSibling" : "previousElementSibling");
  if (!other || other.matches("section")) return;
  const [mine, theirs] = [labelOf(row), labelOf(other)];
  const focus = document.activeElement;
  if (down) other.after(row); else other.before(row);
  rename(row, mine, theirs);
  rename(other, theirs, mine);
  focus.focus();
  say(`${capital(mine)} is now ${theirs.split(" ").at(-1)}`);
  saveNow();
}

form.addEventListener("keydown", (event) => {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const row = rowOf(event.target);
  if (!row) return;
  event.preventDefault();
  const down = event.key === "ArrowDown";
  if (row.matches("section")) all(`button[value="${down ? "down" : "up"}:${row.id}"]`, row)[0]?.click();
  else move(row, down);
});

// A place on a picture as its corners are: its area, its letter, and the corners themselves while it is in work.

import { all, find } from "../common/page.js";

const SVG = "http://www.w3.org/2000/svg";
const mean = (numbers) => Math.round(numbers.reduce((sum, each) => sum + each, 0) / numbers.length);
const set = (element, own) => { for (const [name, value] of Object.entries(own)) element.setAttribute(name, value); };

export function show(area, corners, letter, chosen) {
  for (const each of all("polygon", area)) each.setAttribute("points", corners.join(" "));
  area.classList.toggle("chosen", chosen);
  area.setAttribute("visibility", corners.length ? "visible" : "hidden");
  mark(area, chosen ? corners : [], letter);
  if (!corners.length) return;
  const [x, y] = [0, 1].map((axis) => mean(corners.map((each) => each[axis])));
  set(find("circle", area), { cx: x, cy: y });
  set(find("text", area), { x, y: y + 8 });
  find("text", area).textContent = letter;
}

function mark(area, corners, letter) {
  const marks = all("[data-corner]", area);
  for (const each of marks.slice(corners.length)) each.remove();
  for (const [nth, [x, y]] of corners.entries()) {
    const corner = marks[nth] ?? document.createElementNS(SVG, "circle");
    const said = `Corner ${nth + 1} of place ${letter}: ${x}, ${y}`;
    set(corner, { cx: x, cy: y, r: 10, tabindex: 0, role: "button", "aria-label": said, "data-corner": nth });
    if (!marks[nth]) area.append(corner);
  }
}

// Corners of places on a picture: a tap puts one, a drag or the arrow keys move one, Delete takes it out.

import { all, find } from "./common/page.js";
import { show } from "./drawing/showing.js";

const REACH = 18;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const controlOf = (name) => document.getElementById(name);

class Drawing {
  held = -1;

  constructor(box) {
    Object.assign(this, { svg: find("svg", box), places: all("[type=radio]", box), acts: find("[data-drawing]", box) });
    this.svg.setAttribute("role", "group");
    this.svg.style.touchAction = "none";
    this.acts.hidden = false;
    (this.places.find(({ value }) => !this.corners(value).length) ?? this.places[0]).checked = true;
    this.listen();
    this.draw();
  }

  listen() {
    for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel", "keydown"]) {
      this.svg.addEventListener(kind, (event) => this[kind](event));
    }
    this.acts.addEventListener("change", () => this.draw());
    find("button", this.acts).addEventListener("click", () => this.put(this.corners().slice(0, -1)));
    for (const { value } of this.places) controlOf(value).addEventListener("input", () => this.draw());
  }

  get chosen() { return this.places.find(({ checked }) => checked).value; }

  corners(name = this.chosen) {
    const found = controlOf(name).value.matchAll(/(\d{1,4})\s*,\s*(\d{1,4})/gu);
    return [...found].map(([, x, y]) => [Number(x), Number(y)]);
  }

  put(corners) {
    const control = controlOf(this.chosen);
    control.value = corners.map((each) => each.join(",")).join(" ");
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  within(point) {
    const { width, height } = this.svg.viewBox.baseVal;
    return point.map((each, axis) => Math.min(Math.max(Math.round(each), 0), [width, height][axis]));
  }

  at({ clientX, clientY }) {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return this.within([x, y]);
  }

  pointerdown(event) {
    if (event.button) return;
    event.preventDefault();
    const [[left, top], corners, reach] = [this.at(event), this.corners(), REACH / this.svg.getScreenCTM().a];
    this.held = corners.findIndex(([x, y]) => Math.hypot(x - left, y - top) < reach);
    if (this.held < 0) this.held = corners.push([left, top]) - 1;
    this.svg.setPointerCapture(event.pointerId);
    this.put(corners);
  }

  pointermove(event) { if (this.held >= 0) this.put(this.corners().with(this.held, this.at(event))); }

  pointerup() { this.held = -1; }

  pointercancel() { this.held = -1; }

  keydown(event) {
    const [nth, way] = [Number(event.target.dataset.corner ?? -1), ARROWS[event.key]];
    if (nth < 0 || event.altKey || !(way || event.key === "Delete")) return;
    event.preventDefault();
    const [corners, step] = [this.corners(), event.shiftKey ? 1 : 5];
    const moved = corners[nth].map((each, axis) => each + (way?.[axis] ?? 0) * step);
    this.put(way ? corners.with(nth, this.within(moved)) : corners.toSpliced(nth, 1));
    find(`[data-corner="${Math.min(nth, this.corners().length - 1)}"]`, this.svg)?.focus();
  }

  draw() {
    for (const area of all("[data-area]", this.svg)) {
      const name = area.dataset.area;
      const letter = find(".letter", controlOf(name).closest("[data-row]")).textContent;
      show(area, this.corners(name), letter, name === this.chosen);
    }
  }
}

for (const box of all("[data-draws]")) Object.seal(new Drawing(box));

// Enlarges a picture where the pointer is: by pinch, wheel, double click and the keys + - 0. Without it there is a
// box that enlarges in one step, and a link to the picture alone.

const [LEAST, STEP, MOST] = [100, 220, 600];

class Zoom {
  percent = LEAST;
  apart = 0;
  fingers = new Map();

  constructor(pane, picture, box) {
    Object.assign(this, { pane, picture, box });
    pane.style.touchAction = "pan-x pan-y";
  }

  show(wanted, x = this.pane.clientWidth / 2, y = this.pane.clientHeight / 2) {
    const { pane, picture, box } = this;
    const before = picture.clientWidth || 1;
    this.percent = Math.min(Math.max(wanted, LEAST), MOST);
    picture.style.width = `${this.percent}%`;
    picture.style.maxWidth = "none";
    const grown = picture.clientWidth / before;
    pane.scrollTo((pane.scrollLeft + x) * grown - x, (pane.scrollTop + y) * grown - y);
    box.checked = this.percent > LEAST;
  }

  at(event) {
    const { left, top } = this.pane.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  put(event) {
    if (event.pointerType === "touch") this.fingers.set(event.pointerId, this.at(event));
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.put(event);
    if (this.fingers.size !== 2) return;
    const [[x1, y1], [x2, y2]] = this.fingers.values();
    const now = Math.hypot(x1 - x2, y1 - y2);
    if (this.apart) this.show((this.percent * now) / this.apart, (x1 + x2) / 2, (y1 + y2) / 2);
    this.apart = now;
  }

  lift(event) {
    this.fingers.delete(event.pointerId);
    this.apart = 0;
  }

  turn(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.show(this.percent * Math.exp(-event.deltaY / 200), ...this.at(event));
  }

  press(event) {
    const { percent } = this;
    const wanted = { "+": percent * 1.5, "=": percent * 1.5, "-": percent / 1.5, 0: LEAST }[event.key];
    if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.show(wanted);
  }
}

for (const pane of document.querySelectorAll(".exhibit .pane")) {
  const zoom = new Zoom(pane, pane.querySelector("img"), pane.parentElement.querySelector("input.zoom"));
  const other = () => (zoom.percent > LEAST ? LEAST : STEP);
  zoom.box.addEventListener("change", () => zoom.show(zoom.box.checked ? STEP : LEAST));
  pane.addEventListener("dblclick", (event) => zoom.show(other(), ...zoom.at(event)));
  pane.addEventListener("pointerdown", (event) => zoom.put(event));
  pane.addEventListener("pointermove", (event) => zoom.move(event));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    pane.addEventListener(end, (event) => zoom.lift(event));
  }
  pane.addEventListener("wheel", (event) => zoom.turn(event), { passive: false });
  pane.addEventListener("keydown", (event) => zoom.press(event));
}

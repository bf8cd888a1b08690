// The pictures of a review: one at a time, larger and smaller, turned, and framed where something is wrong. Thin: the geometry is in marks.js.
import { between, inPicture, middle, nudged, read, written } from "./marks.js";

const SVG = "http://www.w3.org/2000/svg";
const LARGEST = 4;
const STEP = 1.25;

/** The next size after `zoom`, between the whole picture and four times that. */
export function zoomed(zoom, larger) {
  return Math.min(LARGEST, Math.max(1, larger ? zoom * STEP : zoom / STEP));
}

function drawFrame(picture, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "frame");
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const rect = document.createElementNS(SVG, "rect");
  svg.append(rect);
  picture.append(svg);
  return (frame) => {
    svg.toggleAttribute("data-on", Boolean(frame));
    for (const [name, part] of [["x", "x"], ["y", "y"], ["width", "w"], ["height", "h"]]) rect.setAttribute(name, frame ? frame[part] : 0);
    return svg;
  };
}

/**
 * Ties the viewer. `onMark(target, frame | null)` is told of every change of a mark.
 * @returns {{next(): void, previous(): void, mark(): void}}
 */
export function startViewer(root, form, onMark) {
  const sheets = [...root.querySelectorAll("[data-sheet]")];
  const tools = root.querySelector("[data-tools]");
  const canvas = root.querySelector("[data-canvas]");
  const pen = tools.querySelector('[data-do="mark"]');
  const states = new Map();
  let current = 0;
  let penDown = false;
  if (!sheets.length) return { next() {}, previous() {}, mark() {} };

  for (const sheet of sheets) {
    const field = form?.querySelector(`[data-mark="${CSS.escape(sheet.dataset.target)}"]`);
    const state = { zoom: 1, turned: 0, field: pen && sheet.dataset.target ? field : null, frame: null, draw: null };
    if (state.field) {
      state.frame = read(state.field.value);
      state.draw = drawFrame(sheet.querySelector("[data-pic]"), pen.getAttribute("aria-label"));
      state.draw(state.frame);
    }
    states.set(sheet, state);
  }

  const here = () => states.get(sheets[current]);
  const setFrame = (frame, focus = false) => {
    const state = here();
    if (!state.field) return;
    state.frame = frame;
    state.field.value = written(sheets[current].dataset.target, frame);
    const svg = state.draw(frame);
    if (focus) svg.focus();
    onMark(sheets[current].dataset.target, frame);
  };
  const setPen = (down) => {
    penDown = Boolean(down && here().field);
    pen?.setAttribute("aria-pressed", String(penDown));
    canvas.classList.toggle("drawing", penDown);
  };
  const lay = () => {
    const { zoom, turned } = here();
    const picture = sheets[current].querySelector("[data-pic]");
    const image = picture.querySelector("img");
    const ratio = image.naturalWidth ? image.naturalHeight / image.naturalWidth : 0.75;
    const across = turned % 180 !== 0;
    const room = { w: canvas.clientWidth - 28, h: Math.max(160, canvas.clientHeight - 28) };
    const fit = across ? Math.min(room.w / ratio, room.h) : Math.min(room.w, room.h / ratio);
    const width = fit * zoom;
    picture.style.width = `${width}px`;
    picture.style.height = `${width * ratio}px`;
    const spare = across ? (width * ratio - width) / 2 : 0;
    picture.style.margin = across ? `${-spare}px ${spare}px` : "0";
    picture.style.transform = turned ? `rotate(${turned}deg)` : "";
  };
  const show = (index) => {
    current = (index + sheets.length) % sheets.length;
    for (const [at, sheet] of sheets.entries()) sheet.hidden = at !== current;
    for (const thumb of root.querySelectorAll("[data-thumb]")) {
      if (thumb.dataset.thumb === sheets[current].id) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
    const { name, about, original } = sheets[current].dataset;
    tools.querySelector("[data-name]").textContent = name;
    tools.querySelector("[data-about]").textContent = about;
    tools.querySelector("[data-original]").href = original;
    const image = sheets[current].querySelector("img");
    image.loading = "eager";
    if (!image.complete) image.addEventListener("load", lay, { once: true });
    setPen(penDown);
    lay();
  };

  const does = {
    next: () => show(current + 1),
    previous: () => show(current - 1),
    in: () => ((here().zoom = zoomed(here().zoom, true)), lay()),
    out: () => ((here().zoom = zoomed(here().zoom, false)), lay()),
    rotate: () => ((here().turned = (here().turned + 90) % 360), lay()),
    mark: () => setPen(!penDown),
  };
  for (const button of tools.querySelectorAll("[data-do]")) button.addEventListener("click", () => does[button.dataset.do]());
  for (const thumb of root.querySelectorAll("[data-thumb]")) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      show(sheets.findIndex((sheet) => sheet.id === thumb.dataset.thumb));
    });
  }

  let from = null;
  const at = (event) => inPicture({ x: event.clientX, y: event.clientY }, sheets[current].querySelector("[data-pic]").getBoundingClientRect(), here().turned);
  canvas.addEventListener("pointerdown", (event) => {
    if (!penDown || event.button !== 0 || !event.target.closest("[data-pic]")) return;
    event.preventDefault();
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => from && here().draw(between(from, at(event))));
  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    const frame = between(from, at(event));
    from = null;
    setFrame(frame);
    if (frame) setPen(false);
  });
  canvas.addEventListener("pointercancel", () => {
    from = null;
    here().draw?.(here().frame);
  });
  canvas.addEventListener("keydown", (event) => {
    const { frame, field } = here();
    if (!field || !frame || !event.target.closest(".frame")) return;
    const changed = nudged(frame, event.key, event.shiftKey);
    if (changed) setFrame(changed, true);
    else if (event.key === "Delete" || event.key === "Backspace") setFrame(null);
    else return;
    event.preventDefault();
  });
  addEventListener("resize", lay);
  tools.hidden = false;
  canvas.classList.add("single");
  show(0);
  return {
    next: does.next,
    previous: does.previous,
    mark: () => setFrame(here().frame ?? middle(), true),
  };
}

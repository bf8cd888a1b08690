// The field for a drawn signature; the name can be typed instead. No picture is made: only the lines are kept.

import { fromStrokes, toStrokes } from "./strokes.js";

/** Make a signature field work; `changed()` is told when a line was drawn or all was cleared. */
export async function enhanceSignature(root, changed) {
  const { default: SignaturePad } = await import("../../vendor/signature_pad.js");
  const [canvas, kept, typed] = ["canvas", "[data-strokes]", "[data-typed]"].map((part) => root.querySelector(part));
  root.querySelector("[data-pad]").hidden = false;
  const pad = new SignaturePad(canvas, { minWidth: 1.2, maxWidth: 3.2, throttle: 8 });
  const strokes = () => (kept.value ? JSON.parse(kept.value) : []);

  function show() {
    const signed = kept.value !== "";
    typed.hidden = signed;
    canvas.setAttribute("aria-label", signed ? canvas.dataset.signed : canvas.dataset.empty);
  }

  function draw() {
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.penColor = getComputedStyle(canvas).color;
    const look = { penColor: pad.penColor, dotSize: pad.dotSize, minWidth: pad.minWidth, maxWidth: pad.maxWidth, velocityFilterWeight: pad.velocityFilterWeight, compositeOperation: "source-over" };
    pad.fromData(fromStrokes(strokes(), width, height, look));
    show();
  }

  pad.addEventListener("endStroke", () => {
    kept.value = JSON.stringify(toStrokes(pad.toData(), canvas.getBoundingClientRect().width));
    for (const field of typed.querySelectorAll("input")) field.value = "";
    show();
    changed();
  });
  root.querySelector("[data-again]").addEventListener("click", () => {
    pad.clear();
    kept.value = "";
    show();
    changed();
  });
  new ResizeObserver(draw).observe(canvas);
  root.redraw = draw;
}

/** Show a signature that was made elsewhere. */
export function showSignature(root, value) {
  const drawn = value?.way === "drawn" ? JSON.stringify(value.strokes) : "";
  const kept = root.querySelector("[data-strokes]");
  const typed = root.querySelector("[data-typed]");
  for (const field of typed.querySelectorAll("input")) field.value = value?.way === "typed" ? value.name : "";
  typed.hidden = drawn !== "";
  if (kept.value === drawn) return;
  kept.value = drawn;
  root.redraw?.();
}

// Marks on a picture: a frame in parts of 1 of the upright picture, whatever way the picture is turned on the screen. Pure.

export const LEAST = 0.02;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/**
 * A point of the screen in parts of 1 of the upright picture.
 * @param {{x: number, y: number}} point
 * @param {{left: number, top: number, width: number, height: number}} box what the turned picture covers on the screen
 * @param {0 | 90 | 180 | 270} turned clockwise
 */
export function inPicture(point, box, turned) {
  const across = clamp((point.x - box.left) / box.width, 0, 1);
  const down = clamp((point.y - box.top) / box.height, 0, 1);
  if (turned === 90) return { x: down, y: 1 - across };
  if (turned === 180) return { x: 1 - across, y: 1 - down };
  if (turned === 270) return { x: 1 - down, y: across };
  return { x: across, y: down };
}

/** The frame between two points, whichever way it was drawn; null when it is too small to mean anything. */
export function between(a, b) {
  const frame = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
  return frame.w < LEAST || frame.h < LEAST ? null : frame;
}

/** The frame that the keyboard begins with: the middle of the picture. */
export const middle = () => ({ x: 0.35, y: 0.35, w: 0.3, h: 0.3 });

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The frame after an arrow key: moved, or with `resize` made larger or smaller; it stays within the picture. Null: not an arrow. */
export function nudged(frame, key, resize, step = 0.02) {
  const direction = STEPS[key];
  if (!direction) return null;
  const [dx, dy] = direction.map((d) => d * step);
  if (resize) return { ...frame, w: clamp(frame.w + dx, LEAST, 1 - frame.x), h: clamp(frame.h + dy, LEAST, 1 - frame.y) };
  return { ...frame, x: clamp(frame.x + dx, 0, 1 - frame.w), y: clamp(frame.y + dy, 0, 1 - frame.h) };
}

const parts = (value) => String(Math.round(value * 10_000) / 10_000);

/** How the form sends a mark: target@x,y,w,h; empty without one. */
export function written(target, frame) {
  return frame ? `${target}@${[frame.x, frame.y, frame.w, frame.h].map(parts).join(",")}` : "";
}

/** A mark out of what the form holds; null when there is none. */
export function read(value) {
  const numbers = value.slice(value.lastIndexOf("@") + 1).split(",").map(Number);
  if (!value || numbers.length !== 4 || numbers.some((n) => !Number.isFinite(n))) return null;
  const [x, y, w, h] = numbers;
  return { x, y, w, h };
}

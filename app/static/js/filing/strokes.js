// A drawn signature between the pen and an answer: lines of whole numbers, a thousandth of the field's width each.

export const MOST_POINTS = 4000;
const EDGE = 1000;
const MARGIN = 10;
const within = (number) => Math.min(EDGE, Math.max(0, Math.round(number)));

/** What the pen gives ([{points: [{x, y}]}], in pixels of a field so wide) as strokes; too many points are thinned. */
export function toStrokes(drawn, width) {
  const scale = EDGE / width;
  const strokes = drawn.map(({ points }) => {
    const line = [];
    for (const { x, y } of points) {
      const [a, b] = [within(x * scale), within(y * scale)];
      if (line.at(-2) !== a || line.at(-1) !== b) line.push(a, b);
    }
    return line;
  }).filter((line) => line.length);
  const total = strokes.reduce((sum, line) => sum + line.length / 2, 0);
  return total > MOST_POINTS ? strokes.map((line) => thinned(line, Math.ceil(total / (MOST_POINTS - strokes.length)))) : strokes;
}

function thinned(line, every) {
  const points = line.length / 2;
  return line.filter((_, i) => {
    const n = Math.floor(i / 2);
    return n % every === 0 || n === points - 1;
  });
}

/** Strokes as the pen draws them again in a field so large: as wide as they were made, or smaller, so that all of them is seen. */
export function fromStrokes(strokes, width, height, look = {}) {
  const lowest = Math.max(0, ...strokes.map((line) => line.reduce((low, n, i) => (i % 2 ? Math.max(low, n) : low), 0)));
  const scale = Math.min(width / EDGE, height / (lowest + MARGIN));
  return strokes.map((line) => ({
    ...look,
    points: Array.from({ length: line.length / 2 }, (_, n) => ({ x: line[2 * n] * scale, y: line[2 * n + 1] * scale, pressure: 0.5, time: n * 12 })),
  }));
}

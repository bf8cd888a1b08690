import assert from "node:assert/strict";
import { test } from "node:test";

import { fromStrokes, MOST_POINTS, toStrokes } from "../../../app/static/js/filing/strokes.js";

test("lines are kept in thousandths of the field's width, whole and within the field", () => {
  const drawn = [{ points: [{ x: 0, y: 0 }, { x: 179, y: 35.8 }, { x: 400, y: -3 }] }];
  assert.deepEqual(toStrokes(drawn, 358), [[0, 0, 500, 100, 1000, 0]]);
});

test("a pen that rests gives one point", () => {
  assert.deepEqual(toStrokes([{ points: [{ x: 5, y: 5 }, { x: 5.01, y: 5 }] }], 1000), [[5, 5]]);
});

test("nothing drawn is nothing", () => {
  assert.deepEqual(toStrokes([], 358), []);
  assert.deepEqual(toStrokes([{ points: [] }], 358), []);
});

test("drawn again in a field of another width it is the same", () => {
  const [line] = fromStrokes([[0, 0, 500, 100]], 716, 148);
  assert.deepEqual(line.points.map(({ x, y }) => [x, y]), [[0, 0], [358, 71.6]]);
  assert.deepEqual(toStrokes([line], 716), [[0, 0, 500, 100]]);
});

test("in a field that is too low for it, it is drawn smaller, and whole", () => {
  const [line] = fromStrokes([[0, 0, 500, 400]], 812, 148);
  assert.ok(line.points.every(({ y }) => y <= 148));
  assert.ok(Math.abs(line.points[1].x / line.points[1].y - 500 / 400) < 0.001);
});

test("somebody who scribbles for minutes still has a signature, thinned to what can be kept", () => {
  const drawn = Array.from({ length: 30 }, (_, n) => ({ points: Array.from({ length: 400 }, (__, i) => ({ x: (i * 7 + n) % 997, y: (i * 3) % 300 })) }));
  const strokes = toStrokes(drawn, 1000);
  assert.equal(strokes.length, 30);
  assert.ok(strokes.reduce((sum, line) => sum + line.length / 2, 0) <= MOST_POINTS);
  assert.ok(strokes.every((line) => line.length % 2 === 0 && line.length > 4));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { between, inPicture, LEAST, middle, nudged, read, written } from "../../../app/static/js/desk/marks.js";

const box = { left: 100, top: 50, width: 200, height: 100 };
const near = (a, b) => {
  for (const key of Object.keys(b)) assert.ok(Math.abs(a[key] - b[key]) < 1e-9, `${key}: ${a[key]} is not ${b[key]}`);
};

test("a point is given in parts of the upright picture however it is turned", () => {
  near(inPicture({ x: 100, y: 50 }, box, 0), { x: 0, y: 0 });
  near(inPicture({ x: 150, y: 100 }, box, 0), { x: 0.25, y: 0.5 });
  near(inPicture({ x: 300, y: 50 }, box, 90), { x: 0, y: 0 });
  near(inPicture({ x: 300, y: 150 }, box, 90), { x: 1, y: 0 });
  near(inPicture({ x: 300, y: 150 }, box, 180), { x: 0, y: 0 });
  near(inPicture({ x: 100, y: 150 }, box, 270), { x: 0, y: 0 });
});

test("a point outside is brought to the edge", () => {
  near(inPicture({ x: 0, y: 900 }, box, 0), { x: 0, y: 1 });
});

test("a frame is the same whichever way it is drawn; a slip of the hand is none", () => {
  const frame = { x: 0.1, y: 0.2, w: 0.3, h: 0.4 };
  near(between({ x: 0.1, y: 0.2 }, { x: 0.4, y: 0.6 }), frame);
  near(between({ x: 0.4, y: 0.6 }, { x: 0.1, y: 0.2 }), frame);
  assert.equal(between({ x: 0.1, y: 0.2 }, { x: 0.1 + LEAST / 2, y: 0.9 }), null);
});

test("arrows move it, with Shift they resize it, and it stays within the picture", () => {
  near(nudged(middle(), "ArrowRight", false), { x: 0.37, y: 0.35, w: 0.3, h: 0.3 });
  near(nudged(middle(), "ArrowDown", true), { x: 0.35, y: 0.35, w: 0.3, h: 0.32 });
  let frame = middle();
  for (let i = 0; i < 100; i += 1) frame = nudged(frame, "ArrowRight", false);
  near(frame, { x: 0.7, w: 0.3 });
  for (let i = 0; i < 100; i += 1) frame = nudged(frame, "ArrowUp", true);
  near(frame, { h: LEAST });
  assert.equal(nudged(frame, "Enter", false), null);
});

test("the form's text and back", () => {
  const frame = { x: 0.1, y: 0.25, w: 0.3333, h: 0.5 };
  assert.equal(written("m:M-BANK:1", frame), "m:M-BANK:1@0.1,0.25,0.3333,0.5");
  assert.deepEqual(read(written("m:M-BANK:1", frame)), frame);
  assert.equal(written("m:M-BANK:1", null), "");
  for (const nothing of ["", "m:M-BANK:1@1,2", "m:M-BANK:1@a,b,c,d"]) assert.equal(read(nothing), null);
});

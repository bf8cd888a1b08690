import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, significant } from "../../../app/static/js/core/counting.js";

const SENTENCE = "已填 {n} 位，还差 {left} 位";

test("spaces between groups do not count", () => {
  assert.equal(significant("320507 1993 06"), 12);
});

test("it says what is missing", () => {
  assert.equal(fill(SENTENCE, 12, 18), "已填 12 位，还差 6 位");
});

test("it says nothing when nothing is typed or nothing is missing", () => {
  assert.deepEqual([fill(SENTENCE, 0, 18), fill(SENTENCE, 18, 18), fill(SENTENCE, 19, 18)], ["", "", ""]);
});

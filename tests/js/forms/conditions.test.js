// Conditions in the browser, by the vectors that the server is tested with too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fields, holds, shown, visible } from "../../../app/static/js/forms/conditions.js";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/conditions.json", import.meta.url)));
const now = new Date(vectors.now);

for (const vector of vectors.holds) {
  test(`${vector.if} over ${JSON.stringify(vector.answers)}`, () => {
    assert.equal(holds(vector.if, vector.answers, now, vector.district), vector.is);
  });
}

for (const { answers, are } of vectors.visible) {
  test(`visible with ${JSON.stringify(answers)}`, () => {
    assert.deepEqual([...visible(vectors.form, answers, now)], are);
  });
}

for (const { answers, shown: expected } of vectors.rows.are) {
  test(`rows shown with ${JSON.stringify(answers)}`, () => {
    assert.deepEqual(shown(vectors.rows.form, answers, now), expected);
  });
}

test("the variables of exists() are no fields", () => {
  assert.deepEqual(fields("co.holders.exists(h, has(h.kind) && h.kind == a.x && h.list.exists(i, i == 'h.y'))"), ["co.holders", "a.x"]);
});

test("the fields of an expression are found, words in strings and methods are none", () => {
  assert.deepEqual(fields("a.x == 'b.y' && has(c.d.e) && f.g.startsWith('h.i') && j.k.exists(l, l == m.n)"), [
    "a.x", "c.d.e", "f.g", "j.k", "m.n",
  ]);
});

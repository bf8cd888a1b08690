import assert from "node:assert/strict";
import { test } from "node:test";

import { around, told } from "../../../app/static/js/filing/early.js";

const wrong = (question, text = "x") => ({ question, text });

test("a mistake is told only at a field that was left", () => {
  const begun = [wrong("a.phone", "还差 3 位"), wrong("a.name", "两个字")];
  assert.deepEqual([...told({ begun, all: [] }, new Set(["a.phone"]), new Map())], [["a.phone", "还差 3 位"]]);
});

test("what is only missing is not told on the way", () => {
  assert.deepEqual([...told({ begun: [], all: [wrong("a.name", "还没填")] }, new Set(["a.name"]), new Map())], []);
});

test("but where it was told before it stays until it is there", () => {
  const shown = new Map([["a.name", "还没填"]]);
  assert.deepEqual([...told({ begun: [], all: [wrong("a.name", "还没填")] }, new Set(), shown)], [["a.name", "还没填"]]);
  assert.deepEqual([...told({ begun: [], all: [] }, new Set(), shown)], []);
});

test("another mistake at the same field takes the place of the first", () => {
  const shown = new Map([["a.id", "还没填"]]);
  const begun = [wrong("a.id", "还差 6 位")];
  assert.deepEqual([...told({ begun, all: begun }, new Set(), shown)], [["a.id", "还差 6 位"]]);
});

test("a part belongs to its row and its question", () => {
  assert.deepEqual(around("co.holders:0:who:name"), ["co.holders:0:who:name", "co.holders:0:who", "co.holders:0", "co.holders"]);
});

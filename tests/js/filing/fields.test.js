import assert from "node:assert/strict";
import { test } from "node:test";

import { valueOf } from "../../../app/static/js/filing/fields.js";

const cases = [
  ["text", [" 王晓兰 "], "王晓兰"],
  ["text", [""], undefined],
  ["text", [], undefined],
  ["address", ["一行\r\n二行"], "一行\n二行"],
  ["yes_no", ["true"], true],
  ["yes_no", ["false"], false],
  ["yes_no", [], undefined],
  ["declaration", ["true"], true],
  ["declaration", [], undefined],
  ["number", ["１，２００"], 1200],
  ["number", ["0"], 0],
  ["number", ["两个"], undefined],
  ["several", ["a", "b"], ["a", "b"]],
  ["several", [], undefined],
  ["date", ["2026-03-04"], "2026-03-04"],
];

for (const [kind, texts, value] of cases) {
  test(`${kind} ${JSON.stringify(texts)} is ${JSON.stringify(value)}`, () => assert.deepEqual(valueOf(kind, texts), value));
}

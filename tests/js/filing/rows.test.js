import assert from "node:assert/strict";
import { test } from "node:test";

import { renumbering } from "../../../app/static/js/filing/rows.js";

const cases = [
  ["co.holders:1:name", "co.holders:0:name"],
  ["co.holders:1", "co.holders:0"],
  ["remove:co.holders:1", "remove:co.holders:0"],
  ["f-co-holders-1-name-hint f-co-holders-1-name-error", "f-co-holders-0-name-hint f-co-holders-0-name-error"],
  ["f-co-holders-1", "f-co-holders-0"],
  ["co.holders:10:name", "co.holders:10:name"],
  ["co.holders:11", "co.holders:11"],
  ["f-co-holders-12-name", "f-co-holders-12-name"],
  ["coxholders:1:name", "coxholders:1:name"],
  ["card", "card"],
];

for (const [text, wanted] of cases) {
  test(`row 1 becomes row 0: ${text}`, () => assert.equal(renumbering("co.holders", "1", "0")(text), wanted));
}

test("a blank row gets its number", () => {
  assert.equal(renumbering("co.holders", "{row}", "4")("f-co-holders-{row}-name co.holders:{row}:name"), "f-co-holders-4-name co.holders:4:name");
});

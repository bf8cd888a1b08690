import assert from "node:assert/strict";
import { test } from "node:test";

import { newId } from "../../../app/static/js/core/uuid7.js";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an id has the version and the variant of UUIDv7, whatever the random bytes are", () => {
  for (const byte of [0, 0x7f, 0xff]) assert.match(newId(0, (bytes) => bytes.fill(byte)), FORM);
  assert.match(newId(), FORM);
});

test("it begins with the time, as the example of RFC 9562 does", () => {
  assert.equal(newId(0x017f22e279b0, (bytes) => bytes.fill(0)).slice(0, 13), "017f22e2-79b0");
});

test("ids made later come later", () => {
  assert.ok(newId(1_800_000_000_000) < newId(1_800_000_000_001));
});

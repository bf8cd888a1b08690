import assert from "node:assert/strict";
import { test } from "node:test";

import { TooLong, inTime } from "../../../app/static/js/core/waiting.js";
import { Clock } from "../clock.js";

test("what is answered in time is given, and no timer is left", async () => {
  const clock = new Clock();
  assert.equal(await inTime(Promise.resolve(3), 8000, clock), 3);
  assert.equal(clock.waiting, 0);
});

test("a refusal is passed on", async () => {
  await assert.rejects(inTime(Promise.reject(new RangeError("no")), 8000, new Clock()), RangeError);
});

test("what never answers is given up after just that long", async () => {
  const clock = new Clock();
  const waited = inTime(new Promise(() => {}), 8000, clock);
  clock.pass(7999);
  assert.equal(clock.waiting, 1);
  clock.pass(1);
  await assert.rejects(waited, TooLong);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { replyStore } from "../../../app/static/js/cases/reply.js";

const store = (answer) => replyStore(answer, "/here", () => "fields", () => "now");

test("what is typed goes to the page's own address, and the save says when", async () => {
  const calls = [];
  const kept = await store(async (...call) => calls.push(call) && { ok: true, status: 204 }).save({}, { keepalive: true });
  assert.deepEqual(kept, { revision: 0, savedAt: "now" });
  assert.deepEqual(calls, [["/here", { method: "POST", body: "fields", headers: { Accept: "application/json" }, keepalive: true }]]);
});

for (const [status, reason] of [[401, "signed-out"], [403, "signed-out"], [404, "gone"], [409, "gone"], [422, "failed"], [429, "busy"], [503, "busy"]]) {
  test(`an answer of ${status} is told as ${reason}`, async () => {
    await assert.rejects(store(async () => ({ ok: false, status })).save({}), { reason });
  });
}

test("no network is told as offline", async () => {
  const broken = async () => {
    throw new TypeError("no network");
  };
  await assert.rejects(store(broken).save({}), { reason: "offline" });
});

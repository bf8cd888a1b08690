import assert from "node:assert/strict";
import { test } from "node:test";

import { NotSaved, serverStore } from "../../../app/static/js/filing/store.js";

const draft = { id: "d1", service: "newborn", edition: "e1", revision: 3, answers: { a: "1" }, page: "you" };

/** A fetch that gives one answer and remembers what it was asked. */
function answering(status, body, calls = []) {
  const fetch = async (url, options) => {
    calls.push([url, options]);
    return new Response(body === null ? null : JSON.stringify(body), { status });
  };
  return Object.assign(fetch, { calls });
}

const failing = async () => {
  throw new TypeError("network");
};

test("it loads a draft, or null when there is none", async () => {
  assert.deepEqual(await serverStore(answering(200, draft)).load("d1"), draft);
  assert.equal(await serverStore(answering(404, {})).load("d1"), null);
});

test("it saves with the revision that the draft was made from", async () => {
  const fetch = answering(200, { revision: 4, saved_at: "2026-03-12T10:24:00Z" });
  const saved = await serverStore(fetch).save(draft, { keepalive: true });
  assert.deepEqual(saved, { revision: 4, savedAt: "2026-03-12T10:24:00Z" });
  const [url, options] = fetch.calls[0];
  assert.equal(url, "/api/drafts/d1");
  assert.equal(options.method, "PUT");
  assert.equal(options.keepalive, true);
  assert.deepEqual(JSON.parse(options.body), {
    service: "newborn", edition: "e1", base_revision: 3, answers: { a: "1" }, page: "you",
  });
});

test("an old revision gives the server's copy", async () => {
  const theirs = { ...draft, revision: 5 };
  const fetch = answering(409, { type: "/problems/draft-conflict", draft: theirs });
  assert.deepEqual(await serverStore(fetch).save(draft), { conflict: theirs });
});

const reasons = [
  [401, "sign-in-needed", "signed-out"], [403, "real-name-needed", "signed-out"], [404, "not-found", "gone"],
  [409, "draft-submitted", "submitted"], [422, "answers-unstorable", "refused"], [408, "", "busy"], [429, "too-many-requests", "busy"],
  [500, "broken", "busy"], [503, "outside-unavailable", "busy"],
];
for (const [status, type, reason] of reasons) {
  test(`${status} ${type} is told as ${reason}`, async () => {
    const fetch = answering(status, { type: `/problems/${type}`, questions: { a: "too-long" } });
    await assert.rejects(serverStore(fetch).save(draft), (error) => {
      assert.ok(error instanceof NotSaved);
      assert.equal(error.reason, reason);
      assert.deepEqual(error.questions, { a: "too-long" });
      return true;
    });
  });
}

test("no network is told as offline, a page instead of JSON as what its status says", async () => {
  await assert.rejects(serverStore(failing).save(draft), { reason: "offline" });
  const page = async () => new Response("<html>", { status: 502 });
  await assert.rejects(serverStore(page).save(draft), { reason: "busy" });
});

test("removing what is gone already is no error", async () => {
  await serverStore(answering(204, null)).remove("d1");
  await serverStore(answering(404, {})).remove("d1");
  await assert.rejects(serverStore(answering(409, { type: "/problems/draft-submitted" })).remove("d1"), { reason: "submitted" });
});

test("a save that outlives its page is no larger than browsers carry", async () => {
  const asked = [];
  const store = serverStore(async (url, options) => {
    asked.push(options.keepalive);
    return { ok: true, status: 200, json: async () => ({ revision: 2 }) };
  });
  const large = { id: "1", service: "s", edition: "e", revision: 1, page: "p" };
  await store.save({ ...large, answers: { a: "短" } }, { keepalive: true });
  await store.save({ ...large, answers: { a: "长".repeat(21_000) } }, { keepalive: true });
  assert.deepEqual(asked, [true, false]);
});

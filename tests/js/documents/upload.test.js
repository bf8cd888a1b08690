import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff, FIRST_CHUNK, metadata, MOST_BYTES, NotSent, Refused, sha256, upload } from "../../../app/static/js/documents/upload.js";
import { handClock, server } from "./server.js";

const KB = 1024;
const fine = () => undefined;
const cut = () => "cut";
const lost = () => "lost";
const status = (code, headers = {}, body = null) => () => new Response(body && JSON.stringify(body), { status: code, headers });

function file(size = 700 * KB) {
  const bytes = new Uint8Array(size).map((_, index) => (index * 31) % 251);
  return { bytes: bytes.buffer, filename: "户口簿.jpg", draft: "d", material: "hukou", page: 2 };
}

const tools = (made, clock = handClock()) => ({ fetch: made.fetch, clock, random: () => 1 });

test("a file arrives whole, in chunks that grow on a good line", async () => {
  const made = server();
  const seen = [];
  const sent = await upload(file(2300 * KB), { ...tools(made), onProgress: (done) => seen.push(done / KB) });
  assert.deepEqual(made.log, ["POST", "PATCH 0", `PATCH ${256 * KB}`, `PATCH ${768 * KB}`, `PATCH ${1792 * KB}`]);
  assert.deepEqual(seen, [0, 256, 768, 1792, 2300]);
  assert.equal(sent.document, "document-of-1");
  const [kept] = made.uploads.values();
  assert.equal(sent.sha256, await sha256(kept.bytes));
});

test("a slow line keeps small chunks", async () => {
  const made = server();
  await upload(file(1000 * KB), tools(made, handClock(3_000)));
  assert.deepEqual(made.log, ["POST", "PATCH 0", `PATCH ${256 * KB}`, `PATCH ${512 * KB}`, `PATCH ${768 * KB}`]);
});

test("what is said of the file is base64 of UTF-8", async () => {
  const made = server();
  await upload(file(10), tools(made));
  const [{ said }] = made.uploads.values();
  const pairs = Object.fromEntries(said.split(",").map((pair) => pair.split(" ")));
  const read = (key) => Buffer.from(pairs[key], "base64").toString();
  assert.deepEqual(["draft_id", "material", "page", "filename"].map(read), ["d", "hukou", "2", "户口簿.jpg"]);
  assert.match(read("sha256"), /^[0-9a-f]{64}$/);
  assert.equal(metadata({ a: "" }), "a ");
});

test("after a cut it asks where it stood and goes on there", async () => {
  const made = server([fine, fine, cut, fine]);
  const clock = handClock();
  await upload(file(), tools(made, clock));
  assert.deepEqual(made.log, ["POST", "PATCH 0", `PATCH ${256 * KB}`, "HEAD", `PATCH ${256 * KB}`, `PATCH ${512 * KB}`]);
  assert.deepEqual(clock.slept, [1_000]);
});

test("a lost answer costs no byte twice", async () => {
  const made = server([fine, lost, fine]);
  await upload(file(), tools(made));
  assert.deepEqual(made.log.slice(1, 4), ["PATCH 0", "HEAD", `PATCH ${FIRST_CHUNK}`]);
  const [kept] = made.uploads.values();
  assert.equal(kept.bytes.length, 700 * KB);
});

test("a lost last answer is found by asking", async () => {
  const made = server([fine, lost]);
  assert.equal((await upload(file(100), tools(made))).document, "document-of-1");
  assert.deepEqual(made.log, ["POST", "PATCH 0", "HEAD"]);
});

test("a cut at every request still ends well", async () => {
  const made = server([cut, fine, cut, cut, fine, lost, cut, fine, fine, cut, fine]);
  const sent = await upload(file(), tools(made));
  const [kept] = made.uploads.values();
  assert.equal(sent.sha256, await sha256(kept.bytes));
});

test("a wrong offset is healed by asking", async () => {
  const made = server([fine, ({ uploads }) => void (uploads.get("/api/uploads/1").bytes = new Uint8Array(file().bytes).slice(0, 1000))]);
  await upload(file(), tools(made));
  assert.deepEqual(made.log.slice(0, 4), ["POST", "PATCH 0", "HEAD", "PATCH 1000"]);
});

for (const code of [404, 410]) {
  test(`an upload that the server forgot (${code}) begins anew`, async () => {
    const made = server([fine, fine, status(code)]);
    await upload(file(), tools(made));
    assert.deepEqual(made.log.slice(2, 5), [`PATCH ${256 * KB}`, "POST", "PATCH 0"]);
  });
}

test("bytes that changed on the way are sent again", async () => {
  const made = server([fine, status(422, {}, { type: "/problems/hash-mismatch", title: "变了样" })]);
  assert.equal((await upload(file(100), tools(made))).document, "document-of-2");
});

test("but not for ever", async () => {
  const changed = status(422, {}, { type: "/problems/hash-mismatch", title: "变了样" });
  const made = server([fine, changed, fine, changed, fine, changed, fine, changed]);
  await assert.rejects(upload(file(100), tools(made)), { type: "hash-mismatch" });
});

test("a refusal is told in the server's words, at once", async () => {
  const made = server([fine, status(422, {}, { type: "/problems/file-kind", title: "只收照片", detail: "请用手机拍照" })]);
  const clock = handClock();
  await assert.rejects(upload(file(100), tools(made, clock)), (error) => {
    assert.ok(error instanceof Refused);
    assert.deepEqual([error.type, error.message, error.todo], ["file-kind", "只收照片", "请用手机拍照"]);
    return true;
  });
  assert.deepEqual(clock.slept, []);
});

test("more than 20 MB are not even begun", async () => {
  const made = server();
  const huge = { ...file(1), bytes: { byteLength: MOST_BYTES + 1 } };
  await assert.rejects(upload(huge, tools(made)), { type: "file-too-large" });
  assert.deepEqual(made.log, []);
});

test("signed out is said, and nothing is lost", async () => {
  const made = server([fine, fine, status(401)]);
  await assert.rejects(upload(file(), tools(made)), (error) => error instanceof NotSent && error.reason === "signed-out");
});

test("the server's Retry-After is kept", async () => {
  const made = server([status(503, { "Retry-After": "90" }), status(429, { "Retry-After": "7" })]);
  const clock = handClock();
  await upload(file(100), tools(made, clock));
  assert.deepEqual(clock.slept, [90_000, 7_000]);
});

test("without a byte of progress it gives up in the end, and says why", async () => {
  const made = server(Array.from({ length: 50 }, () => cut));
  await assert.rejects(upload(file(), tools(made)), { reason: "offline" });
  assert.equal(made.log.length, 12);
});

test("it waits longer each time, up to five minutes, and never all at the same moment", () => {
  assert.deepEqual([1, 2, 3, 9, 10, 40].map((n) => backoff(n, null, 0, () => 1)), [1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  assert.equal(backoff(5, null, 0, () => 0), 0);
  assert.equal(backoff(1, "Thu, 01 Jan 1970 00:01:00 GMT", 10_000, () => 0), 50_000);
  assert.equal(backoff(1, "soon", 0, () => 0), 0);
  assert.equal(backoff(1, "86400", 0, () => 0), 300_000);
});

test("it stops when told to", async () => {
  const stop = new AbortController();
  const made = server([fine, () => (stop.abort(), "cut")]);
  await assert.rejects(upload(file(), { ...tools(made), signal: stop.signal }), { reason: "stopped" });
});

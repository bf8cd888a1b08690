import assert from "node:assert/strict";
import { test } from "node:test";

import { queue } from "../../../app/static/js/documents/queue.js";
import { NotSent, Refused } from "../../../app/static/js/documents/upload.js";

const place = (page) => ({ draft: "d", material: "hukou", page });

function hand(outcomes) {
  const sent = [];
  const prepare = async (file) => ({ bytes: file, filename: "a.jpg" });
  const send = async (file, { onProgress, onWait }) => {
    sent.push([file.page, file.bytes]);
    onProgress(1, 2);
    const outcome = outcomes.shift();
    if (outcome === "wait") onWait(10);
    if (outcome instanceof Error) throw outcome;
    return { document: `of-${file.page}` };
  };
  return { photos: queue({ prepare, send }), sent };
}

function listener() {
  const said = [];
  const say = (state, detail) => said.push(state === "uploading" ? `${detail.percent}%` : state);
  return { said, say };
}

test("photos go one after the other", async () => {
  const { photos, sent } = hand([]);
  const [first, second] = [listener(), listener()];
  photos.add("one", place(1), first.say);
  photos.add("two", place(2), second.say);
  assert.equal(photos.busy, true);
  assert.equal(await photos.settled(), true);
  assert.equal(photos.busy, false);
  assert.deepEqual(sent, [[1, "one"], [2, "two"]]);
  assert.deepEqual(first.said, ["compressing", "0%", "50%", "done"]);
});

test("one that fails holds no other up, and can be tried again without preparing it anew", async () => {
  const { photos, sent } = hand([new NotSent("offline")]);
  const [first, second] = [listener(), listener()];
  const job = photos.add("one", place(1), first.say);
  photos.add("two", place(2), second.say);
  assert.equal(await photos.settled(), false);
  assert.deepEqual([first.said.at(-1), second.said.at(-1)], ["failed", "done"]);
  photos.again(job);
  assert.equal(await photos.settled(), true);
  assert.deepEqual(first.said, ["compressing", "0%", "50%", "failed", "0%", "50%", "done"]);
  assert.equal(sent.length, 3);
});

test("one that is refused is told why, and forgotten", async () => {
  const { photos } = hand([new Refused("file-kind", "只收照片", "请用手机拍照")]);
  let told = null;
  const job = photos.add("one", place(1), (state, detail) => (told = { state, ...detail }));
  assert.equal(await photos.settled(), false);
  assert.deepEqual(told, { state: "refused", type: "file-kind", title: "只收照片", todo: "请用手机拍照" });
  photos.drop(job);
  photos.add("two", place(1), () => {});
  assert.equal(await photos.settled(), true);
});

test("waiting for the line is said", async () => {
  const { photos } = hand(["wait"]);
  const { said, say } = listener();
  photos.add("one", place(1), say);
  await photos.settled();
  assert.deepEqual(said, ["compressing", "0%", "50%", "waiting", "done"]);
});

test("settled when nothing is on its way", async () => {
  assert.equal(await hand([]).photos.settled(), true);
});

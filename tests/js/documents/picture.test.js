import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, jpegName, prepared } from "../../../app/static/js/documents/picture.js";

const photo = (type = "image/jpeg", name = "IMG_1.JPEG") => Object.assign(new Blob(["camera bytes"], { type }), { name });

test("a picture fits into 2048 pixels a side, in proportion, and never grows", () => {
  assert.deepEqual(fit(4000, 3000), [2048, 1536]);
  assert.deepEqual(fit(3000, 6000), [1024, 2048]);
  assert.deepEqual(fit(800, 600), [800, 600]);
  assert.deepEqual(fit(90_000, 3), [2048, 1]);
});

test("what was decoded is encoded anew, at its size", async () => {
  const asked = [];
  const made = await prepared(photo(), {
    decode: async () => ({ width: 4000, height: 3000, close: () => asked.push("closed") }),
    encode: async (_, width, height) => (asked.push([width, height]), new Blob(["anew"], { type: "image/jpeg" })),
  });
  assert.deepEqual(asked, [[2048, 1536], "closed"]);
  assert.equal(new TextDecoder().decode(made.bytes), "anew");
  assert.deepEqual([made.filename, made.made], ["IMG_1.jpg", true]);
});

test("what this browser cannot decode is sent as it is", async () => {
  const made = await prepared(photo("image/heic", "IMG_2.HEIC"), { decode: async () => Promise.reject(new Error("no HEIC")) });
  assert.equal(new TextDecoder().decode(made.bytes), "camera bytes");
  assert.deepEqual([made.filename, made.made, made.preview], ["IMG_2.HEIC", false, null]);
});

test("a canvas that fails gives the original", async () => {
  const made = await prepared(photo(), { decode: async () => ({ width: 10, height: 10 }), encode: async () => null });
  assert.equal(made.made, false);
});

test("a PDF is no picture", async () => {
  const made = await prepared(photo("application/pdf", "a.pdf"), { decode: () => assert.fail("must not decode") });
  assert.deepEqual([made.filename, made.made], ["a.pdf", false]);
});

test("names", () => {
  assert.equal(jpegName("户口簿.首页.png"), "户口簿.首页.jpg");
  assert.equal(jpegName(""), "photo.jpg");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { deaf, listener } from "../../../app/static/js/catalogue/listen.js";

/** A browser's recognition that the test speaks through. */
function recognition(broken = null) {
  const made = [];
  class Recognition {
    constructor() {
      made.push(this);
    }
    start() {
      if (broken) throw broken;
    }
  }
  return { Recognition, made };
}

test("what is heard is given without its full stop", () => {
  const { Recognition, made } = recognition(), heard = [], ended = [];
  const start = listener(Recognition, { lang: "zh-CN", heard: (text) => heard.push(text), failed: assert.fail, ended: () => ended.push(1) });
  assert.equal(start(), true);
  assert.equal(made[0].lang, "zh-CN");
  made[0].onresult({ results: [[{ transcript: "孩子落户。" }]] });
  made[0].onend();
  assert.deepEqual([heard, ended], [["孩子落户"], [1]]);
});

test("a second tap while it listens does nothing, after it has ended it listens again", () => {
  const { Recognition, made } = recognition();
  const start = listener(Recognition, { lang: "zh-CN", heard: assert.fail, failed: assert.fail, ended: () => {} });
  start();
  assert.equal(start(), false);
  made[0].onend();
  assert.equal(start(), true);
  assert.equal(made.length, 2);
});

test("a browser that will not start says why", () => {
  const error = Object.assign(new Error("no"), { name: "NotAllowedError" }), why = [];
  const { Recognition } = recognition(error);
  const start = listener(Recognition, { lang: "zh-CN", heard: assert.fail, failed: (name) => why.push(name), ended: () => {} });
  assert.equal(start(), true);
  assert.deepEqual(why, ["NotAllowedError"]);
});

test("silence is no reason to take the microphone away, a missing service is", () => {
  assert.equal(deaf("no-speech"), false);
  assert.equal(deaf("aborted"), false);
  for (const why of ["network", "not-allowed", "service-not-allowed", "audio-capture", "NotAllowedError"]) assert.equal(deaf(why), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAloud, sentences } from "../../../app/static/js/core/speech.js";

class Voice {
  speaking = false;
  said = [];
  speak(piece) {
    this.speaking = true;
    this.said.push(piece);
  }
  cancel() {
    this.speaking = false;
  }
}

test("a text is read in sentences", () => {
  assert.deepEqual(sentences("交一次。4 个部门同时办！\n\n看进度\nDone. ok"), ["交一次。", "4 个部门同时办！", "看进度", "Done. ok"]);
});

test("it reads every sentence in the page's language and says when it is done", () => {
  const voice = new Voice();
  let ended = 0;
  const speaks = readAloud(voice, (text) => ({ text }))("一。二。", "zh-CN", () => (ended += 1));
  assert.equal(speaks, true);
  assert.deepEqual(voice.said.map((piece) => [piece.text, piece.lang]), [["一。", "zh-CN"], ["二。", "zh-CN"]]);
  voice.said.at(-1).onend();
  assert.equal(ended, 1);
});

test("a second press stops it", () => {
  const voice = new Voice();
  let ended = 0;
  const say = readAloud(voice, (text) => ({ text }));
  say("一。", "zh-CN", () => (ended += 1));
  assert.equal(say("一。", "zh-CN", () => (ended += 1)), false);
  assert.equal(voice.speaking, false);
  assert.equal(ended, 1);
});

test("a page without words is not read", () => {
  assert.equal(readAloud(new Voice(), (text) => ({ text }))(" \n ", "en", () => {}), false);
});

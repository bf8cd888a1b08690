import assert from "node:assert/strict";
import { test } from "node:test";
import { sendLabel, withReason } from "../../../app/static/js/desk/decision.js";
import { zoomed } from "../../../app/static/js/desk/viewer.js";

test("quick reasons join what is written, none twice", () => {
  assert.equal(withReason("", "少了一页"), "少了一页");
  assert.equal(withReason("照片反光", "少了一页"), "照片反光，少了一页");
  assert.equal(withReason("照片反光。", "少了一页"), "照片反光。少了一页");
  assert.equal(withReason("照片反光，少了一页", "少了一页"), "照片反光，少了一页");
});

test("the button says what it will do", () => {
  assert.equal(sendLabel({ accept: "受理" }, "accept", "提交"), "受理");
  assert.equal(sendLabel({ accept: "受理" }, undefined, "提交"), "提交");
});

test("the picture is never smaller than whole nor larger than four times", () => {
  assert.equal(zoomed(1, false), 1);
  assert.equal(zoomed(1, true), 1.25);
  assert.equal(zoomed(3.9, true), 4);
});

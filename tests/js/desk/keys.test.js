import assert from "node:assert/strict";
import { test } from "node:test";
import { action, keysSwitch, takesText } from "../../../app/static/js/desk/keys.js";
import { moved } from "../../../app/static/js/desk/queue.js";

const press = (key, target = { tagName: "BODY" }, held = {}) => ({ key, target, ctrlKey: false, altKey: false, metaKey: false, ...held });

test("keys mean what the help says, in the queue and in the review", () => {
  assert.equal(action(press("j"), "queue", true), "down");
  assert.equal(action(press("K"), "queue", true), "up");
  assert.equal(action(press("Enter"), "queue", true), "open");
  assert.equal(action(press("a"), "queue", true), "claim");
  assert.equal(action(press("a"), "review", true), "approve");
  assert.equal(action(press("j"), "review", true), "nextItem");
  assert.equal(action(press("x"), "queue", true), null);
});

test("whoever types is left in peace, and so is the browser", () => {
  for (const tagName of ["INPUT", "TEXTAREA", "SELECT"]) assert.equal(action(press("j", { tagName, type: "text" }), "queue", true), null);
  assert.equal(action(press("j", { tagName: "INPUT", type: "radio" }), "review", true), "nextItem");
  assert.equal(action(press("j", undefined, { ctrlKey: true }), "queue", true), null);
  assert.equal(action(press("a", undefined, { metaKey: true }), "queue", true), null);
  assert.equal(takesText({ tagName: "INPUT", type: "checkbox" }), false);
});

test("Enter on a link or button is the link's or button's", () => {
  for (const tagName of ["A", "BUTTON", "SUMMARY"]) assert.equal(action(press("Enter", { tagName }), "queue", true), null);
});

test("switched off, only the help answers", () => {
  assert.equal(action(press("j"), "queue", false), null);
  assert.equal(action(press("?"), "queue", false), "help");
});

test("the switch is remembered, and a storage that refuses means on", () => {
  const kept = new Map();
  const storage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
  const toggle = keysSwitch(storage);
  assert.equal(toggle.on(), true);
  toggle.set(false);
  assert.equal(keysSwitch(storage).on(), false);
  const refused = () => {
    throw new Error("refused");
  };
  const shut = keysSwitch({ getItem: refused, setItem: refused });
  shut.set(false);
  assert.equal(shut.on(), true);
});

test("rows are moved through and never left", () => {
  assert.equal(moved(-1, 1, 3), 0);
  assert.equal(moved(0, 1, 3), 1);
  assert.equal(moved(2, 1, 3), 2);
  assert.equal(moved(0, -1, 3), 0);
  assert.equal(moved(-1, 1, 0), -1);
});

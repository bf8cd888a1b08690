import assert from "node:assert/strict";
import { test } from "node:test";

import { badge, clear } from "../../../app/static/js/messages/badge.js";

function icon() {
  const put = [];
  return { put, navigator: { setAppBadge: async (n) => put.push(n), clearAppBadge: async () => put.push("none") } };
}

test("a number is put on the icon, none takes it away, nonsense leaves it", async () => {
  const { put, navigator } = icon();
  for (const count of [3, 0, NaN, -1, 1.5, "2"]) await badge(navigator, count);
  assert.deepEqual(put, [3, "none"]);
});

test("a browser without such a number, or one that refuses, is no trouble", async () => {
  await badge({}, 3);
  await badge({}, 0);
  await badge({ setAppBadge: () => Promise.reject(new Error("no")) }, 3);
});

test("a resident's notifications go, the desk's stay, and the other way round", async () => {
  const all = ["https://x.example/messages/1", "https://x.example/desk/messages/1", undefined].map((navigate) => ({ data: { navigate }, close() { this.closed = true; } }));
  const registration = { getNotifications: async () => all };
  await clear(registration, "/api");
  assert.deepEqual(all.map((one) => Boolean(one.closed)), [true, false, true]);
  await clear(registration, "/desk");
  assert.equal(all[1].closed, true);
  await clear(undefined, "/api");
});

test("what came after the number was known stays", async () => {
  const all = [1, 5].map((at) => ({ data: { navigate: "/messages/1", at }, close() { this.closed = true; } }));
  await clear({ getNotifications: async () => all }, "/api", 5);
  assert.deepEqual(all.map((one) => Boolean(one.closed)), [true, false]);
});

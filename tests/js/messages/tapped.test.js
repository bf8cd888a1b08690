import assert from "node:assert/strict";
import { test } from "node:test";

import { address, tapped } from "../../../app/static/js/messages/tapped.js";
import { Clock } from "../clock.js";

const ORIGIN = "https://linban.example";
const TAPPED = { data: { navigate: `${ORIGIN}/messages/1` } };

/** A window of ours that answers whether it may be led elsewhere; `leads` false: it is not under the worker. */
function page(path, { answers = true, leads = true } = {}) {
  const done = [];
  return {
    url: ORIGIN + path, done,
    postMessage(said, [port]) {
      assert.equal(said.type, "may-leave");
      if (answers !== null) port.postMessage(answers);
    },
    async navigate(url) {
      if (!leads) throw new TypeError("not controlled");
      done.push(`to ${url}`);
      return this;
    },
    async focus() {
      done.push("focus");
    },
  };
}

function worker(...windows) {
  const opened = [];
  const asked = [];
  const clients = { matchAll: async (what) => asked.push(what) && windows, openWindow: async (url) => opened.push(url) };
  return { parts: { clients, clock: new Clock(), origin: ORIGIN }, opened, asked };
}

test("with the app closed a window is opened", async () => {
  const here = worker();
  await tapped(TAPPED, here.parts);
  assert.deepEqual(here.opened, [TAPPED.data.navigate]);
  assert.deepEqual(here.asked, [{ type: "window", includeUncontrolled: true }]);
});

test("an open window is led there and brought to the front", async () => {
  const window = page("/services");
  const here = worker(window, page("/"));
  await tapped(TAPPED, here.parts);
  assert.deepEqual(window.done, [`to ${TAPPED.data.navigate}`, "focus"]);
  assert.deepEqual(here.opened, []);
});

test("a window in which somebody is typing is left alone", async () => {
  const [typing, free] = [page("/forms/newborn/1/baby", { answers: false }), page("/cases")];
  const here = worker(typing, free);
  await tapped(TAPPED, here.parts);
  assert.deepEqual(typing.done, []);
  assert.equal(free.done.length, 2);
});

test("a window that sleeps and does not answer is left alone after a moment", async () => {
  const here = worker(page("/cases", { answers: null }));
  const opening = tapped(TAPPED, here.parts);
  await new Promise(setImmediate);
  here.parts.clock.pass(400);
  await opening;
  assert.deepEqual(here.opened, [TAPPED.data.navigate]);
});

test("a window that cannot be led leads to a new one, and the tap is spent on that", async () => {
  const window = page("/", { leads: false });
  const here = worker(window);
  await tapped(TAPPED, here.parts);
  assert.deepEqual(window.done, []);
  assert.deepEqual(here.opened, [TAPPED.data.navigate]);
});

test("what is for the desk opens at the desk, what is for a resident with the resident", async () => {
  const [resident, desk] = [page("/desktop"), page("/desk/review/1")];
  await tapped({ data: { navigate: `${ORIGIN}/desk/messages/1` } }, worker(resident, desk).parts);
  assert.deepEqual(resident.done, []);
  assert.equal(desk.done.length, 2);
});

for (const [wanted, opens] of [
  ["/messages/1", "/messages/1"], [undefined, "/messages"], ["", "/messages"], ["https://evil.example/x", "/messages"],
  ["//evil.example/x", "/messages"], ["javascript:alert(1)", "/messages"], ["http://[", "/messages"],
]) {
  test(`${wanted} opens ${opens} of ours`, () => assert.equal(address(wanted, ORIGIN), ORIGIN + opens));
}

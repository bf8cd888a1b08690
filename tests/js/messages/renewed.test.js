import assert from "node:assert/strict";
import { test } from "node:test";

import { renewed } from "../../../app/static/js/messages/renewed.js";
import { Clock } from "../clock.js";
import { Manager, server, store } from "./browser.js";

const MINE = { area: "/api", reader: "anna", session: "s1", lang: "en", id: "old", keyId: "p000", endpoint: "https://push.example/0", at: 5 };

function worker({ kept = {}, answers = {}, manager = new Manager() } = {}) {
  const [keeps, asked] = [store(kept), server(answers)];
  const parts = { manager, fetch: asked.fetch, store: keeps, clock: new Clock(), newId: () => "new", now: () => 9 };
  return { parts, manager, kept: keeps.kept, ...asked };
}

test("a subscription that the browser ended is made again with the current key and told to the server", async () => {
  const here = worker({ kept: { push: MINE } });
  await renewed(here.parts);
  assert.deepEqual(here.said(), ["GET /push/key", "DELETE /api/push-subscriptions/old", "PUT /api/push-subscriptions/new"]);
  assert.equal(here.calls[2].body.lang, "en");
  const { reader, session, keyId, at } = here.kept.get("push");
  assert.deepEqual({ reader, session, keyId, at }, { reader: "anna", session: "s1", keyId: "p001", at: 9 });
});

test("where nobody had asked for one, none is made", async () => {
  const here = worker();
  await renewed(here.parts);
  assert.equal(here.manager.made, 0);
  assert.deepEqual(here.said(), []);
});

test("without network it is left to the next opening", async () => {
  const here = worker({ kept: { push: MINE }, answers: { GET: new TypeError("no network") } });
  await renewed(here.parts);
  assert.deepEqual(here.kept.get("push"), MINE);
});

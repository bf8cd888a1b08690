import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, madeWith, PATIENCE, Refused, resync, turnOff, turnOn, Unreachable } from "../../../app/static/js/messages/subscription.js";
import { Clock } from "../clock.js";
import { KEY, Manager, NEW_KEY, server, store } from "./browser.js";

const DAY = 86_400_000;
const ANNA = { area: "/api", reader: "anna", session: "s1", lang: "zh" };

function phone({ manager = new Manager(), answers = {}, kept = {} } = {}) {
  const clock = new Clock();
  const [keeps, asked] = [store(kept), server(answers)];
  let made = 0;
  const newId = () => `id-${(made += 1)}`;
  const parts = { manager, fetch: asked.fetch, store: keeps, clock, newId, now: () => clock.now };
  return { parts, manager, clock, ...asked, answers, mine: () => keeps.kept.get("push"), kept: keeps.kept };
}

/** A phone that was turned on by Anna a minute ago; what was asked until then is forgotten. */
async function turnedOn(options) {
  const here = phone(options);
  await turnOn(here.parts, ANNA);
  here.clock.now += 60_000;
  here.calls.length = 0;
  return here;
}

test("turned on: one subscription that shows what it gets, with our key, told to the server, kept with its id", async () => {
  const here = phone();
  await turnOn(here.parts, ANNA);
  assert.deepEqual(here.said(), ["GET /push/key", "PUT /api/push-subscriptions/id-1"]);
  assert.deepEqual(here.calls[1].body, { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" }, key_id: "p001", lang: "zh" });
  assert.ok(madeWith(here.manager.subscription, KEY));
  assert.equal(here.manager.subscription.options.userVisibleOnly, true);
  assert.deepEqual(here.mine(), { ...ANNA, id: "id-1", keyId: "p001", endpoint: "https://push.example/1", at: here.clock.now });
});

test("a push service out of reach never answers: after eight seconds the person is told", async () => {
  const here = phone({ manager: new Manager({ hangs: true }) });
  const waited = assert.rejects(turnOn(here.parts, ANNA), Unreachable);
  await new Promise(setImmediate);
  assert.equal(PATIENCE, 8000);
  here.clock.pass(PATIENCE);
  await waited;
  assert.equal(here.mine(), undefined);
});

test("our own server that never answers is not waited for longer either", async () => {
  const here = phone();
  const waited = assert.rejects(turnOn({ ...here.parts, fetch: () => new Promise(() => {}) }, ANNA), { message: "" });
  await new Promise(setImmediate);
  here.clock.pass(PATIENCE);
  await waited;
});

test("a push service that refuses is out of reach; a person who refuses is another thing", async () => {
  await assert.rejects(turnOn(phone({ manager: new Manager({ refuses: "AbortError" }) }).parts, ANNA), Unreachable);
  await assert.rejects(turnOn(phone({ manager: new Manager({ refuses: "NotAllowedError" }) }).parts, ANNA), { name: "NotAllowedError" });
});

test("a push service that our server does not write to is given up at once", async () => {
  const here = phone({ answers: { "PUT": 422 } });
  await assert.rejects(turnOn(here.parts, ANNA), Unreachable);
  assert.equal(here.mine(), undefined);
  assert.equal(here.manager.subscription, null);
});

test("what was cut off before the server had it is told at the next opening", async () => {
  const here = phone({ answers: { "PUT": new TypeError("no network") } });
  await assert.rejects(turnOn(here.parts, ANNA), Refused);
  assert.equal(here.mine().at, 0);
  delete here.answers.PUT;
  assert.equal(await resync(here.parts, ANNA, false), "on");
  assert.equal(here.mine().at, here.clock.now);
  assert.equal(here.mine().id, "id-1");
});

test("at every page nothing is asked while nothing changed; at an opening the key is looked at", async () => {
  const here = await turnedOn();
  assert.equal(await resync(here.parts, ANNA, false), "on");
  assert.deepEqual(here.said(), []);
  assert.equal(await resync(here.parts, ANNA, true), "on");
  assert.deepEqual(here.said(), ["GET /push/key"]);
});

for (const [what, who] of [["another language", { lang: "en" }], ["a new session of the same person", { session: "s2" }]]) {
  test(`${what} is told to the server under the same id`, async () => {
    const here = await turnedOn();
    await resync(here.parts, { ...ANNA, ...who }, false);
    assert.deepEqual(here.said(), ["PUT /api/push-subscriptions/id-1"]);
    assert.equal(here.mine().session, who.session ?? "s1");
    assert.equal(here.mine().lang, who.lang ?? "zh");
  });
}

test("once a day the server is told that this phone is still there", async () => {
  const here = await turnedOn();
  here.clock.now += DAY;
  await resync(here.parts, ANNA, false);
  assert.deepEqual(here.said(), ["GET /push/key", "PUT /api/push-subscriptions/id-1"]);
});

test("an endpoint that the browser changed gets a new id, and the old one goes", async () => {
  const here = await turnedOn();
  here.manager.put("https://push.example/moved", bytes(KEY));
  await resync(here.parts, ANNA, false);
  assert.deepEqual(here.said(), ["DELETE /api/push-subscriptions/id-1", "PUT /api/push-subscriptions/id-2"]);
  assert.equal(here.mine().endpoint, "https://push.example/moved");
});

test("a new key of the server: subscribed again with it, without asking the person", async () => {
  const here = await turnedOn();
  here.answers["GET /push/key"] = { id: "p002", key: NEW_KEY };
  await resync(here.parts, ANNA, true);
  assert.deepEqual(here.manager.gone, ["https://push.example/1"]);
  assert.ok(madeWith(here.manager.subscription, NEW_KEY));
  assert.equal(here.mine().keyId, "p002");
  assert.deepEqual(here.said().slice(-2), ["DELETE /api/push-subscriptions/id-1", "PUT /api/push-subscriptions/id-2"]);
});

test("a subscription that the browser lost, or that is about to expire, is made again", async () => {
  const here = await turnedOn();
  await here.manager.subscription.unsubscribe();
  assert.equal(await resync(here.parts, ANNA, false), "on");
  assert.equal(here.mine().endpoint, "https://push.example/2");
  here.manager.subscription.expirationTime = here.clock.now + DAY / 2;
  assert.equal(await resync(here.parts, ANNA, false), "on");
  assert.equal(here.mine().endpoint, "https://push.example/3");
});

test("another person on the same phone: the first one's subscription ends, and the second has none until they ask", async () => {
  const here = await turnedOn();
  assert.equal(await resync(here.parts, { ...ANNA, reader: "boris", session: "s9" }, true), "off");
  assert.equal(here.manager.subscription, null);
  assert.equal(here.mine(), undefined);
});

test("a subscription of which nothing is known belongs to nobody and ends", async () => {
  const here = phone();
  here.manager.put("https://push.example/whose", bytes(KEY));
  assert.equal(await resync(here.parts, ANNA, true), "off");
  assert.deepEqual(here.manager.gone, ["https://push.example/whose"]);
});

test("at the desk a resident's subscription stays as it is, and is not the desk's", async () => {
  const here = await turnedOn();
  assert.equal(await resync(here.parts, { ...ANNA, area: "/desk", reader: "officer" }, true), "off");
  assert.equal(here.mine().reader, "anna");
  assert.deepEqual(here.said(), []);
});

test("at the desk the server is asked whether it has lost the subscription before it is told again", async () => {
  const officer = { area: "/desk", reader: "officer", session: "s5", lang: "zh" };
  const here = phone();
  await turnOn(here.parts, officer);
  here.clock.now += DAY;
  here.calls.length = 0;
  await resync(here.parts, officer, false);
  assert.deepEqual(here.said(), ["GET /push/key", "GET /desk/push-subscriptions/id-1"]);
  here.clock.now += DAY;
  here.calls.length = 0;
  here.answers["GET /desk/push"] = 404;
  await resync(here.parts, officer, false);
  assert.equal(here.said().at(-1), "PUT /desk/push-subscriptions/id-1");
});

test("turned off: the server hears it even while the page goes, the browser forgets", async () => {
  const here = await turnedOn();
  await turnOff(here.parts);
  assert.deepEqual(here.said(), ["DELETE /api/push-subscriptions/id-1"]);
  assert.equal(here.calls[0].keepalive, true);
  assert.equal(here.manager.subscription, null);
  assert.equal(here.mine(), undefined);
});

test("turned off without network it is off here all the same", async () => {
  const here = await turnedOn();
  here.answers.DELETE = new TypeError("no network");
  await turnOff(here.parts);
  assert.equal(here.manager.subscription, null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { pushed } from "../../../app/static/js/messages/pushed.js";
import { Clock } from "../clock.js";
import { server, store } from "./browser.js";

const ORIGIN = "https://linban.example";
const SAID = {
  title: "邻办", body: "您的办件有一项要补，点开看。", lang: "zh-CN", tag: "AZMwLnoAcACAAAAAAAAAAQ", navigate: `${ORIGIN}/messages/1`,
  app_badge: "3", data: { shown: "/push/shown/abc" },
};

function worker({ kept = {}, refuses = false, answers } = {}) {
  const shown = [];
  const badges = [];
  const asked = server(answers);
  const keeps = store(kept);
  const registration = {
    async showNotification(title, options) {
      if (refuses) throw new TypeError("no permission");
      shown.push({ title, ...options });
    },
  };
  const navigator = { setAppBadge: async (n) => badges.push(n), clearAppBadge: async () => badges.push(0) };
  const parts = { registration, navigator, store: keeps, fetch: asked.fetch, clock: new Clock(), now: () => 7, origin: ORIGIN, icon: "i", badge: "b" };
  return { parts, shown, badges, ...asked, kept: keeps.kept };
}

const event = (notification) => ({ data: { json: () => ({ web_push: 8030, notification }) } });

test("what is pushed is shown: words, language, tag, where it leads", async () => {
  const here = worker();
  await pushed(event(SAID), here.parts);
  assert.deepEqual(here.shown, [{
    title: "邻办", body: SAID.body, tag: SAID.tag, lang: "zh-CN", icon: "i", badge: "b", silent: false, renotify: false,
    data: { navigate: SAID.navigate, at: 7 },
  }]);
  assert.deepEqual(here.badges, [3]);
});

test("once it is shown the server hears so, without a cookie, even when the worker is ended", async () => {
  const here = worker();
  await pushed(event(SAID), here.parts);
  const [receipt] = here.calls;
  assert.equal(receipt.said, `POST ${ORIGIN}/push/shown/abc`);
  assert.equal(receipt.credentials, "omit");
  assert.equal(receipt.keepalive, true);
});

test("delivered twice it rings once: the second takes the first one's place in silence", async () => {
  const here = worker();
  await pushed(event(SAID), here.parts);
  await pushed(event(SAID), here.parts);
  assert.deepEqual(here.shown.map(({ silent, tag }) => [silent, tag]), [[false, SAID.tag], [true, SAID.tag]]);
  assert.equal(here.calls.length, 2);
});

test("only so many tags are remembered, the newest", async () => {
  const here = worker({ kept: { shown: Array.from({ length: 60 }, (_, n) => `t${n}`) } });
  await pushed(event(SAID), here.parts);
  assert.equal(here.kept.get("shown").length, 60);
  assert.equal(here.kept.get("shown")[0], SAID.tag);
});

test("what Safari has read already is shown too", async () => {
  const here = worker();
  await pushed({ data: null, notification: { ...SAID, app_badge: undefined }, appBadge: 4 }, here.parts);
  assert.equal(here.shown[0].body, SAID.body);
  assert.deepEqual(here.badges, [4]);
});

const broken = { json: () => { throw new SyntaxError("no"); } };
for (const [what, came] of [
  ["nothing", { data: null }], ["no JSON", { data: broken }], ["null", { data: { json: () => null } }], ["no title", event({ body: "x" })],
  ["a title that is no text", event({ title: 7 })],
]) {
  test(`${what}: something general is shown all the same, since iOS forgives only two that are not`, async () => {
    const here = worker();
    await pushed(came, here.parts);
    assert.equal(here.shown[0].body, "您有新消息，点开看。");
    assert.equal(here.shown[0].data.navigate, "/messages");
    assert.deepEqual(here.calls, []);
  });
}

test("the general words are in the reader's language and lead where they read", async () => {
  const here = worker({ kept: { push: { lang: "en", area: "/desk" } } });
  await pushed({ data: null }, here.parts);
  assert.equal(here.shown[0].title, "LinBan");
  assert.equal(here.shown[0].data.navigate, "/desk/messages");
});

test("two general ones both ring: they are not the same message", async () => {
  const here = worker();
  await pushed({ data: null }, here.parts);
  await pushed({ data: null }, here.parts);
  assert.deepEqual(here.shown.map(({ silent }) => silent), [false, false]);
});

test("fields of a wrong kind do no harm", async () => {
  const here = worker();
  await pushed(event({ title: "邻办", body: 5, lang: {}, tag: null, navigate: [], data: "x", app_badge: "many" }), here.parts);
  assert.equal(here.shown[0].body, "");
  assert.deepEqual(here.badges, []);
});

for (const shown of ["https://evil.example/push/shown/x", "//evil.example/x", "/elsewhere", "push/shown/x", 5]) {
  test(`no receipt goes to ${shown}`, async () => {
    const here = worker();
    await pushed(event({ ...SAID, data: { shown } }), here.parts);
    assert.deepEqual(here.calls, []);
    assert.equal(here.shown.length, 1);
  });
}

test("what could not be shown has no receipt", async () => {
  const here = worker({ refuses: true });
  await assert.rejects(pushed(event(SAID), here.parts), TypeError);
  assert.deepEqual(here.calls, []);
});

test("a receipt that does not arrive, a store or a badge that fails, change nothing", async () => {
  const here = worker({ answers: { POST: new TypeError("no network") } });
  const failing = async () => { throw new Error("closed"); };
  here.parts.store = { get: failing, set: failing, drop: failing };
  here.parts.navigator = { setAppBadge: failing };
  await pushed(event(SAID), here.parts);
  assert.equal(here.shown.length, 1);
});

test("a store that never answers does not keep the notification back", async () => {
  const here = worker();
  here.parts.store.get = () => new Promise(() => {});
  const showing = pushed(event(SAID), here.parts);
  await new Promise(setImmediate);
  here.parts.clock.pass(1000);
  await showing;
  assert.equal(here.shown.length, 1);
});

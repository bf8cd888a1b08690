import assert from "node:assert/strict";
import { test } from "node:test";

import { browserOf, lacking, look, mayAsk } from "../../../app/static/js/messages/state.js";

const ANDROID = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";
const WECHAT = `${ANDROID} XWEB/1 MicroMessenger/8.0.44`;
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1";
const IPHONE_WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.44";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15";
const DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
const FIREFOX = "Mozilla/5.0 (Android 13; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0";
const ALL = { secure: true, worker: true, push: true, notification: true, standalone: undefined, agent: ANDROID };

test("a browser that has everything lacks nothing", () => assert.equal(lacking(ALL), ""));

for (const part of ["secure", "worker", "push", "notification"]) {
  test(`without ${part} it cannot be pushed to`, () => assert.equal(lacking({ ...ALL, [part]: undefined, agent: WECHAT }), "unsupported"));
}

test("an iPhone's Safari can once we are on the home screen; WeChat on an iPhone cannot", () => {
  const tab = { ...ALL, push: undefined, notification: undefined, standalone: false };
  assert.equal(lacking({ ...tab, agent: IPHONE }), "install");
  assert.equal(lacking({ ...tab, agent: IPHONE_WECHAT }), "unsupported");
  assert.equal(lacking({ ...tab, agent: IPHONE, secure: false }), "unsupported");
  assert.equal(lacking({ ...tab, agent: IPHONE, standalone: true }), "unsupported");
});

for (const [facts, seen] of [
  [{ missing: "install", permission: undefined }, "install"], [{ missing: "unsupported", permission: "denied" }, "unsupported"],
  [{ permission: "denied", subscribed: true }, "denied"], [{ permission: "granted", subscribed: true }, "on"],
  [{ permission: "granted", subscribed: false }, "off"], [{ permission: "default", subscribed: false }, "off"],
  [{ permission: "granted", subscribed: false, unreachable: true }, "unreachable"], [{ permission: "granted", subscribed: true, unreachable: true }, "on"],
]) {
  test(`${JSON.stringify(facts)} is ${seen}`, () => assert.equal(look({ missing: "", ...facts }), seen));
}

for (const [agent, standalone, steps] of [
  [ANDROID, false, "android"], [ANDROID, true, "app"], [IPHONE, true, "ios"], [DESKTOP, false, "chrome"], [FIREFOX, false, "firefox"],
  [MAC, undefined, "safari"], ["Opera/9", false, "other"],
]) {
  test(`${agent.slice(0, 40)}… ${standalone} has the steps of ${steps}`, () => assert.equal(browserOf({ agent, standalone }), steps));
}

const DAY = 86_400_000;
test("以后再说 holds for thirty days", () => {
  const asked = { here: "/messages", once: false };
  assert.equal(mayAsk({ ...asked, now: 40 * DAY }), true);
  assert.equal(mayAsk({ ...asked, later: 10 * DAY, now: 39 * DAY }), false);
  assert.equal(mayAsk({ ...asked, later: 10 * DAY, now: 40 * DAY }), true);
});

test("the receipt asks once: on the first receipt, and there as often as it is looked at", () => {
  const receipt = { once: true, now: 0 };
  assert.equal(mayAsk({ ...receipt, here: "/receipts/1" }), true);
  assert.equal(mayAsk({ ...receipt, here: "/receipts/1", asked: "/receipts/1" }), true);
  assert.equal(mayAsk({ ...receipt, here: "/receipts/2", asked: "/receipts/1" }), false);
});

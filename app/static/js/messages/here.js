// Push in this browser, with the browser's own parts at hand; loaded once a page, by whoever needs it first. DOM only.
import { kept } from "../core/kept.js";
import { newId } from "../core/uuid7.js";
import { inTime } from "../core/waiting.js";
import { badge, clear } from "./badge.js";
import { lacking } from "./state.js";
import { PATIENCE, resync, turnOff, turnOn, Unreachable } from "./subscription.js";

const container = navigator.serviceWorker;
export const store = kept(globalThis.indexedDB);
export const standalone = navigator.standalone ?? globalThis.matchMedia?.("(display-mode: standalone)").matches;
export const missing = lacking({
  secure: globalThis.isSecureContext, worker: container && globalThis.indexedDB, push: globalThis.PushManager,
  notification: globalThis.Notification?.requestPermission, standalone: navigator.standalone, agent: navigator.userAgent,
});
export const area = location.pathname.startsWith("/desk") ? "/desk" : "/api";
const [reader = "", session = ""] = (document.body.dataset.reader ?? "").split(".");
const who = { area, reader, session, lang: document.documentElement.lang === "en" ? "en" : "zh" };

/** Our service worker; Unreachable where none comes to life, as in browsers too old for its modules. */
async function registered() {
  try {
    return await inTime(container.ready, PATIENCE, globalThis);
  } catch {
    throw new Unreachable();
  }
}

const parts = async () => ({
  manager: (await registered()).pushManager, fetch: globalThis.fetch.bind(globalThis), store, clock: globalThis, newId, now: Date.now,
});

/** Ask the browser: "granted", "denied", or "default" when the person closed the question. */
function permission() {
  return new Promise((resolve) => {
    const asked = Notification.requestPermission(resolve); // old Safari answers to the function only
    asked?.then(resolve);
  });
}

/** After a tap: ask, subscribe, tell the server. Raises what turnOn raises; gives the permission. */
export async function on() {
  const answer = await permission();
  if (answer === "granted") await turnOn(await parts(), who);
  return answer;
}

/** Give this browser's subscription up. */
export async function off() {
  await turnOff(await parts());
}

/** At the way out: nothing of this reader comes to this screen any more, nor stays on it. */
export async function leave() {
  const found = await container?.getRegistration();
  const mine = await store.get("push");
  await Promise.allSettled([
    ...(mine?.area === area && found ? [off()] : []), clear(found, area), badge(navigator, 0),
    ...["later", "asked", "unreachable", "shown"].map((name) => store.drop(name)),
  ]);
}

/** The first page since this tab was opened. */
function opening() {
  try {
    const seen = sessionStorage.getItem("linban-open");
    sessionStorage.setItem("linban-open", "1");
    return !seen;
  } catch {
    return true;
  }
}

async function synced() {
  if (missing || !reader) return false;
  const before = await store.get("push");
  try {
    const now = await resync(await parts(), who, opening());
    if (before && before.area === area && before.reader !== reader) {
      await clear(await registered(), area);
    }
    return now === "on";
  } catch {
    return Boolean((await store.get("push"))?.at); // without network it stays as it was
  }
}

/** Whether this reader's messages are pushed to this browser, once it is in step with the server. */
export const subscribed = globalThis.Notification?.permission === "granted" ? synced().catch(() => false) : Promise.resolve(false);

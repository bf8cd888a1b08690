// This browser's push subscription: made, told to the server, kept in step with it, given up. For page and service worker; no DOM.
//
// What is kept under "push": {id, area, reader, session, keyId, endpoint, lang, at}. `area` is where the server is told: /api for
// residents, /desk for staff. `reader` and `session` are the marks of whose page it was made on; `at` when the server last
// took it, 0 while it has not.
import { inTime } from "../core/waiting.js";

/** Milliseconds that the browser may take to reach its push service: where it is out of reach, subscribe() never answers. */
export const PATIENCE = 8000;
const DAY = 86_400_000;

/** The browser cannot reach its push service. */
export class Unreachable extends Error {}

/** Our server said no, or was not there (status 0). */
export class Refused extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

const address = ({ area, id }) => `${area}/push-subscriptions/${id}`;

/** Bytes of unpadded base64url. */
export function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Whether the subscription was made with this key of ours; a browser that does not say is believed. */
export function madeWith(subscription, key) {
  const used = subscription.options?.applicationServerKey;
  if (!used) return true;
  const [mine, theirs] = [bytes(key), new Uint8Array(used)];
  return mine.length === theirs.length && mine.every((byte, at) => byte === theirs[at]);
}

async function ask(fetch, url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Refused(0);
  }
}

/** {id, key}: the server's current key. */
export async function currentKey(fetch) {
  const answer = await ask(fetch, "/push/key", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Refused(answer.status);
  return answer.json();
}

async function obtain(manager, key) {
  const old = await manager.getSubscription();
  if (old && madeWith(old, key.key)) return old;
  if (old) await old.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key.key) });
}

async function obtained({ manager, clock }, key) {
  try {
    return await inTime(obtain(manager, key), PATIENCE, clock);
  } catch (error) {
    throw error?.name === "NotAllowedError" ? error : new Unreachable();
  }
}

/** Tell the server; what is kept says before and after how far it came, so that the next opening heals what was cut off. */
async function announce({ fetch, store, newId, now }, who, subscription, keyId, old) {
  const { endpoint, keys } = subscription.toJSON();
  const same = old && old.endpoint === endpoint && old.area === who.area;
  const mine = { ...who, id: same ? old.id : newId(), keyId, endpoint, at: 0 };
  await store.set("push", mine);
  if (old && !same) await ask(fetch, address(old), { method: "DELETE" }).catch(() => {});
  const body = JSON.stringify({ endpoint, keys, key_id: keyId, lang: who.lang });
  const answer = await ask(fetch, address(mine), { method: "PUT", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Refused(answer.status);
  await store.set("push", { ...mine, at: now() });
}

/**
 * Subscribe and tell the server. Raises Unreachable, Refused, TooLong (our own server), or NotAllowedError.
 * @param {{manager: PushManager, fetch: typeof fetch, store: object, clock: object, newId: () => string, now: () => number}} parts
 * @param {{area: string, reader: string, session: string, lang: string}} who
 */
export async function turnOn(parts, who) {
  const key = await inTime(currentKey(parts.fetch), PATIENCE, parts.clock);
  const subscription = await obtained(parts, key);
  try {
    await announce(parts, who, subscription, key.id, await parts.store.get("push"));
  } catch (error) {
    if (error.status !== 422) throw error;
    await turnOff(parts); // a push service that the server does not write to
    throw new Unreachable();
  }
}

/** Give the subscription up, here and on the server; what fails there ends with the session, or with the next push. */
export async function turnOff({ manager, fetch, store }) {
  const [old, subscription] = await Promise.all([store.get("push"), manager.getSubscription()]);
  await store.drop("push");
  await Promise.allSettled([
    old && fetch(address(old), { method: "DELETE", keepalive: true }),
    subscription?.unsubscribe(),
  ]);
}

/** Whether the server still has it. Asked at the desk only, where telling leaves a record each time; a resident's is told anyway. */
async function there(fetch, old) {
  return old.area === "/desk" && (await ask(fetch, address(old), {})).status !== 404;
}

const differs = (old, subscription, who) =>
  old.at === 0 || old.endpoint !== subscription.endpoint || old.lang !== who.lang || old.session !== who.session;

/**
 * Bring browser and server into step, at every opening: "on", or "off" when this reader has no subscription here.
 * Another reader's is given up: their messages never come to this screen. `opening` looks for a new key of the server too.
 */
export async function resync(parts, who, opening) {
  const { manager, fetch, store, now } = parts;
  const [old, subscription] = await Promise.all([store.get("push"), manager.getSubscription()]);
  if (!old || (old.area === who.area && old.reader !== who.reader)) {
    if (old || subscription) await turnOff(parts);
    return "off";
  }
  if (old.area !== who.area) return "off";
  if (!subscription || (subscription.expirationTime && subscription.expirationTime < now() + DAY)) {
    await subscription?.unsubscribe();
    await turnOn(parts, who);
    return "on";
  }
  const due = now() - old.at >= DAY;
  const key = opening || due ? await currentKey(fetch) : null;
  if (key && (key.id !== old.keyId || !madeWith(subscription, key.key))) await turnOn(parts, who);
  else if (differs(old, subscription, who) || (due && !(await there(fetch, old)))) {
    await announce(parts, who, subscription, old.keyId, old);
  } else if (due) await store.set("push", { ...old, at: now() });
  return "on";
}

// A push, in the service worker: one visible notification for each tag, a receipt that it was shown, the number on the icon.
// Always a visible one, whatever came: after three pushes without, iOS takes the permission away.
import { inTime } from "../core/waiting.js";
import { badge as putBadge } from "./badge.js";

/** How many tags are remembered, so that what is delivered twice does not ring twice. */
const REMEMBERED = 60;
/** What is said when the push cannot be read. */
const GENERAL = {
  zh: { title: "邻办", body: "您有新消息，点开看。", lang: "zh-CN" },
  en: { title: "LinBan", body: "You have news. Tap to see.", lang: "en" },
};

/** What the push says: declarative JSON, or what Safari has read of it already (`event.notification`); null when neither. */
function told(event) {
  let said;
  try {
    said = event.data?.json()?.notification;
  } catch {
    said = undefined;
  }
  said ??= event.notification;
  return typeof said?.title === "string" && said.title ? said : null;
}

const text = (value) => (typeof value === "string" ? value : "");

/** Wait for what the device keeps, but not for ever: a notification that never comes is worse than one that rings twice. */
async function recalled(store, name, clock) {
  try {
    return await inTime(store.get(name), 1000, clock);
  } catch {
    return undefined;
  }
}

/** The receipt's address, only when it is our own. */
function receipt(said, origin) {
  const address = text(said.data?.shown);
  return address.startsWith("/push/shown/") ? new URL(address, origin).href : null;
}

/**
 * @param {PushEvent} event
 * @param {{registration: ServiceWorkerRegistration, navigator: WorkerNavigator, store: object, fetch: typeof fetch, clock: object,
 *          now: () => number, origin: string, icon: string, badge: string}} parts
 */
export async function pushed(event, { registration, navigator, store, fetch, clock, now, origin, icon, badge }) {
  let said = told(event);
  if (!said) {
    const mine = await recalled(store, "push", clock);
    const navigate = mine?.area === "/desk" ? "/desk/messages" : "/messages";
    said = { ...GENERAL[mine?.lang === "en" ? "en" : "zh"], navigate };
  }
  const tag = text(said.tag) || "news";
  const known = (await recalled(store, "shown", clock)) ?? [];
  const again = said.tag !== undefined && known.includes(tag);
  await registration.showNotification(said.title, {
    body: text(said.body), tag, lang: text(said.lang), icon, badge, silent: again, renotify: false,
    data: { navigate: text(said.navigate), at: now() },
  });
  const kept = [tag, ...known.filter((one) => one !== tag)].slice(0, REMEMBERED);
  const shown = receipt(said, origin);
  const count = Number(said.app_badge ?? event.appBadge ?? NaN);
  await Promise.allSettled([
    shown && fetch(shown, { method: "POST", credentials: "omit", keepalive: true }),
    store.set("shown", kept),
    putBadge(navigator, count),
  ]);
}

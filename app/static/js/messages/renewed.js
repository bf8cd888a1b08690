// The browser changed the subscription by itself (pushsubscriptionchange), in the service worker: make it good, tell the server.
import { turnOn } from "./subscription.js";

/** Subscribe again for the same reader; without one there is nobody to tell. What fails now is made good at the next opening. */
export async function renewed(parts) {
  const old = await parts.store.get("push");
  if (!old) return;
  const { area, reader, session, lang } = old;
  await turnOn(parts, { area, reader, session, lang }).catch(() => {});
}

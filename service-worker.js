// What works for LinBan while no page of it is open: shows what is pushed, opens what is tapped, keeps the subscription alive.
// An ES module, so that it shares its parts with the pages; in the repository they are named by path, the server writes the
// address of the release (app/pwa/routes.py), so that every release has a service worker of its own bytes.
// It answers no `fetch`: nothing is better than a handler that does nothing. Offline filing will add its queue on `sync` here.
import { kept } from "./app/static/js/core/kept.js";
import { newId } from "./app/static/js/core/uuid7.js";
import { pushed } from "./app/static/js/messages/pushed.js";
import { renewed } from "./app/static/js/messages/renewed.js";
import { tapped } from "./app/static/js/messages/tapped.js";

const ICON = new URL("./app/static/icons/app-192.png", import.meta.url).href;
const BADGE = new URL("./app/static/icons/badge-96.png", import.meta.url).href;
const { clients, location, navigator, registration } = self;
const call = self.fetch.bind(self);
const store = kept(self.indexedDB);

self.addEventListener("push", (event) => {
  event.waitUntil(pushed(event, { registration, navigator, store, fetch: call, clock: self, now: Date.now, origin: location.origin, icon: ICON, badge: BADGE }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(tapped(event.notification, { clients, clock: self, origin: location.origin }));
});

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renewed({ manager: registration.pushManager, fetch: call, store, clock: self, newId, now: Date.now }));
});

// A new release waits until its page asks for it: 有新版本 (js/pwa/updating.js). The first one takes over the open pages at once.
self.addEventListener("message", (event) => {
  if (event.data?.type === "skip-waiting") event.waitUntil(self.skipWaiting());
});
self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// On every page: the service worker and its updates, push in step, the number on the icon, the way out. DOM only.
import { dirty } from "./dirty.js";
import { updates } from "./updating.js";

const container = navigator.serviceWorker;
const typed = () => dirty(document.forms) || document.querySelector("[aria-busy=true]") !== null;
const here = () => import("../messages/here.js");
const atDesk = location.pathname.startsWith("/desk");

/** What is unread, as it was at a moment: on the icon; when nothing is, what was shown until then goes from the screen too. */
async function unread(count, at) {
  const { badge, clear } = await import("../messages/badge.js");
  await badge(navigator, count);
  if (count === 0) await clear(await container?.getRegistration(), atDesk ? "/desk" : "/api", at);
}

async function start() {
  const registration = await container.register("/service-worker.js", { type: "module", updateViaCache: "none" });
  const notice = document.querySelector("[data-update]");
  if (!registration || !notice) return;
  const watch = updates({
    registration, container, dirty: typed, reload: () => location.reload(),
    offer(shown) {
      if (shown && notice.hidden) document.querySelector("main")?.prepend(notice);
      notice.hidden = !shown;
    },
  });
  notice.querySelector("button").addEventListener("click", watch.take);
  for (const event of ["input", "change", "reset"]) document.addEventListener(event, () => setTimeout(watch.look));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {}); // an app stays open for days
  });
}

if (container) {
  // A tapped notification may lead this page elsewhere, unless somebody is typing in it (messages/tapped.js).
  container.addEventListener("message", ({ data, ports }) => {
    if (data?.type === "may-leave") ports[0].postMessage(!typed());
  });
  container.startMessages?.();
  addEventListener("load", () => start().catch(() => {})); // too old for modules in a service worker: then without
}

if (document.body.dataset.reader) {
  if (globalThis.Notification?.permission === "granted") here().catch(() => {});
  const known = document.querySelector("[data-unread]");
  if (known) unread(Number(known.dataset.unread), performance.timeOrigin).catch(() => {});
  document.addEventListener("linban:unread", ({ detail }) => unread(detail.unread, Date.now()).catch(() => {}));
}

for (const form of document.querySelectorAll(`form[action="${atDesk ? "/desk" : ""}/sign-out"]`)) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const go = () => HTMLFormElement.prototype.submit.call(form);
    const left = container ? here().then(({ leave }) => leave()) : Promise.resolve();
    Promise.race([left, new Promise((resolve) => setTimeout(resolve, 3000))]).then(go, go); // the way out is never barred
  });
}

// A tap on a notification, in the service worker: its page opens in a window of ours that nobody is typing in, else in a new one.
import { inTime } from "../core/waiting.js";

/** How long a window is asked whether it may be led elsewhere; one that sleeps does not answer. */
const ASKING = 400;

/** Only our own pages are opened; anything else leads to the messages. */
export function address(wanted, origin) {
  try {
    const url = new URL(wanted || "/messages", origin);
    return url.origin === origin ? url.href : `${origin}/messages`;
  } catch {
    return `${origin}/messages`;
  }
}

const ofDesk = (url) => /^\/desk(\/|$)/.test(new URL(url).pathname);

async function mayLeave(window, clock) {
  const { port1, port2 } = new MessageChannel();
  const asked = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
  });
  window.postMessage({ type: "may-leave" }, [port2]);
  try {
    return await inTime(asked, ASKING, clock);
  } catch {
    return false;
  } finally {
    port1.close();
  }
}

/** Open what the notification is about. One window at most is touched: the browser allows no more for one tap. */
export async function tapped(notification, { clients, clock, origin }) {
  const url = address(notification.data?.navigate, origin);
  const windows = (await clients.matchAll({ type: "window", includeUncontrolled: true })).filter(
    (window) => ofDesk(window.url) === ofDesk(url),
  );
  for (const window of windows) {
    if (!(await mayLeave(window, clock))) continue;
    try {
      const led = await window.navigate(url);
      await (led ?? window).focus();
      return;
    } catch {
      break; // not under this worker: it cannot be led
    }
  }
  await clients.openWindow(url);
}

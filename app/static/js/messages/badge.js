// The number of unread messages on the app's icon, where the browser has one, and what still lies among the notifications.

/** Put a number on the icon; 0 takes it away, anything else that is no number leaves it as it is. Never fails. */
export async function badge(navigator, count) {
  if (!Number.isInteger(count) || count < 0) return;
  try {
    await (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.());
  } catch {
    // not installed, or not allowed: then there is none
  }
}

/** Whether a notification is for the desk (staff) rather than for a resident. */
const ofDesk = (notification) => /^(https?:\/\/[^/]+)?\/desk\//.test(notification.data?.navigate ?? "");

/** Take our notifications from the screen: of residents (`/api`) or of staff (`/desk`), that were shown before a moment. */
export async function clear(registration, area, before = Infinity) {
  const shown = (await registration?.getNotifications()) ?? [];
  for (const one of shown) if (ofDesk(one) === (area === "/desk") && (one.data?.at ?? 0) < before) one.close();
}

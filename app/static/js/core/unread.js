// The number of unread messages wherever a page shows it: in this page, and in the other open pages of this browser.

// A reviewer's and a resident's session can be open side by side in one browser: their numbers are apart.
const area = location.pathname.startsWith("/desk") ? "desk" : "resident";
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`linban.${area}`) : null;

/** Put the number on tabs and bars; an element says it with words of its own. */
function show(count) {
  for (const dot of document.querySelectorAll("[data-dot]")) {
    dot.hidden = !count;
    dot.textContent = count < 100 ? count : "99+";
    dot.setAttribute("aria-label", dot.dataset.dot.replace("{n}", count));
  }
  for (const part of document.querySelectorAll("[data-when-unread]")) part.hidden = !count;
  document.dispatchEvent(new CustomEvent("linban:unread", { detail: { unread: count } }));
}

/** Say the number everywhere. */
export function tell(count) {
  show(count);
  channel?.postMessage({ unread: count });
}

channel?.addEventListener("message", ({ data }) => {
  if (Number.isInteger(data?.unread)) show(data.unread);
});

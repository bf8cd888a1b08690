// The case page in the browser: server-sent events in, changed sections replaced, focus and scroll kept.
import { keepUp } from "./live.js";

const said = document.querySelector("[data-live]");
const address = `/cases/${said.dataset.number}`;

function listen(tell) {
  const source = new EventSource(`${address}/stream`);
  source.addEventListener("version", (event) => tell(Number(event.data)));
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  return () => source.close();
}

async function load() {
  const answer = await fetch(address, { headers: { "HX-Request-Type": "partial" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) return null;
  const html = await answer.text();
  const version = Number(/data-version="(\d+)"/.exec(html)?.[1] ?? 0);
  return { version, html };
}

// Sections that are the same stay the same nodes: what has the focus, is selected or read aloud is not disturbed.
function replace(old, fresh) {
  const kept = new Map([...old.children].filter((part) => part.id).map((part) => [part.id, part]));
  let at = old.firstElementChild;
  for (const part of [...fresh.children]) {
    const before = kept.get(part.id);
    if (before && before.outerHTML === part.outerHTML) {
      while (at && at !== before) at = drop(at);
      at = before.nextElementSibling;
    } else {
      old.insertBefore(document.importNode(part, true), at);
    }
  }
  while (at) at = drop(at);
}

function drop(part) {
  const next = part.nextElementSibling;
  part.remove();
  return next;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#case");
  const old = document.querySelector("#case");
  if (!fresh || !old) return;
  const focused = document.activeElement?.closest("#case") ? document.activeElement : null;
  const way = focused && (focused.id ? `#${focused.id}` : focused.getAttribute("href") && `a[href="${focused.getAttribute("href")}"]`);
  for (const { id } of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${id}`)?.setAttribute("open", "");
  replace(old, fresh);
  old.dataset.version = fresh.dataset.version;
  if (focused && document.activeElement !== focused) {
    const again = focused.isConnected ? focused : way && old.querySelector(way);
    (again || old.querySelector("h2"))?.focus({ preventScroll: true });
  }
  said.textContent = "";
  said.textContent = said.dataset.said;
}

if ("EventSource" in globalThis) {
  keepUp({ listen, load, show, version: Number(document.querySelector("#case").dataset.version) });
}

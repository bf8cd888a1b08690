// An open inbox in the browser: its stream through htmx's extension, the part that changed morphed in, focus and place kept.
import htmx from "../../vendor/hx-sse.js";
import { keepUp } from "./live.js";
import { tell } from "../core/unread.js";

const live = document.querySelector("[data-live]");
const said = document.querySelector("[data-arrived]");
const inbox = () => document.getElementById("inbox");
let before = null;

async function ask() {
  const answer = await fetch(`${live.dataset.live}/news`, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.status === 401 || answer.status === 403) gone();
  return answer.ok ? answer.json() : null;
}

const open = keepUp({
  shown: () => inbox().dataset.version,
  refresh: () => htmx.trigger(inbox(), "refresh"),
  unread: tell,
  arrived() {
    said.textContent = "";
    said.textContent = said.dataset.arrived;
  },
  ask,
  clock: { setTimeout: setTimeout.bind(globalThis), clearTimeout: clearTimeout.bind(globalThis) },
  count: Number(inbox().dataset.unread),
});

// Signed out meanwhile, here or elsewhere: the page's own address leads to where it goes on.
function gone() {
  open.end();
  location.reload();
}

// What stands where: the part with the focus, else the first that is seen, so that new messages above it move nothing.
function place() {
  const parts = [...inbox().querySelectorAll("[id]")];
  const focused = inbox().contains(document.activeElement) ? document.activeElement : null;
  const held = focused?.closest("[id]") ?? (scrollY > 0 ? parts.find((part) => part.getBoundingClientRect().top >= 0) : null);
  return { held: held?.id, top: held?.getBoundingClientRect().top, focus: focused?.id, typed: focused?.matches("input") };
}

function keepPlace({ held, top, focus }) {
  const now = held && document.getElementById(held);
  if (now) scrollBy(0, now.getBoundingClientRect().top - top);
  if (focus && !inbox().contains(document.activeElement)) {
    (document.getElementById(focus) ?? inbox().querySelector("h2, h3"))?.focus({ preventScroll: true });
  }
}

document.addEventListener("htmx:before:swap", ({ detail }) => {
  before = detail.ctx.sourceElement === inbox() ? place() : null;
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.target?.id !== "inbox") return;
  if (before) keepPlace(before);
  tell(Number(inbox().dataset.unread));
  open.refreshed();
});

live.addEventListener("news", ({ detail }) => open.news(JSON.parse(detail.data)));
live.addEventListener("beat", () => open.beat());
live.addEventListener("htmx:sse:error", ({ detail }) => {
  if (detail.status === 401 || detail.status === 403) gone();
});
live.addEventListener("htmx:response:error", ({ detail }) => {
  if ([401, 403].includes(detail.ctx.response?.status)) gone();
});
document.addEventListener("visibilitychange", () => (document.hidden ? open.pause() : open.resume()));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

live.setAttribute("hx-sse:connect", `${live.dataset.live}/stream`);
htmx.process(live);

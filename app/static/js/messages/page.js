// 手机通知 on a page: the card, the strip and the switch show what is true here; a tap on them turns it on or off. DOM only.
import * as here from "./here.js";
import { browserOf, look, mayAsk } from "./state.js";
import { Unreachable } from "./subscription.js";

const all = (selector) => document.querySelectorAll(selector);
const card = document.querySelector("[data-push-card]");
const said = document.querySelector("[data-push-said]");
const steps = browserOf({ agent: navigator.userAgent, standalone: here.standalone });

const recall = (name) => here.store.get(name).catch(() => undefined);
const note = (name, value) => here.store.set(name, value).catch(() => {});

/** Show whatever is marked for this state, hide what is marked for another; `done`: somebody has just tapped. */
function show(state, { ask = false, done = false } = {}) {
  document.body.dataset.push = state;
  for (const part of all("[data-push-when]")) part.hidden = !part.dataset.pushWhen.split(" ").includes(state);
  for (const part of all("[data-push-after]")) part.hidden = !done || part.dataset.pushAfter !== state;
  for (const part of all("[data-push-steps]")) part.hidden = part.dataset.pushSteps !== steps;
  for (const toggle of all("[data-push-switch]")) toggle.setAttribute("aria-checked", String(state === "on"));
  if (card) card.hidden = !ask || !["off", "failed"].includes(state);
  if (done) said?.focus();
}

async function stateNow(subscribed) {
  const unreachable = here.missing ? false : Boolean(await recall("unreachable"));
  return look({ missing: here.missing, permission: globalThis.Notification?.permission, subscribed, unreachable });
}

async function open() {
  const now = await stateNow(await here.subscribed);
  let ask = false;
  if (card && now === "off") {
    const [later, asked] = await Promise.all([recall("later"), recall("asked")]);
    const once = "pushOnce" in card.dataset;
    ask = mayAsk({ later, asked, here: location.pathname, once, now: Date.now() });
    if (ask && once && !asked) await note("asked", location.pathname);
  }
  show(now, { ask });
}

async function turnOn() {
  try {
    const answer = await here.on();
    if (answer === "granted") await here.store.drop("unreachable").catch(() => {});
    show(await stateNow(answer === "granted"), { ask: true, done: true });
  } catch (error) {
    if (error instanceof Unreachable) await note("unreachable", Date.now());
    const denied = error?.name === "NotAllowedError";
    show(denied ? "denied" : error instanceof Unreachable ? "unreachable" : "failed", { ask: true, done: true });
  }
}

async function turnOff() {
  await here.off().catch(() => {});
  show("off", { done: true });
}

/** One tap at a time; the button says that it is working. */
function busily(button, act) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
    await act();
    button.removeAttribute("aria-disabled");
    if (button.dataset.busy) button.textContent = words;
  });
}

for (const button of all("[data-push-on]")) busily(button, turnOn);
for (const button of all("[data-push-switch]")) {
  busily(button, () => {
    if (button.getAttribute("aria-checked") === "true") return turnOff();
    show("busy");
    return turnOn();
  });
}
for (const button of all("[data-push-later]")) {
  button.addEventListener("click", () => {
    card.hidden = true;
    note("later", Date.now());
    document.querySelector("main")?.focus();
  });
}
open();

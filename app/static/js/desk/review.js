// The review page: viewer, decision and shortcuts tied together.
import { startDecision } from "./decision.js";
import { action, helpDialog, keysSwitch } from "./keys.js";
import { startViewer } from "./viewer.js";

const root = document;
const form = root.querySelector("[data-decision]");
const decision = form ? startDecision(root, form) : { approve() {}, marked() {} };
const viewer = startViewer(root.querySelector("[data-viewer]"), form, decision.marked);
const toggle = keysSwitch(globalThis.localStorage);
const hint = root.querySelector("[data-mark-hint]");
if (hint) hint.hidden = !root.querySelector("[data-mark]");
const actions = {
  nextItem: () => root.querySelector('[data-hop="down"]')?.click(),
  previousItem: () => root.querySelector('[data-hop="up"]')?.click(),
  approve: decision.approve,
  next: viewer.next,
  previous: viewer.previous,
  mark: viewer.mark,
  help: helpDialog(root, toggle),
  find: () => {},
};
root.addEventListener("keydown", (event) => {
  if (root.querySelector("dialog[open]")) return;
  const name = action(event, "review", toggle.on());
  if (!name) return;
  event.preventDefault();
  actions[name]();
});
root.querySelector("[data-focus]")?.focus();

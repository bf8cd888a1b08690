// The queue by keyboard: J K move, Enter opens, A claims; filters apply as they are chosen. Everything is a link or button already.
import { action, helpDialog, keysSwitch } from "./keys.js";

/** The row to go to from `current` (-1: none) among `count` rows. */
export function moved(current, by, count) {
  if (count === 0) return -1;
  return Math.min(count - 1, Math.max(0, current < 0 ? 0 : current + by));
}

function start(root, toggle) {
  const rows = [...root.querySelectorAll("[data-row]")];
  let current = rows.length ? 0 : -1;
  const select = (index, focus = true) => {
    rows[current]?.removeAttribute("data-on");
    current = index;
    rows[current]?.setAttribute("data-on", "");
    if (focus) rows[current]?.querySelector("[data-open]").focus();
    rows[current]?.scrollIntoView({ block: "nearest" });
  };
  select(current, false);
  for (const [index, row] of rows.entries()) row.addEventListener("focusin", () => index !== current && select(index, false));
  const help = helpDialog(root, toggle);
  const actions = {
    down: () => select(moved(root.activeElement.closest("[data-row]") ? current : -1, 1, rows.length)),
    up: () => select(moved(current, -1, rows.length)),
    open: () => rows[current]?.querySelector("[data-open]").click(),
    claim: () => rows[current]?.querySelector("[data-claim]")?.click(),
    find: () => root.querySelector("[data-find]").focus(),
    help,
  };
  root.addEventListener("keydown", (event) => {
    if (root.querySelector("dialog[open]")) return;
    const name = action(event, "queue", toggle.on());
    if (!name) return;
    event.preventDefault();
    actions[name]();
  });
  const filters = root.querySelector("[data-filters]");
  if (filters) {
    filters.querySelector("[data-filter-button]").hidden = true;
    filters.addEventListener("change", () => filters.submit());
  }
}

if (globalThis.document) start(document, keysSwitch(globalThis.localStorage));

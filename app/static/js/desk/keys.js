// Single-key shortcuts of the desk: which key means what, when it must not, and whether they are switched on.

const QUEUE = { j: "down", k: "up", enter: "open", a: "claim", "/": "find", "?": "help" };
const REVIEW = { j: "nextItem", k: "previousItem", a: "approve", n: "next", p: "previous", m: "mark", "/": "find", "?": "help" };
const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const CHOOSING = new Set(["radio", "checkbox"]);
const KEY = "desk.keys";

/** Whether the element takes typed letters itself. */
export function takesText(element) {
  return TYPING.has(element.tagName) && !CHOOSING.has(element.type);
}

/**
 * The action of a key press, or null. Enter is left to links, buttons and fields; keys with Ctrl, Alt or Meta to the browser.
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, target: Element}} event
 * @param {"queue" | "review"} place
 * @param {boolean} enabled single-key shortcuts are switched on (WCAG 2.1.4); `?` always answers, so that they can be found
 */
export function action(event, place, enabled) {
  if (event.ctrlKey || event.altKey || event.metaKey || takesText(event.target)) return null;
  const key = event.key.toLowerCase();
  if (key === "enter" && ["A", "BUTTON", "SUMMARY", "INPUT"].includes(event.target.tagName)) return null;
  const found = (place === "queue" ? QUEUE : REVIEW)[key] ?? null;
  return enabled || found === "help" ? found : null;
}

/** The switch, kept in a Storage; on unless it was switched off. A refused storage means on. */
export function keysSwitch(storage) {
  return {
    on() {
      try {
        return storage.getItem(KEY) !== "off";
      } catch {
        return true;
      }
    },
    set(on) {
      try {
        storage.setItem(KEY, on ? "on" : "off");
      } catch {
        // a private window may refuse: the choice then lasts as long as the page
      }
    },
  };
}

/** Ties the help dialog and its switch; gives a function that opens it. */
export function helpDialog(root, toggle) {
  const dialog = root.querySelector("[data-keys]");
  const box = dialog.querySelector("[data-keys-on]");
  box.checked = toggle.on();
  box.addEventListener("change", () => toggle.set(box.checked));
  for (const button of root.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  return () => dialog.open || dialog.showModal();
}

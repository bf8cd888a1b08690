// Makes the kinds of question that are more than a field work in a page: places, rows, signatures.

import { enhancePlaces, register } from "./places.js";
import { enhanceRows } from "./rows.js";
import { enhanceSignature } from "./sign.js";

/** Make all of them work; a change that no field tells of itself is told as an input of the form. */
export function enhanceKinds(form, fetch) {
  const within = register(fetch);
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
  const prepare = (root) => {
    for (const picker of root.querySelectorAll("[data-places]")) enhancePlaces(picker, within);
  };
  prepare(form);
  for (const group of form.querySelectorAll("[data-group]")) enhanceRows(group, { changed, prepare });
  for (const field of form.querySelectorAll("[data-sign]")) enhanceSignature(field, changed).catch(() => {}); // the name can be typed
}

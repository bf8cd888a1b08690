// The rows of a group: one more, one less, put back, counted again; the sum below them.

import { texts, valueOf } from "./fields.js";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const idOf = (name) => `f-${name.replace(/[.:]/g, "-")}`;

/** How texts change when a row gets another number: names (co.holders:3:name) and ids (f-co-holders-3-name). */
export function renumbering(group, from, to) {
  const name = new RegExp(`${escaped(group)}:${escaped(from)}(?=[:"\\s]|$)`, "g");
  const id = new RegExp(`${escaped(idOf(group))}-${escaped(from)}(?=[-\\s]|$)`, "g");
  return (text) => text.replace(name, `${group}:${to}`).replace(id, `${idOf(group)}-${to}`);
}

function renumber(row, group, to) {
  const from = row.dataset.row.slice(group.length + 1);
  if (from !== to) {
    const change = renumbering(group, from, to);
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...element.attributes]) {
        const changed = change(value);
        if (changed !== value) element.setAttribute(name, changed);
      }
    }
  }
  const number = String(Number(to) + 1);
  for (const one of row.querySelectorAll("[data-n]")) one.textContent = one.dataset.n.replace("{n}", number);
  for (const one of row.querySelectorAll("[data-n-label]")) one.setAttribute("aria-label", one.dataset.nLabel.replace("{n}", number));
}

const partsOf = (group) => {
  const box = group.querySelector("[data-rows]");
  return { box, name: group.dataset.question, words: JSON.parse(box.dataset.words) };
};

function count(group) {
  const { box, name } = partsOf(group);
  [...box.children].forEach((row, n) => renumber(row, name, String(n)));
  group.querySelector("[data-add]").hidden = box.children.length >= Number(box.dataset.max);
}

function blank(group) {
  const row = group.querySelector("template[data-blank]").content.firstElementChild.cloneNode(true);
  group.querySelector("[data-rows]").append(row);
  count(group);
  group.prepare?.(row);
  return row;
}

/** Show exactly these rows, all open; `put(row, name, answers)` fills one. */
export function setRows(group, rows, put) {
  const { box, name } = partsOf(group);
  box.replaceChildren();
  for (const [n, answers] of (rows.length ? rows : [{}]).entries()) put(blank(group), `${name}:${n}`, answers);
}

function tell(group, text, undo) {
  const line = group.querySelector("[data-rows-told]");
  line.replaceChildren(text);
  if (!undo) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "a", textContent: partsOf(group).words.undo });
  button.addEventListener("click", undo);
  line.append(" ", button);
}

/** Make a group's buttons work in the page; `changed()` is told of it, `prepare(row)` makes a new row's own parts work. */
export function enhanceRows(group, { changed, prepare }) {
  const { box, words } = partsOf(group);
  group.prepare = prepare;

  function remove(row) {
    const at = [...box.children].indexOf(row);
    row.remove();
    count(group);
    tell(group, words.removed, () => {
      box.insertBefore(row, box.children[at] ?? null);
      count(group);
      tell(group, "");
      row.querySelector("legend")?.focus();
      changed();
    });
    (box.children[at]?.querySelector("legend") ?? group.querySelector("legend")).focus();
    changed();
  }

  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.hasAttribute("data-remove")) return remove(button.closest("[data-row]"));
    tell(group, "");
    const row = blank(group);
    row.querySelector("legend").focus();
    row.scrollIntoView({ block: "nearest" });
    return changed();
  });
}

const amount = (n) => n.toLocaleString("zh-CN", { minimumFractionDigits: Number.isInteger(n) ? 0 : 2, maximumFractionDigits: 2 });

/** The sum of a column and what is left, in the line below the rows. */
export function showTotal(line, rows, wanted) {
  const words = JSON.parse(line.dataset.words);
  const say = (n) => [amount(n), words.unit].filter(Boolean).join(" ");
  const numbers = (rows ?? []).map((row) => row[line.dataset.total]).filter((one) => typeof one === "number");
  const sum = Math.round(numbers.reduce((total, one) => total + one, 0) * 100) / 100;
  const left = typeof wanted === "number" ? Math.round((wanted - sum) * 100) / 100 : null;
  const said = left === null ? "" : left === 0 ? words.even : (left > 0 ? words.left : words.over).replace("{n}", say(Math.abs(left)));
  const place = line.querySelector("[data-left]");
  const shown = line.querySelector("[data-sum]");
  if (shown.textContent !== say(sum)) shown.textContent = say(sum);
  if (place.textContent !== said) place.textContent = said;
  place.className = `end ${left ? "seal" : "bamboo"}`;
}

/** Hide and show the columns of each row as `shown` says: the rows' visible columns, in their order. */
export function showColumns(group, shown) {
  [...group.querySelector("[data-rows]").children].forEach((row, n) => {
    if (!shown?.[n]) return;
    for (const column of row.querySelectorAll("[data-column][data-conditional]")) column.hidden = !(column.dataset.column in shown[n]);
  });
}

/** The rows of one group as they stand in the form. */
export const rowsOf = (form, question) => valueOf(question, texts(form)) ?? [];

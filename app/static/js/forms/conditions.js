// Conditions over answers: the same closed subset of CEL as in app/forms/conditions.py, proven on shared vectors.

import { Environment } from "../../vendor/cel.js";
import { derived } from "./derived.js";
import { isMap, own } from "./verdicts.js";

const DISTRICT = "320507";
// Without lookbehind, which Safari has from 16.4 on only: a module with one would not load at all below that.
const PATH = /(?:^|[^\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?!\w|\s*\()|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=\.(?:startsWith|exists)\s*\())/g;
const VARIABLE = /\.exists\s*\(\s*([A-Za-z_]\w*)\s*,/g;
const environment = new Environment({ unlistedVariablesAreDyn: true });
const programs = new Map();

function looksAt(expression) {
  const bare = expression.replace(/'[^']*'|"[^"]*"/g, "''");
  const variables = new Set([...bare.matchAll(VARIABLE)].map((found) => found[1]));
  return [...new Set([...bare.matchAll(PATH)].map((found) => found[1]))].filter((path) => !variables.has(path.split(".")[0]));
}

function program(expression) {
  if (!programs.has(expression)) programs.set(expression, [environment.parse(expression), looksAt(expression)]);
  return programs.get(expression);
}

/** The questions that an expression looks at; the variables of exists() are none. */
export const fields = (expression) => program(expression)[1];

/** A value as expressions see it: rows without what is not answered. */
function plain(value) {
  if (!Array.isArray(value)) return value;
  return value.map((row) => (isMap(row) ? Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)) : row));
}

function nested(paths, values) {
  const root = {};
  for (const path of paths) {
    const parts = path.split(".");
    const leaf = parts.pop();
    let here = root;
    for (const part of parts) here = here[part] ??= {};
    if (values[path] !== undefined && values[path] !== null) here[leaf] = plain(values[path]);
  }
  return root;
}

/** The values of the fields that an expression names, derived ones among them. */
function needed(paths, answers, now, district) {
  const values = Object.fromEntries(paths.map((path) => [path, answers[path]]));
  return Object.assign(values, derived(paths, answers, now, district));
}

/** True or false, null when an answer that is needed is missing or of the wrong type. */
function outcome(expression, values) {
  const [run, paths] = program(expression);
  try {
    const found = run(nested(paths, values));
    return typeof found === "boolean" ? found : null;
  } catch {
    return null;
  }
}

/** Whether a condition is true; false when an answer that it needs is missing or of the wrong type. */
export function holds(expression, answers, now, district = DISTRICT) {
  return outcome(expression, needed(fields(expression), answers, now, district)) === true;
}

/** Whether a rule surely does not hold: every field that it names has an answer, and with these it is false. */
export function broken(expression, answers, now, district) {
  const values = needed(fields(expression), answers, now, district);
  return Object.values(values).every((value) => (value ?? null) !== null) && outcome(expression, values) === false;
}

const text = (value) => typeof value === "string" && value !== "";
const filled = (value) => isMap(value) && Object.keys(value).length > 0;
const FITS = {
  number: (value) => typeof value === "number",
  money: (value) => typeof value === "number",
  yes_no: (value) => typeof value === "boolean",
  declaration: (value) => typeof value === "boolean",
  several: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  group: (value) => Array.isArray(value) && value.length > 0 && value.every(isMap),
  address: (value) => text(value) || filled(value),
  person: filled,
  signature: filled,
};

const fitting = (question, value) => ((FITS[question.kind] ?? text)(value) ? value : null);

/** Every question of a form, in order. */
export const questions = (form) => form.pages.flatMap((page) => page.questions ?? []);

/** The visible columns of one row, null where not answered; `known`: the answers of the form that are shown. */
export function shownRow(group, row, known, now, district) {
  const cells = {};
  const values = Object.create(known); // a copy for each of a thousand rows would be slow
  for (const column of group.questions) {
    if (column.shown_if && !holds(column.shown_if, values, now, district)) continue;
    cells[column.id] = values[`row.${column.id}`] = fitting(column, own(row, column.id));
  }
  return cells;
}

/** Put a question's answer among those that are shown, if the ones before it show it; gives whether they do. */
export function reveal(form, question, value, known, now) {
  if (question.shown_if && !holds(question.shown_if, known, now, form.district)) return false;
  known[question.id] = fitting(question, value);
  if (question.kind === "group" && known[question.id]) {
    const rows = known[question.id];
    known[question.id] = rows.map((row) => shownRow(question, row, known, now, form.district));
  }
  return true;
}

/** The answers of visible questions, null where not answered; what is hidden counts for nothing, nor in conditions. */
export function shown(form, answers, now) {
  const known = {};
  for (const question of questions(form)) reveal(form, question, answers[question.id], known, now);
  return known;
}

/** The ids of the questions that are shown with these answers. */
export const visible = (form, answers, now) => new Set(Object.keys(shown(form, answers, now)));

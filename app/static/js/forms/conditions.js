// Conditions over answers: the same closed subset of CEL as in app/forms/conditions.py, proven on shared vectors.

import { Environment } from "../../vendor/cel.js";
import { derived } from "./derived.js";

const DISTRICT = "320507";
const PATH = /(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?!\w|\s*\()|(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=\.(?:startsWith|exists)\s*\()/g;
const environment = new Environment({ unlistedVariablesAreDyn: true });
const programs = new Map();

/** The questions that an expression looks at. */
export function fields(expression) {
  const bare = expression.replace(/'[^']*'|"[^"]*"/g, "''");
  return [...new Set(bare.match(PATH) ?? [])];
}

function program(expression) {
  if (!programs.has(expression)) programs.set(expression, [environment.parse(expression), fields(expression)]);
  return programs.get(expression);
}

function nested(paths, values) {
  const root = {};
  for (const path of paths) {
    const parts = path.split(".");
    const leaf = parts.pop();
    let here = root;
    for (const part of parts) here = here[part] ??= {};
    if (values[path] !== undefined && values[path] !== null) here[leaf] = values[path];
  }
  return root;
}

/** Whether a condition is true; false when an answer that it needs is missing or of the wrong type. */
export function holds(expression, answers, now, district = DISTRICT) {
  const [run, paths] = program(expression);
  try {
    return run(nested(paths, { ...answers, ...derived(answers, now, district) })) === true;
  } catch {
    return false;
  }
}

const TYPES = { number: "number", yes_no: "boolean", declaration: "boolean" };

function fits(question, value) {
  if (question.kind === "several") return Array.isArray(value) && value.every((one) => typeof one === "string");
  return typeof value === (TYPES[question.kind] ?? "string") && value !== "";
}

/** Every question of a form, in order. */
export const questions = (form) => form.pages.flatMap((page) => page.questions ?? []);

/** The answers of visible questions, null where not answered; what is hidden counts for nothing, nor in conditions. */
export function shown(form, answers, now) {
  const known = {};
  for (const question of questions(form)) {
    if (question.shown_if && !holds(question.shown_if, known, now, form.district)) continue;
    const value = answers[question.id];
    known[question.id] = fits(question, value) ? value : null;
  }
  return known;
}

/** The ids of the questions that are shown with these answers. */
export const visible = (form, answers, now) => new Set(Object.keys(shown(form, answers, now)));

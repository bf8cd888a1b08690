// What is picked rather than written, the same as app/forms/choices.py.

import * as m from "./mistakes.js";
import { Wrong } from "./verdicts.js";

export function yesNo(question, value) {
  if (typeof value !== "boolean") throw new Wrong(m.YES_OR_NO);
  return value;
}

export function declaration(question, value) {
  if (value !== true && !(question.optional && value === false)) throw new Wrong(m.TICK);
  return value;
}

export function choice(question, value) {
  if (typeof value !== "string" || (value && !question.options.some((o) => o.value === value))) throw new Wrong(m.OPTION);
  return value;
}

export function several(question, value) {
  const known = question.options.map((o) => o.value);
  if (!Array.isArray(value) || !value.every((one) => known.includes(one))) throw new Wrong(m.OPTION);
  return known.filter((one) => value.includes(one));
}

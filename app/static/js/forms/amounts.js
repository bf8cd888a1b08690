// Numbers and money, the same as app/forms/amounts.py.

import * as m from "./mistakes.js";
import { Wrong } from "./verdicts.js";

const LARGEST = Number.MAX_SAFE_INTEGER;

function finite(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Wrong(m.NUMBER);
  return value;
}

function within(question, value, least) {
  const [minimum, maximum] = [question.minimum ?? least, question.maximum ?? LARGEST];
  if (value < minimum) throw new Wrong(m.TOO_SMALL, { min: String(minimum) });
  if (value > maximum) throw new Wrong(m.TOO_BIG, { max: String(maximum) });
  return value;
}

export function number(question, value) {
  finite(value);
  if (question.whole && !Number.isInteger(value)) throw new Wrong(m.WHOLE);
  return within(question, value, -LARGEST);
}

/** Yuan with at most two decimals; below zero only where the definition says so. */
export function money(question, value) {
  finite(value);
  if (Number(value.toFixed(2)) !== value) throw new Wrong(m.CENTS);
  return within(question, value, 0);
}

/** An amount to the cent, in words: 12, 12.5, -0.05, 1,000,000. */
export function cents(amount) {
  const count = Math.abs(amount) < LARGEST ? Math.floor(Math.abs(amount) * 100 + 0.5) : 0;
  const words = `${Math.floor(count / 100).toLocaleString("en-US")}.${String(count % 100).padStart(2, "0")}`;
  return (amount < 0 ? "-" : "") + words.replace(/\.?0+$/, "");
}

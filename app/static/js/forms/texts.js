// What is written in words, the same as app/forms/texts.py.

import * as m from "./mistakes.js";
import { Wrong } from "./verdicts.js";

const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
const LETTERS = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f";
const HAN_NAME = new RegExp(`^[${HAN}]+(·[${HAN}]+)*$`, "u");
const LETTER_NAME = new RegExp(`^[${LETTERS}]+([ .'-]{1,2}[${LETTERS}]+)*\\.?$`, "u");
const EMOJI = /[\u{1f000}-\u{1faff}\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]|\ufe0f|\u20e3/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u;
const SPACED = new Set(["text", "address"]);

export const size = (text) => [...text].length;

/** One line of text within the question's lengths; throws Wrong. */
export function line(question, value) {
  if (typeof value !== "string") throw new Wrong(m.SHAPE);
  const typed = SPACED.has(question.kind) ? value.replace(/[\r\n\t]+/g, " ") : value;
  if (EMOJI.test(typed)) throw new Wrong(m.EMOJI);
  if (UNSEEN.test(typed)) throw new Wrong(m.CONTROL);
  const clean = typed.normalize("NFC").trim();
  const [count, min, max] = [size(clean), question.min_length ?? 1, question.max_length ?? 200];
  if (count > max) throw new Wrong(m.TOO_LONG, { max, count });
  if (clean && count < min) throw new Wrong(m.TOO_SHORT, { min, count });
  return clean;
}

/** Digits as people type them: full width, in groups, with dashes. */
export const compact = (question, value) => line(question, value).normalize("NFKC").replace(/[\s-]/g, "");

/** A person's name as on the document. */
export function name(question, value) {
  const clean = line(question, value).replace(/[•・‧∙．]/g, "·").replace(/\s+/g, " ");
  if (clean && !HAN_NAME.test(clean) && (question.han_only || !LETTER_NAME.test(clean))) {
    throw new Wrong(question.han_only ? m.NAME_HAN : m.NAME_SIGNS);
  }
  const min = Math.max(2, question.min_length ?? 1);
  if (clean && size(clean) < min) throw new Wrong(m.TOO_SHORT, { min, count: size(clean) });
  return clean;
}

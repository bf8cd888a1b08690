// One check per kind of question, the same as app/forms/kinds.py: the normalised value, or Wrong with the remedy.

import { birth, day, plus } from "./derived.js";
import * as m from "./mistakes.js";

export class Wrong extends Error {
  constructor(text, params = {}) {
    super(text);
    this.text = text;
    this.params = params;
  }
}

const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
const LETTERS = "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f";
const HAN_NAME = new RegExp(`^[${HAN}]+(·[${HAN}]+)*$`, "u");
const LETTER_NAME = new RegExp(`^[${LETTERS}]+([ .'-]{1,2}[${LETTERS}]+)*\\.?$`, "u");
const EMOJI = /[\u{1f000}-\u{1faff}\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]|\ufe0f|\u20e3/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u;
const SPACED = new Set(["text", "address"]);
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const size = (text) => [...text].length;

function line(question, value) {
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

const compact = (question, value) => line(question, value).normalize("NFKC").replace(/[\s-]/g, "");

function name(question, value) {
  const clean = line(question, value).replace(/[•・‧∙．]/g, "·").replace(/\s+/g, " ");
  if (clean && !HAN_NAME.test(clean) && (question.han_only || !LETTER_NAME.test(clean))) {
    throw new Wrong(question.han_only ? m.NAME_HAN : m.NAME_SIGNS);
  }
  const min = Math.max(2, question.min_length ?? 1);
  if (clean && size(clean) < min) throw new Wrong(m.TOO_SHORT, { min, count: size(clean) });
  return clean;
}

/** The check character of an ID number (ISO 7064 MOD 11-2, GB 11643). */
export function checkDigit(number) {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  return "10X98765432"[sum % 11];
}

function idNumber(question, value, on) {
  const number = compact(question, value).toUpperCase();
  if (!number) return number;
  if (!/^[0-9]*X?$/.test(number)) throw new Wrong(m.ID_SIGNS);
  const short = 18 - number.length;
  if (short > 0) throw new Wrong(m.ID_SHORT, { missing: short });
  if (short < 0) throw new Wrong(m.ID_LONG, { extra: -short });
  const born = birth(number);
  if (!born) throw new Wrong(m.ID_BIRTH);
  if (born > on) throw new Wrong(m.ID_FUTURE);
  if (checkDigit(number) !== number[17]) throw new Wrong(m.ID_CHECK);
  return number;
}

function phone(question, value) {
  const number = compact(question, value).replace(/^(\+|00)86/, "");
  if (number && !/^[0-9]+$/.test(number)) throw new Wrong(m.PHONE_SIGNS);
  const short = number ? 11 - number.length : 0;
  if (short > 0) throw new Wrong(m.PHONE_SHORT, { missing: short });
  if (short < 0) throw new Wrong(m.PHONE_LONG, { extra: -short });
  if (number && !/^1[3-9]/.test(number)) throw new Wrong(m.PHONE_SIGNS);
  return number;
}

function date(question, value, on) {
  const clean = line(question, value);
  if (!clean) return clean;
  if (!day(clean)) throw new Wrong(m.DATE_SHAPE);
  const bound = (days) => (days === undefined || days === null ? null : plus(on, days));
  const [earliest, latest] = [bound(question.earliest_days), bound(question.latest_days)];
  if (latest && clean > latest) throw new Wrong(m.DATE_LATE, { latest });
  if (earliest && clean < earliest) throw new Wrong(m.DATE_EARLY, { earliest });
  return clean;
}

function amount(question, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Wrong(m.NUMBER);
  if (question.whole && !Number.isInteger(value)) throw new Wrong(m.WHOLE);
  const { minimum, maximum } = question;
  if (typeof minimum === "number" && value < minimum) throw new Wrong(m.TOO_SMALL, { min: String(minimum) });
  if (typeof maximum === "number" && value > maximum) throw new Wrong(m.TOO_BIG, { max: String(maximum) });
  return value;
}

function yesNo(question, value) {
  if (typeof value !== "boolean") throw new Wrong(m.YES_OR_NO);
  return value;
}

function declaration(question, value) {
  if (value !== true && !(question.optional && value === false)) throw new Wrong(m.TICK);
  return value;
}

function choice(question, value) {
  if (typeof value !== "string" || (value && !question.options.some((o) => o.value === value))) throw new Wrong(m.OPTION);
  return value;
}

function several(question, value) {
  const known = question.options.map((o) => o.value);
  if (!Array.isArray(value) || !value.every((one) => known.includes(one))) throw new Wrong(m.OPTION);
  return known.filter((one) => value.includes(one));
}

function division(question, value) {
  const code = compact(question, value);
  if (code && !/^[1-9][0-9]{5,11}$/.test(code)) throw new Wrong(m.DIVISION);
  return code;
}

function bankCard(question, value) {
  const card = compact(question, value);
  if (card && !/^[0-9]+$/.test(card)) throw new Wrong(m.CARD_SIGNS);
  if (card && (card.length < 12 || card.length > 19)) throw new Wrong(m.CARD_LENGTH, { count: card.length });
  return card;
}

function address(question, value) {
  const clean = line(question, value);
  const min = Math.max(5, question.min_length ?? 1);
  if (clean && size(clean) < min) throw new Wrong(m.TOO_SHORT, { min, count: size(clean) });
  return clean;
}

const CHECKS = {
  text: line, name, id_number: idNumber, phone, date, number: amount, yes_no: yesNo, choice, several, division, bank_card: bankCard, address,
  declaration,
};
export const MISSING = { yes_no: m.YES_OR_NO, choice: m.CHOOSE, several: m.CHOOSE, declaration: m.TICK };

/** The normalised value, null when it is no answer at all; throws Wrong. `on` is the filing day. */
export function check(question, value, on) {
  if (value === null || value === undefined) return null;
  const found = CHECKS[question.kind](question, value, on);
  return found === "" || (Array.isArray(found) && found.length === 0) ? null : found;
}

function luhn(card) {
  const digits = [...card].reverse().map(Number);
  const sum = digits.reduce((total, d, i) => total + (i % 2 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d), 0);
  return sum % 10 === 0;
}

/** A warning that refuses nothing: some genuine account numbers fail the Luhn check. */
export const doubts = (question, value) =>
  question.kind === "bank_card" && typeof value === "string" && !luhn(value) ? m.CARD_CHECK : null;

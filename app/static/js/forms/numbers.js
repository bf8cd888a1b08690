// The numbers that name somebody or something, the same as app/forms/numbers.py.

import { birth } from "./derived.js";
import * as m from "./mistakes.js";
import { compact } from "./texts.js";
import { Wrong } from "./verdicts.js";

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

function measure(number, wanted, tooShort, tooLong) {
  const missing = wanted - number.length;
  if (missing > 0) throw new Wrong(tooShort, { missing });
  if (missing < 0) throw new Wrong(tooLong, { extra: -missing });
}

const weighed = (weights, value) => weights.reduce((sum, weight, i) => sum + weight * value(i), 0);

/** The check character of an ID number (ISO 7064 MOD 11-2, GB 11643). */
export const checkDigit = (number) => "10X98765432"[weighed(ID_WEIGHTS, (i) => Number(number[i])) % 11];

/** The check character of a unified social credit code (GB 32100). */
export const codeCheck = (code) => CODE_SIGNS[(31 - (weighed(CODE_WEIGHTS, (i) => CODE_SIGNS.indexOf(code[i])) % 31)) % 31];

export function idNumber(question, value, at) {
  const number = compact(question, value).toUpperCase();
  if (!number) return number;
  if (!/^[0-9]*X?$/.test(number)) throw new Wrong(m.ID_SIGNS);
  measure(number, 18, m.ID_SHORT, m.ID_LONG);
  const born = birth(number);
  if (!born) throw new Wrong(m.ID_BIRTH);
  if (born > at.on) throw new Wrong(m.ID_FUTURE);
  if (checkDigit(number) !== number[17]) throw new Wrong(m.ID_CHECK);
  return number;
}

export function creditCode(question, value) {
  const code = compact(question, value).toUpperCase();
  if (!code) return code;
  if (!/^[0-9A-Z]+$/.test(code)) throw new Wrong(m.CODE_SIGNS);
  if (/[IOSVZ]/.test(code)) throw new Wrong(m.CODE_LETTERS);
  measure(code, 18, m.CODE_SHORT, m.CODE_LONG);
  if (!/^[0-9]{6}$/.test(code.slice(2, 8))) throw new Wrong(m.CODE_DIGITS);
  if (codeCheck(code) !== code[17]) throw new Wrong(m.CODE_CHECK);
  return code;
}

export function phone(question, value) {
  const number = compact(question, value).replace(/^(\+|00)86/, "");
  if (!number) return number;
  if (!/^[0-9]+$/.test(number)) throw new Wrong(m.PHONE_SIGNS);
  measure(number, 11, m.PHONE_SHORT, m.PHONE_LONG);
  if (!/^1[3-9]/.test(number)) throw new Wrong(m.PHONE_SIGNS);
  return number;
}

export function bankCard(question, value) {
  const card = compact(question, value);
  if (card && !/^[0-9]+$/.test(card)) throw new Wrong(m.CARD_SIGNS);
  if (card && (card.length < 12 || card.length > 19)) throw new Wrong(m.CARD_LENGTH, { count: card.length });
  return card;
}

function luhn(card) {
  const digits = [...card].reverse().map(Number);
  const sum = digits.reduce((total, d, i) => total + (i % 2 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d), 0);
  return sum % 10 === 0;
}

/** A warning that refuses nothing: some genuine account numbers fail the Luhn check. */
export const doubt = (question, value) =>
  question.kind === "bank_card" && typeof value === "string" && !luhn(value) ? m.CARD_CHECK : null;

// One check per kind of question, the same as app/forms/kinds.py: verdicts, what to say of them, and doubts.

import { money, number } from "./amounts.js";
import { choice, declaration, several, yesNo } from "./choices.js";
import { date, month } from "./days.js";
import * as m from "./mistakes.js";
import { bankCard, creditCode, doubt, idNumber, phone } from "./numbers.js";
import { partsOf, person } from "./people.js";
import { address, division } from "./places.js";
import { signature } from "./signatures.js";
import { line, name } from "./texts.js";
import { flaws, isMap, judged, own, verdict, Wrong } from "./verdicts.js";

export { Wrong };

const CHECKS = {
  text: line, name, id_number: idNumber, phone, date, month, number, money, yes_no: yesNo, choice, several, division,
  bank_card: bankCard, credit_code: creditCode, declaration,
};
const WITH_PARTS = { address, person, signature, group: rows };
const MISSING = {
  yes_no: m.YES_OR_NO, choice: m.CHOOSE, several: m.CHOOSE, declaration: m.TICK, division: m.PLACE, signature: m.SIGN,
};
const MOST_ROWS = 20;

/** The verdict on any value of any kind; `at` is {on, district}. */
export function judge(question, value, at) {
  const parts = WITH_PARTS[question.kind];
  return parts ? parts(question, value, at) : judged(CHECKS[question.kind], question, value, at);
}

function row(question, value, at) {
  if (!isMap(value)) return verdict(null, new Wrong(m.SHAPE));
  const cells = Object.fromEntries(question.questions.map((column) => [column.id, judge(column, own(value, column.id), at)]));
  const kept = Object.entries(cells).filter(([, cell]) => cell.value !== null);
  return verdict(Object.fromEntries(kept.map(([id, cell]) => [id, cell.value])), null, cells);
}

/** Every cell of every row by its column; rows keep their places, whatever is wrong in them. */
function rows(question, value, at) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return verdict();
  if (!Array.isArray(value)) return verdict(null, new Wrong(m.SHAPE));
  const max = question.max_rows ?? MOST_ROWS;
  if (value.length > max) return verdict(null, new Wrong(m.ROWS_MANY, { max, count: value.length }));
  const found = value.map((one) => row(question, one, at));
  return verdict(found.map((one) => one.value ?? {}), null, { ...found });
}

/** The normalised value, null when it is no answer at all; throws the first Wrong. */
export function check(question, value, at) {
  const found = judge(question, value, at);
  const [first] = flaws(found);
  if (first) throw first;
  return found.value;
}

/** What to say of an answer, [place, Wrong] by the place inside it: "" the whole, ":name" a part, ":0:kind" a cell. */
export function wrongs(question, found, value, partial) {
  if (found.wrong) return [["", found.wrong]];
  if (question.kind === "group") return wrongRows(question, found, value, partial);
  if (question.kind === "person" || question.kind === "address") return wrongParts(question, found, partial);
  const bad = Object.entries(found.parts).filter(([, part]) => part.wrong);
  if (bad.length) return bad.map(([part, { wrong }]) => [`:${part}`, wrong]);
  return value === null && !question.optional && !partial ? [["", new Wrong(MISSING[question.kind] ?? m.EMPTY)]] : [];
}

function asked(question) {
  if (question.kind === "person") return Object.fromEntries(partsOf(question).map((part) => [part, m.EMPTY]));
  return { ...(question.down_to || question.here ? { division: m.PLACE } : {}), detail: m.EMPTY };
}

function wrongParts(question, { parts }, partial) {
  const wanted = asked(question);
  const begun = Object.values(parts).some((part) => part.wrong || part.value !== null);
  const names = Object.keys(Object.keys(parts).length ? parts : wanted);
  return names.flatMap((part) => {
    const { value, wrong } = parts[part] ?? verdict();
    if (wrong) return [[`:${part}`, wrong]];
    const missing = value === null && part in wanted && !partial && (begun || !question.optional);
    return missing ? [[`:${part}`, new Wrong(wanted[part])]] : [];
  });
}

function wrongRows(question, { parts }, value, partial) {
  const shown = value ?? [];
  const min = question.optional && !shown.length ? 0 : (question.min_rows ?? 1);
  const found = shown.length < min && !partial ? [["", new Wrong(m.ROWS_FEW, { min, count: shown.length })]] : [];
  shown.forEach((cells, n) => {
    if (parts[n].wrong) return found.push([`:${n}`, parts[n].wrong]);
    for (const column of question.questions.filter(({ id }) => id in cells)) {
      const inner = wrongs(column, parts[n].parts[column.id], cells[column.id], partial);
      found.push(...inner.map(([place, wrong]) => [`:${n}:${column.id}${place}`, wrong]));
    }
  });
  return found;
}

/** Warnings that refuse nothing, [place, text] by the place inside the answer. */
export function doubts(question, value) {
  if (question.kind === "group" && Array.isArray(value)) {
    const cell = (n, column, one) => doubts(column, one ?? null).map(([place, text]) => [`:${n}:${column.id}${place}`, text]);
    return value.flatMap((one, n) => question.questions.flatMap((column) => cell(n, column, one[column.id])));
  }
  const text = doubt(question, value);
  return text ? [["", text]] : [];
}

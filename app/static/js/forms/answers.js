// Answers against their form, in the browser as on the server (app/forms/answers.py), proven on shared vectors.

import { cents } from "./amounts.js";
import { broken, holds, questions, reveal, shown } from "./conditions.js";
import { today } from "./derived.js";
import { doubts, judge, wrongs } from "./kinds.js";
import { SAID, SIGN_NAME, TOTAL, UNKNOWN } from "./mistakes.js";
import { flaws, isMap, own } from "./verdicts.js";

const mistake = (question, text, params = {}) => ({ question, text, params });

/** Rows without the columns that are not answered. */
function answersOnly(value) {
  if (!Array.isArray(value)) return value;
  return value.map((row) => (isMap(row) ? Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)) : row));
}

/** The sum of a column, to the cent, against the answer that it must equal; only when all of them are there. */
function totals(group, values) {
  const rows = values[group.id];
  const wanted = group.total_equals ? (values[group.total_equals] ?? null) : null;
  if (group.kind !== "group" || !rows || wanted === null) return [];
  const needed = new Set(group.questions.filter(({ id, optional }) => !optional || id === group.total_of).map(({ id }) => id));
  if (rows.some((row) => Object.entries(row).some(([id, value]) => value === null && needed.has(id)))) return [];
  const amounts = rows.filter((row) => group.total_of in row).map((row) => row[group.total_of]);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return Math.abs(total - wanted) < 0.005 ? [] : [mistake(group.id, TOTAL, { total: cents(total), wanted: cents(wanted) })];
}

/** A typed signature is the applicant's own name, where the form asks for it. */
function signed(question, values) {
  const [value, name] = [values[question.id], values["applicant.name"]];
  if (question.kind !== "signature" || !value || !name || (value.name ?? name) === name) return [];
  return [mistake(`${question.id}:name`, SIGN_NAME)];
}

function across(form, question, values, now) {
  const failing = ({ at, must }) => at === question.id && broken(must, values, now, form.district);
  return (form.checks ?? []).filter(failing).map(({ say }) => mistake(question.id, SAID, { say }));
}

/** Check answers: {values, mistakes, warnings}. `page`: mistakes of that page only; `partial`: missing answers are none. */
export function checkAnswers(form, answers, now, { page = null, partial = false } = {}) {
  const asked = questions(form);
  const known = new Map(asked.map((question) => [question.id, question]));
  const here = new Set(form.pages.filter((p) => page === null || p.id === page).flatMap((p) => (p.questions ?? []).map((q) => q.id)));
  const mistakes = Object.keys(answers).filter((id) => !known.has(id)).map((id) => mistake([...id].slice(0, 60).join(""), UNKNOWN));
  const at = { on: today(now), district: form.district ?? "" };
  const verdicts = new Map(asked.map((question) => [question.id, judge(question, own(answers, question.id), at)]));
  const shownValues = shown(form, Object.fromEntries([...verdicts].map(([id, { value }]) => [id, value])), now);
  const values = {};
  const warnings = [];
  for (const [id, value] of Object.entries(shownValues)) {
    const question = known.get(id);
    if (value !== null) values[id] = answersOnly(value);
    if (!here.has(id)) continue;
    const wrong = wrongs(question, verdicts.get(id), value, partial).map(([place, one]) => mistake(id + place, one.text, one.params));
    mistakes.push(...(wrong.length ? wrong : [...totals(question, shownValues), ...signed(question, shownValues), ...across(form, question, shownValues, now)]));
    warnings.push(...doubts(question, value).map(([place, text]) => mistake(id + place, text)));
  }
  return { values, mistakes, warnings };
}

function from(source, question, answers, known) {
  if (source === "earlier") return known[`earlier.${question.id}`];
  if (source === "profile.division" && !(source in known)) return known["profile.id_number"]?.slice(0, 6) || null;
  return source in answers ? answers[source] : known[source];
}

/** The first source that has a value which may stand as an answer. */
function proposal(question, answers, known, at) {
  for (const source of [question.prefill].flat()) {
    const found = judge(question, from(source, question, answers, known), at);
    if (found.value !== null && !flaws(found).length) return { value: found.value, source };
  }
  return null;
}

/** What may be filled in for visible questions without an answer: {id: {value, source}}; `known` by source name. */
export function proposals(form, answers, known, now) {
  const at = { on: today(now), district: form.district ?? "" };
  const [found, seen, given] = [{}, {}, {}];
  for (const question of questions(form)) {
    const { id, prefill, prefill_if: condition } = question;
    const value = own(answers, id) ?? null;
    if (!reveal(form, question, value, seen, now)) continue;
    given[id] = value;
    if (value !== null || !prefill || (condition && !holds(condition, seen, now, form.district))) continue;
    const one = proposal(question, given, known, at);
    if (!one) continue;
    found[id] = one;
    given[id] = one.value;
    reveal(form, question, one.value, seen, now);
  }
  return found;
}

/** A mistake in words: `translate` gives the reader's language for a Chinese text, `lang` picks a side of a bilingual one. */
export function words({ text, params }, translate = (one) => one, lang = "zh") {
  const said = (value) => (isMap(value) ? value[lang] : value);
  return translate(text).replace(/%\((\w+)\)s/g, (whole, key) => String(said(params[key]) ?? whole));
}

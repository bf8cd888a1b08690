// Answers against their form, in the browser as on the server (app/forms/answers.py), proven on shared vectors.

import { holds, questions, shown } from "./conditions.js";
import { today } from "./derived.js";
import { check, doubts, MISSING, Wrong } from "./kinds.js";
import { EMPTY, UNKNOWN } from "./mistakes.js";

const mistake = (question, text, params = {}) => ({ question, text, params });

function verdict(question, value, on) {
  try {
    return { value: check(question, value, on) };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { wrong: error };
  }
}

/** Check answers: {values, mistakes, warnings}. `page`: mistakes of that page only; `partial`: missing answers are none. */
export function checkAnswers(form, answers, now, { page = null, partial = false } = {}) {
  const asked = questions(form);
  const known = new Map(asked.map((question) => [question.id, question]));
  const here = new Set(form.pages.filter((p) => page === null || p.id === page).flatMap((p) => (p.questions ?? []).map((q) => q.id)));
  const mistakes = Object.keys(answers).filter((id) => !known.has(id)).map((id) => mistake([...id].slice(0, 60).join(""), UNKNOWN));
  const verdicts = new Map(asked.map((question) => [question.id, verdict(question, answers[question.id], today(now))]));
  const passed = Object.fromEntries([...verdicts].map(([id, { value = null }]) => [id, value]));
  const values = {};
  const warnings = [];
  for (const [id, value] of Object.entries(shown(form, passed, now))) {
    const [question, { wrong }] = [known.get(id), verdicts.get(id)];
    if (value !== null) values[id] = value;
    if (!here.has(id)) continue;
    if (wrong) mistakes.push(mistake(id, wrong.text, wrong.params));
    else if (value === null && !question.optional && !partial) mistakes.push(mistake(id, MISSING[question.kind] ?? EMPTY));
    const doubt = doubts(question, value);
    if (doubt) warnings.push(mistake(id, doubt));
  }
  return { values, mistakes, warnings };
}

function source(name, answers, profile) {
  if (name === "profile.division") return profile["profile.id_number"]?.slice(0, 6) || null;
  return (name.startsWith("profile.") ? profile[name] : answers[name]) ?? null;
}

/** What may be filled in for visible questions without an answer: {id: {value, source}}. */
export function proposals(form, answers, profile, now) {
  const known = { ...answers };
  const found = {};
  for (const { id, prefill, prefill_if: condition } of questions(form)) {
    if (!prefill || (known[id] ?? null) !== null) continue;
    if (condition && !holds(condition, shown(form, known, now), now, form.district)) continue;
    const value = source(prefill, known, profile);
    if (value === null) continue;
    known[id] = value;
    found[id] = { value, source: prefill };
  }
  const seen = shown(form, known, now);
  return Object.fromEntries(Object.entries(found).filter(([id]) => id in seen));
}

/** A mistake in words: `translate` gives the reader's language for a Chinese text. */
export const words = ({ text, params }, translate = (one) => one) =>
  translate(text).replace(/%\((\w+)\)s/g, (whole, key) => String(params[key] ?? whole));

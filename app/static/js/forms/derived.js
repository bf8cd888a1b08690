// The named values that are derived from answers, never asked; the same as app/forms/derived.py.

const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The day in China, as YYYY-MM-DD. */
export const today = (now) => new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/** A date as answers carry it, if it exists: 2026-02-30 does not. */
export function day(text) {
  if (typeof text !== "string" || !DATE.test(text) || text.startsWith("0000")) return null;
  const found = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(found.getTime()) || found.toISOString().slice(0, 10) !== text ? null : text;
}

/** A day so many days later. */
export const plus = (date, days) => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The birth date in an ID number (GB 11643). */
export function birth(number) {
  if (typeof number !== "string" || number.length !== 18) return null;
  return day(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`);
}

function age(number, on) {
  const born = birth(number);
  if (!born) return null;
  return Number(on.slice(0, 4)) - Number(born.slice(0, 4)) - (on.slice(5) < born.slice(5) ? 1 : 0);
}

function sex(number) {
  if (!birth(number) || !/[0-9]/.test(number[16])) return null;
  return Number(number[16]) % 2 ? "male" : "female";
}

const local = (division, on, district) => (typeof division === "string" && division && district ? division.startsWith(district) : null);
const daysSince = (text, on) => (day(text) ? (Date.parse(on) - Date.parse(text)) / DAY : null);
const months = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
const monthsAhead = (text, on) => (day(`${text}-01`) ? months(text) - months(on) : null);

/** How a derived name ends, the end of the question's id that stands there instead, and how it comes about. */
export const DERIVED = [
  [".age", ".id_number", age],
  [".sex", ".id_number", sex],
  [".local_hukou", ".hukou", local],
  ["baby.age_days", "baby.birth_at", daysSince],
  ["_days", "", daysSince],
  ["_ahead", "", monthsAhead],
];

/** Those of the named values that are derived and whose question is answered. */
export function derived(names, answers, now, district) {
  const found = {};
  for (const name of names) {
    if ((answers[name] ?? null) !== null) continue;
    const rule = DERIVED.find(([ending]) => name.endsWith(ending));
    if (!rule) continue;
    const [ending, source, value] = rule;
    const result = value(answers[name.slice(0, name.length - ending.length) + source], today(now), district);
    if (result !== null) found[name] = result;
  }
  return found;
}

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

const local = (division, on, district) => (typeof division === "string" && division && district ? division.startsWith(district) : null);
const daysSince = (text, on) => (day(text) ? (Date.parse(on) - Date.parse(text)) / DAY : null);

export const DERIVED = {
  "applicant.age": ["applicant.id_number", age],
  "applicant.local_hukou": ["applicant.hukou", local],
  "baby.age_days": ["baby.birth_at", daysSince],
};

/** Every derived value whose question is answered. */
export function derived(answers, now, district) {
  const found = {};
  for (const [name, [source, value]] of Object.entries(DERIVED)) {
    const result = value(answers[source], today(now), district);
    if (result !== null) found[name] = result;
  }
  return found;
}

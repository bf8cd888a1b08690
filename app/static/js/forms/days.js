// Dates and months, the same as app/forms/days.py.

import { day, plus } from "./derived.js";
import * as m from "./mistakes.js";
import { line } from "./texts.js";
import { Wrong } from "./verdicts.js";

const set = (bound) => bound !== undefined && bound !== null;

export function date(question, value, at) {
  const clean = line(question, value);
  if (!clean) return clean;
  if (!day(clean)) throw new Wrong(m.DATE_SHAPE);
  const bound = (days) => (set(days) ? plus(at.on, days) : null);
  const [earliest, latest] = [bound(question.earliest_days), bound(question.latest_days)];
  if (latest && clean > latest) throw new Wrong(m.DATE_LATE, { latest });
  if (earliest && clean < earliest) throw new Wrong(m.DATE_EARLY, { earliest });
  return clean;
}

function monthsFrom(on, months) {
  const count = Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}`;
}

export function month(question, value, at) {
  const clean = line(question, value);
  if (!clean) return clean;
  if (!/^[0-9]{4}-(0[1-9]|1[0-2])$/.test(clean) || clean.startsWith("0000")) throw new Wrong(m.MONTH_SHAPE);
  const bound = (months) => (set(months) ? monthsFrom(at.on, months) : null);
  const [earliest, latest] = [bound(question.earliest_months), bound(question.latest_months)];
  if (latest && clean > latest) throw new Wrong(m.MONTH_LATE, { latest });
  if (earliest && clean < earliest) throw new Wrong(m.MONTH_EARLY, { earliest });
  return clean;
}

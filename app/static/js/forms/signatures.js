// A signature, drawn or typed, the same as app/forms/signatures.py.

import * as m from "./mistakes.js";
import { NAME } from "./people.js";
import { name } from "./texts.js";
import { isMap, judged, own, verdict, Wrong } from "./verdicts.js";

const [MOST_POINTS, EDGE, LEAST_INK] = [4000, 1000, 200];

function ink(strokes) {
  let way = 0;
  for (const stroke of strokes) for (let i = 2; i < stroke.length; i += 1) way += Math.abs(stroke[i] - stroke[i - 2]);
  return way;
}

function drawn(question, strokes) {
  const stroke = (one) => Array.isArray(one) && one.length > 0 && one.length % 2 === 0;
  if (!Array.isArray(strokes) || !strokes.every(stroke)) throw new Wrong(m.SHAPE);
  if (strokes.reduce((count, one) => count + one.length, 0) > 2 * MOST_POINTS) throw new Wrong(m.SIGN_LESS);
  if (!strokes.every((one) => one.every((n) => Number.isInteger(n) && n >= 0 && n <= EDGE))) throw new Wrong(m.SHAPE);
  if (strokes.length && ink(strokes) < LEAST_INK) throw new Wrong(m.SIGN_MORE);
  return strokes.length ? { way: "drawn", strokes } : "";
}

/** {way: "drawn", strokes} or {way: "typed", name}; an empty field or name is no signature. */
export function signature(question, value, at) {
  if (value === null || value === undefined || value === "") return verdict();
  const way = isMap(value) ? own(value, "way") : null;
  if (way === "drawn") return judged(drawn, question, own(value, "strokes"), at);
  if (way !== "typed") return verdict(null, new Wrong(m.SHAPE));
  const typed = judged(name, NAME, own(value, "name"), at);
  return verdict(typed.value ? { way: "typed", name: typed.value } : null, null, { name: typed });
}

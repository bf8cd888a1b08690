// A person named in a form, the same as app/forms/people.py.

import * as m from "./mistakes.js";
import { idNumber, phone } from "./numbers.js";
import { name } from "./texts.js";
import { isMap, judged, own, verdict, whole, Wrong } from "./verdicts.js";

export const NAME = { kind: "name", max_length: 50 };
const PARTS = { name: [NAME, name], id_number: [{ kind: "id_number" }, idNumber], phone: [{ kind: "phone" }, phone] };

/** The parts that a question of this kind asks for. */
export const partsOf = (question) => (question.with_phone ? ["name", "id_number", "phone"] : ["name", "id_number"]);

/** Each part is judged for itself; what is not asked for is dropped. */
export function person(question, value, at) {
  if (value === null || value === undefined || value === "") return verdict();
  if (!isMap(value)) return verdict(null, new Wrong(m.SHAPE));
  const judgedPart = (part) => judged(PARTS[part][1], PARTS[part][0], own(value, part), at);
  return whole(Object.fromEntries(partsOf(question).map((part) => [part, judgedPart(part)])));
}

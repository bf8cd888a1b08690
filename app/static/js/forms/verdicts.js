// What a check comes to, as in app/forms/verdicts.py: {value, wrong, parts}, null where there is none.

export class Wrong extends Error {
  constructor(text, params = {}) {
    super(text);
    this.text = text;
    this.params = params;
  }
}

export const verdict = (value = null, wrong = null, parts = {}) => ({ value, wrong, parts });

/** Everything that is wrong, in the whole and in its parts, whether it is shown or not. */
export const flaws = ({ wrong, parts }) => [...(wrong ? [wrong] : []), ...Object.values(parts).flatMap(flaws)];

/** Whether something is a JSON object, as opposed to a list or nothing. */
export const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** An own key of a JSON object: what every object inherits is no answer. */
export const own = (map, key) => (Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined);

const empty = (value) => value === "" || (Array.isArray(value) && value.length === 0);

/** The verdict of a check that has no parts; an empty value is no answer. */
export function judged(check, question, value, at) {
  if (value === null || value === undefined) return verdict();
  try {
    const found = check(question, value, at);
    return verdict(empty(found) ? null : found);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return verdict(null, error);
  }
}

/** The verdict of an answer that consists of these parts; without any of them there is no answer. */
export function whole(parts) {
  const value = {};
  for (const [name, part] of Object.entries(parts)) if (part.value !== null) value[name] = part.value;
  return verdict(Object.keys(value).length ? value : null, null, parts);
}

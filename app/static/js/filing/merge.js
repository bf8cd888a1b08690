// Joins two changes of one draft, question by question; the same rules as app/filing/merging.py.

/** A value as text that is the same for the same content, whatever the order of its keys. */
export const canonical = (value) =>
  JSON.stringify(value ?? null, (_, one) =>
    one && typeof one === "object" && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one);

const same = (a, b) => canonical(a) === canonical(b);

/** Join what I and another device made of `base`. `clashes`: questions that both changed, differently; mine stands meanwhile. */
export function merge(base, mine, theirs) {
  const answers = {};
  const clashes = [];
  for (const name of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
    const [b, m, t] = [base[name], mine[name], theirs[name]];
    const value = same(m, b) ? t : m;
    if (!same(t, b) && !same(t, m) && !same(m, b)) clashes.push(name);
    if (value !== undefined) answers[name] = value;
  }
  return { answers, clashes };
}

/** The answers after the person chose: `choices` is {question: "mine" | "theirs"}. */
export function choose(answers, theirs, choices) {
  const chosen = { ...answers };
  for (const [name, which] of Object.entries(choices)) {
    if (which !== "theirs") continue;
    if (theirs[name] === undefined) delete chosen[name];
    else chosen[name] = theirs[name];
  }
  return chosen;
}

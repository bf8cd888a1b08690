// Whatever is sent in, checks in the browser answer with mistakes, never with an error of ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAnswers, proposals, words } from "../../../app/static/js/forms/answers.js";
import { judge } from "../../../app/static/js/forms/kinds.js";

const label = { zh: "题", en: "Q" };
const options = [{ value: "one", label }, { value: "two", label }];
const KINDS = [
  "text", "name", "id_number", "phone", "date", "month", "number", "money", "yes_no", "choice", "several", "division", "bank_card",
  "credit_code", "address", "person", "declaration", "signature",
];
const columns = KINDS.filter((kind) => !["declaration", "signature"].includes(kind)).map((kind) => ({ id: kind, kind, label, options }));
const asked = [
  ...KINDS.map((kind) => ({ id: `a.${kind}`, kind, label, options, prefill: "earlier" })),
  { id: "a.group", kind: "group", label, row: label, max_rows: 3, questions: columns, prefill: "earlier" },
  { id: "a.deep", kind: "address", label, down_to: "village", here: true, shown_if: "a.group.exists(h, h.number > 1.0)" },
];
const form = { district: "320507", pages: [{ id: "one", title: label, questions: asked }], checks: [] };
const now = new Date("2026-11-25T02:00:00Z");

let deep = "x";
for (let n = 0; n < 20_000; n += 1) deep = [deep];
const HOSTILE = [
  null, undefined, "", "x", 0, -0, NaN, Infinity, -Infinity, 1e308, 5e-324, 2 ** 53, true, false, [], {}, [[]], [{}], [null], { a: null },
  "\ud800", "王\udfff", "a\u0000b", "__proto__", "constructor", "%(say)s", "９".repeat(18), "1".repeat(5000), "\u202e", "١٢٣", deep,
  { name: {} }, { way: "drawn", strokes: [[NaN, 1]] }, { way: "drawn", strokes: [[1, 2], "x"] }, { way: "typed", name: {} },
  { division: [], detail: {} }, { toString: 1, valueOf: 2, hasOwnProperty: 3 }, JSON.parse('{"__proto__": {"name": "王"}}'),
  [{ name: 7, group: [] }, 7, null], [{ address: { division: 7 }, person: [], several: {} }], Object.create(null),
];

for (const { id } of asked) {
  test(`no answer to ${id} breaks the engine`, () => {
    for (const value of HOSTILE) {
      const { values, mistakes, warnings } = checkAnswers(form, { [id]: value }, now);
      assert.deepEqual(JSON.parse(JSON.stringify(checkAnswers(form, values, now).values)), JSON.parse(JSON.stringify(values)));
      for (const mistake of [...mistakes, ...warnings]) assert.doesNotMatch(words(mistake), /undefined|NaN|\[object/);
      proposals(form, {}, { [`earlier.${id}`]: value }, now);
    }
  });
}

test("what every object inherits is no answer", () => {
  const person = { kind: "person" };
  assert.equal(judge(person, JSON.parse('{"__proto__": {"name": "王晓兰"}}'), { on: "2026-11-25", district: "" }).value, null);
  assert.equal(judge(person, Object.create({ name: "王晓兰" }), { on: "2026-11-25", district: "" }).value, null);
});

test("names that nobody asked for are mistakes, whatever they are", () => {
  const { mistakes } = checkAnswers(form, JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}'), now, { partial: true });
  assert.deepEqual(mistakes.map(({ question }) => question), ["__proto__", "constructor", "toString"]);
});

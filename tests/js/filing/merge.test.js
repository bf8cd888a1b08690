import assert from "node:assert/strict";
import { test } from "node:test";

import { canonical, choose, merge } from "../../../app/static/js/filing/merge.js";

const cases = [
  ["only I changed", { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }, []],
  ["only they changed", { a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, []],
  ["both changed alike", { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }, []],
  ["both changed differently: mine stands, asked", { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }, ["a"]],
  ["I emptied it", { a: 1 }, {}, { a: 1 }, {}, []],
  ["they emptied it", { a: 1 }, { a: 1 }, {}, {}, []],
  ["I emptied, they changed: asked", { a: 1 }, {}, { a: 2 }, {}, ["a"]],
  ["new on both sides", {}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }, []],
  ["lists are compared by content", { a: ["x"] }, { a: ["x"] }, { a: ["x", "y"] }, { a: ["x", "y"] }, []],
];

for (const [name, base, mine, theirs, answers, clashes] of cases) {
  test(name, () => assert.deepEqual(merge(base, mine, theirs), { answers, clashes }));
}

test("choosing theirs takes their answer, or their having none", () => {
  assert.deepEqual(choose({ a: 1, b: 2, c: 3 }, { a: 9 }, { a: "theirs", b: "theirs", c: "mine" }), { a: 9, c: 3 });
});

test("the order of keys is no difference, that of rows is one", () => {
  assert.equal(canonical({ a: 1, b: [{ x: 1, y: 2 }] }), canonical({ b: [{ y: 2, x: 1 }], a: 1 }));
  assert.notEqual(canonical([{ n: 1 }, { n: 2 }]), canonical([{ n: 2 }, { n: 1 }]));
  const [base, mine] = [{ a: { name: "王", phone: "1" } }, { a: { phone: "1", name: "王" } }];
  assert.deepEqual(merge(base, mine, { a: { name: "李", phone: "1" } }).clashes, []);
});

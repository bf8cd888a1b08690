// Checks of answers in the browser, by the vectors that the server is tested with too, in both languages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkAnswers, proposals, words } from "../../../app/static/js/forms/answers.js";
import { today } from "../../../app/static/js/forms/derived.js";
import { check, doubts, Wrong } from "../../../app/static/js/forms/kinds.js";
import * as mistakes from "../../../app/static/js/forms/mistakes.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const vectors = JSON.parse(read("../../vectors/answers.json"));
const now = new Date(vectors.now);
const english = Object.fromEntries(
  [...read("../../../app/locale/en/catalogue.po").matchAll(/^msgid (".+")\nmsgstr (".+")$/gm)].map((m) => [JSON.parse(m[1]), JSON.parse(m[2])]),
);

for (const vector of vectors.checks) {
  test(`${vector.question.kind} ${JSON.stringify(vector.value)}`, () => {
    if ("is" in vector) {
      const value = check(vector.question, vector.value, today(now));
      assert.deepEqual(value, vector.is);
      assert.equal(doubts(vector.question, value), vector.doubt ? mistakes[vector.doubt] : null);
      return;
    }
    assert.throws(
      () => check(vector.question, vector.value, today(now)),
      (error) => {
        assert.ok(error instanceof Wrong);
        assert.equal(error.text, mistakes[vector.wrong]);
        assert.deepEqual(error.params, vector.params);
        if (vector.zh) assert.equal(words(error), vector.zh);
        if (vector.en) assert.equal(words(error, (text) => english[text]), vector.en);
        return true;
      },
    );
  });
}

const named = (list) => list.map(({ question, text }) => [question, text]);
const expected = (list = []) => list.map(([id, name]) => [id, mistakes[name]]);

for (const vector of vectors.whole) {
  test(vector.name, () => {
    const checked = checkAnswers(vectors.form, vector.answers, now, { page: vector.page ?? null, partial: vector.partial ?? false });
    assert.deepEqual(checked.values, vector.values);
    assert.deepEqual(named(checked.mistakes), expected(vector.mistakes));
    assert.deepEqual(named(checked.warnings), expected(vector.warnings));
  });
}

for (const { answers, are } of vectors.proposals) {
  test(`proposals with ${JSON.stringify(answers)}`, () => {
    const found = proposals(vectors.form, answers, vectors.profile, now);
    assert.deepEqual(Object.fromEntries(Object.entries(found).map(([id, { value, source }]) => [id, [value, source]])), are);
  });
}

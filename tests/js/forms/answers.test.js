// Checks of answers in the browser, by the vectors that the server is tested with too, in both languages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkAnswers, proposals, words } from "../../../app/static/js/forms/answers.js";
import { today } from "../../../app/static/js/forms/derived.js";
import { check, doubts, judge, Wrong } from "../../../app/static/js/forms/kinds.js";
import * as mistakes from "../../../app/static/js/forms/mistakes.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const vectors = JSON.parse(read("../../vectors/answers.json"));
const now = new Date(vectors.now);
const at = { on: today(now), district: "320507" };
const english = Object.fromEntries(
  [...(read("../../../app/locale/en/catalogue.po") + read("../../../app/locale/en/forms.po")).matchAll(/^msgid (".+")\nmsgstr (".+")$/gm)].map((m) => [JSON.parse(m[1]), JSON.parse(m[2])]),
);

for (const vector of vectors.checks) {
  test(`${vector.question.kind} ${JSON.stringify(vector.value)}`, () => {
    if ("is" in vector) {
      const value = check(vector.question, vector.value, at);
      assert.deepEqual(value, vector.is);
      assert.deepEqual(doubts(vector.question, value), vector.doubt ? [["", mistakes[vector.doubt]]] : []);
      return;
    }
    assert.throws(
      () => check(vector.question, vector.value, at),
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
const sourced = (found) => Object.fromEntries(Object.entries(found).map(([id, { value, source }]) => [id, [value, source]]));

for (const vector of vectors.parts) {
  test(`${vector.question.kind} ${JSON.stringify(vector.value)} ${vector.partial ? "so far" : ""}`, () => {
    const form = { district: "320507", pages: [{ id: "one", questions: [{ id: "a.x", ...vector.question }] }] };
    const checked = checkAnswers(form, { "a.x": vector.value }, now, { partial: vector.partial ?? false });
    assert.deepEqual(checked.values["a.x"] ?? null, vector.is);
    assert.deepEqual(named(checked.mistakes), expected(vector.mistakes.map(([place, name]) => [`a.x${place}`, name])));
    assert.deepEqual(checked.mistakes.map(({ params }) => params), vector.mistakes.map(([, , params]) => params));
    assert.deepEqual(named(checked.warnings), expected(vector.warnings?.map(([place, name]) => [`a.x${place}`, name])));
    assert.deepEqual(checkAnswers(form, checked.values, now).values, checked.values);
  });
}

for (const vector of vectors.whole) {
  test(vector.name, () => {
    const checked = checkAnswers(vectors.form, vector.answers, now, { page: vector.page ?? null, partial: vector.partial ?? false });
    assert.deepEqual(checked.values, vector.values);
    assert.deepEqual(named(checked.mistakes), expected(vector.mistakes));
    assert.deepEqual(named(checked.warnings), expected(vector.warnings));
  });
}

for (const vector of vectors.across.vectors) {
  test(`across: ${vector.name}`, () => {
    const options = { page: vector.page ?? null, partial: vector.partial ?? false };
    const { mistakes: found } = checkAnswers(vectors.across.form, vector.answers, now, options);
    assert.deepEqual(named(found), expected(vector.mistakes));
    assert.deepEqual(found.map(({ params }) => params), vector.mistakes.map(([, , params]) => params));
  });
}

for (const { answers, are } of vectors.proposals) {
  test(`proposals with ${JSON.stringify(answers)}`, () => {
    assert.deepEqual(sourced(proposals(vectors.form, answers, vectors.known, now)), are);
  });
}

for (const { answers, known, are } of vectors.offered.vectors) {
  test(`proposals from ${JSON.stringify(known)} with ${JSON.stringify(answers)}`, () => {
    assert.deepEqual(sourced(proposals(vectors.offered.form, answers, known, now)), are);
  });
}

test("a rule of a definition is said in the reader's language", () => {
  const [mistake] = checkAnswers(vectors.across.form, { "co.from": 2, "co.to": 2 }, now, { partial: true }).mistakes;
  assert.equal(words(mistake), "到要大于从。100% 对。");
  assert.equal(words(mistake, (text) => english[text], "en"), "To must be greater than from.");
});

test("a signature has at most four thousand points", () => {
  const full = Array.from({ length: 200 }, (_, n) => Array.from({ length: 10 }, () => [0, 0, n, 9]).flat());
  assert.deepEqual(judge({ kind: "signature" }, { way: "drawn", strokes: full }, at).value, { way: "drawn", strokes: full });
  assert.equal(judge({ kind: "signature" }, { way: "drawn", strokes: [...full, [1, 1]] }, at).wrong.text, mistakes.SIGN_LESS);
});

// A typed signature is the applicant's own; the server says the same (tests/forms/test_signed.py).

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkAnswers } from "../../../app/static/js/forms/answers.js";
import { SIGN_NAME } from "../../../app/static/js/forms/mistakes.js";

const NOW = new Date("2026-11-25T00:00:00Z");
const NAME = { id: "applicant.name", kind: "name" };
const SIGN = { id: "co.sign", kind: "signature" };

function wrong(name, asked = [NAME, SIGN]) {
  const answers = { "co.sign": { way: "typed", name }, ...(asked.includes(NAME) && { "applicant.name": "周雅琴" }) };
  const form = { pages: [{ id: "only", questions: asked }] };
  return checkAnswers(form, answers, NOW).mistakes.map(({ question, text }) => [question, text]);
}

test("another name is refused at the field of the name", () => {
  assert.deepEqual(wrong("沈伟"), [["co.sign:name", SIGN_NAME]]);
});

test("one's own name is a signature", () => {
  assert.deepEqual(wrong("周雅琴"), []);
});

test("a form that asks for no applicant takes any name", () => {
  assert.deepEqual(wrong("沈伟", [SIGN]), []);
});

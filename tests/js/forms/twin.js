// The browser's half of tests/forms/test_twins.py: cases as JSON lines on standard input, what the engine makes of each as JSON lines.

import { createInterface } from "node:readline";
import { checkAnswers, proposals } from "../../../app/static/js/forms/answers.js";
import { holds, shown } from "../../../app/static/js/forms/conditions.js";

const said = (list) => list.map(({ question, text, params }) => [question, text, params]);

function play({ form, answers, known, now, page, partial, conditions }) {
  const at = new Date(now);
  const { values, mistakes, warnings } = checkAnswers(form, answers, at, { page, partial });
  const seen = shown(form, answers, at);
  return {
    values,
    mistakes: said(mistakes),
    warnings: said(warnings),
    proposals: Object.entries(proposals(form, answers, known, at)).map(([id, { value, source }]) => [id, value, source]),
    shown: seen,
    holds: conditions.map((condition) => holds(condition, seen, at, form.district)),
  };
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(play(JSON.parse(line)))}\n`);

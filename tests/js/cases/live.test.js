import assert from "node:assert/strict";
import { test } from "node:test";
import { keepUp } from "../../../app/static/js/cases/live.js";

function setUp(answers, version = 1) {
  const shown = [];
  let asked = 0;
  let tell;
  const end = keepUp({
    listen: (said) => {
      tell = said;
      return () => "ended";
    },
    load: async () => {
      asked += 1;
      return answers.shift() ?? null;
    },
    show: (html) => shown.push(html),
    version,
  });
  return { tell: (next) => tell(next), shown, asked: () => asked, end };
}

test("a newer version is fetched and shown", async () => {
  const page = setUp([{ version: 2, html: "two" }]);
  await page.tell(2);
  assert.deepEqual(page.shown, ["two"]);
});

test("the version that is shown already is not fetched", async () => {
  const page = setUp([], 5);
  await page.tell(5);
  await page.tell(4);
  assert.equal(page.asked(), 0);
});

test("versions told while one is on its way are fetched once more, not once each", async () => {
  const page = setUp([{ version: 2, html: "two" }, { version: 5, html: "five" }]);
  await Promise.all([page.tell(2), page.tell(3), page.tell(5)]);
  assert.deepEqual(page.shown, ["two", "five"]);
  assert.equal(page.asked(), 2);
});

test("a page that lags behind is not asked for ever", async () => {
  const page = setUp([{ version: 1, html: "old" }]);
  await page.tell(2);
  assert.deepEqual(page.shown, []);
  assert.equal(page.asked(), 1);
});

test("after a failed fetch the next event tries again", async () => {
  const page = setUp([null, { version: 3, html: "three" }]);
  await page.tell(2);
  await page.tell(3);
  assert.deepEqual(page.shown, ["three"]);
});

test("listening can be ended", () => {
  assert.equal(setUp([]).end(), "ended");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERY, FIRST, keepUp, SILENT } from "../../../app/static/js/messages/live.js";
import { Clock } from "../clock.js";

const settled = () => new Promise((done) => setImmediate(done));

function setUp({ answers = [], version = "1-10", count = 1 } = {}) {
  const page = { version, refreshed: 0, counts: [], arrivals: 0, asked: 0, clock: new Clock() };
  page.open = keepUp({
    shown: () => page.version,
    refresh: () => { page.refreshed += 1; },
    unread: (n) => page.counts.push(n),
    arrived: () => { page.arrivals += 1; },
    ask: async () => {
      page.asked += 1;
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? null;
    },
    clock: page.clock,
    count,
  });
  return page;
}

test("what is on screen already is not fetched again", () => {
  const page = setUp();
  page.open.news({ unread: 1, version: "1-10" });
  assert.deepEqual([page.refreshed, page.counts, page.arrivals], [0, [], 0]);
});

test("something new is counted, announced and fetched", () => {
  const page = setUp();
  page.open.news({ unread: 2, version: "2-11" });
  assert.deepEqual([page.refreshed, page.counts, page.arrivals], [1, [2], 1]);
});

test("what was read elsewhere is fetched without being announced", () => {
  const page = setUp();
  page.open.news({ unread: 0, version: "0-10" });
  assert.deepEqual([page.refreshed, page.counts, page.arrivals], [1, [0], 0]);
});

test("what came while an answer was on its way is fetched once more, and a lagging answer not for ever", () => {
  const page = setUp();
  page.open.news({ unread: 2, version: "2-11" });
  page.open.news({ unread: 3, version: "3-12" });
  page.version = "2-11";
  page.open.refreshed();
  assert.equal(page.refreshed, 3);
  page.open.refreshed();
  assert.equal(page.refreshed, 3);
});

test("a stream that speaks in time is all that is needed", async () => {
  const page = setUp();
  page.open.news({ unread: 1, version: "1-10" });
  for (let beats = 0; beats < 8; beats += 1) {
    page.clock.pass(15_000);
    page.open.beat();
  }
  await settled();
  assert.equal(page.asked, 0);
});

test("without a word from the stream the page asks by itself, again and again, through failures", async () => {
  const page = setUp({ answers: [{ unread: 2, version: "2-11" }, new Error("offline"), { unread: 3, version: "3-12" }] });
  page.clock.pass(FIRST);
  await settled();
  assert.deepEqual([page.asked, page.refreshed], [1, 1]);
  page.clock.pass(EVERY);
  await settled();
  page.clock.pass(EVERY);
  await settled();
  assert.deepEqual([page.asked, page.counts], [3, [2, 3]]);
});

test("a stream that falls silent is replaced by asking, until it speaks again", async () => {
  const page = setUp();
  page.open.news({ unread: 1, version: "1-10" });
  page.clock.pass(SILENT);
  await settled();
  assert.equal(page.asked, 1);
  page.open.beat();
  page.clock.pass(EVERY);
  await settled();
  assert.equal(page.asked, 1);
});

test("in the background nobody asks; back in front the stream gets its time first", async () => {
  const page = setUp();
  page.open.pause();
  page.clock.pass(10 * SILENT);
  await settled();
  assert.equal(page.asked, 0);
  page.open.resume();
  page.clock.pass(FIRST);
  await settled();
  assert.equal(page.asked, 1);
});

test("after the end nothing is asked any more, and a late answer changes nothing", async () => {
  const page = setUp({ answers: [{ unread: 9, version: "9-99" }] });
  page.clock.pass(FIRST);
  page.open.end();
  await settled();
  page.clock.pass(EVERY);
  await settled();
  assert.deepEqual([page.asked, page.refreshed, page.counts], [1, 0, []]);
  assert.equal(page.clock.waiting, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PAUSE, suggester, worthAsking } from "../../../app/static/js/catalogue/suggest.js";

/** A suggester whose clock and server are ours. */
function world(answers = {}) {
  const asked = [], shown = [], timers = new Map();
  let next = 0;
  const ask = suggester({
    address: "/search/suggestions",
    fetch: (address) => {
      asked.push(address);
      const answer = answers[decodeURIComponent(address.split("q=")[1])];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? { ok: true, text: async () => "<ul></ul>" });
    },
    wait: (run, ms) => {
      assert.equal(ms, PAUSE);
      timers.set(++next, run);
      return next;
    },
    stop: (timer) => timers.delete(timer),
    show: (html) => shown.push(html),
  });
  const pause = async () => {
    const due = [...timers.values()];
    timers.clear();
    await Promise.all(due.map((run) => run()));
  };
  return { ask, asked, shown, pause };
}

test("it asks once when somebody pauses", async () => {
  const { ask, asked, shown, pause } = world();
  for (const typed of ["l", "lu", "luo", "luohu "]) ask(typed);
  await pause();
  assert.deepEqual(asked, ["/search/suggestions?q=luohu"]);
  assert.deepEqual(shown, ["<ul></ul>"]);
});

test("an old answer never covers a newer one", async () => {
  let late;
  const slow = new Promise((resolve) => (late = resolve));
  const { ask, shown, pause } = world({ a: { ok: true, text: () => slow }, ab: { ok: true, text: async () => "new" } });
  ask("a");
  const first = pause();
  ask("ab");
  await pause();
  late("old");
  await first;
  assert.deepEqual(shown, ["new"]);
});

test("an emptied box shows nothing, and so do a refusal and a lost line", async () => {
  const { ask, shown, pause } = world({ x: { ok: false, text: async () => "error" }, y: new TypeError("offline") });
  ask("  ");
  ask("x");
  await pause();
  ask("y");
  await pause();
  assert.deepEqual(shown, ["", "", ""]);
});

test("numbers of people stay on the phone", async () => {
  const { ask, asked, pause } = world();
  const begun = ["3205071", "138 1234", "１３８１２３４５"];
  for (const number of ["320507199001011234", "3205 0719 9001 0112 34", "13812345678", "91320507MA1XK4T95H", ...begun]) {
    ask(number);
    await pause();
  }
  assert.deepEqual(asked, []);
  assert.equal(worthAsking("80岁补贴"), true);
  assert.equal(worthAsking("12345"), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { autosave, DELAY, RETRY } from "../../../app/static/js/filing/autosave.js";
import { NotSaved } from "../../../app/static/js/filing/store.js";

/** A clock whose timers run when the test says so. */
function handClock() {
  const timers = new Map();
  let next = 1;
  return {
    setTimeout: (run, wait) => (timers.set(next, { run, wait }), next++),
    clearTimeout: (id) => timers.delete(id),
    waits: () => [...timers.values()].map((t) => t.wait),
    async ring() {
      const due = [...timers.values()];
      timers.clear();
      for (const { run } of due) await run();
    },
  };
}

/** A store as the server's: revisions, conflicts, and a list of faults to raise first. */
function handStore(answers = {}, faults = []) {
  let kept = { id: "d", revision: 1, answers };
  const saves = [];
  return {
    saves,
    get kept() {
      return kept;
    },
    elsewhere(changed) {
      kept = { ...kept, revision: kept.revision + 1, answers: { ...kept.answers, ...changed } };
    },
    async save(draft) {
      saves.push(draft);
      if (faults.length) throw faults.shift();
      if (draft.revision !== kept.revision) return { conflict: structuredClone(kept) };
      kept = { ...kept, revision: kept.revision + 1, answers: structuredClone(draft.answers) };
      return { revision: kept.revision, savedAt: "2026-03-12T10:24:00Z" };
    },
  };
}

function page(store, fields = {}, draft = store.kept) {
  const said = [];
  const clock = handClock();
  const here = { fields: { ...fields }, said, clock };
  here.saver = autosave({
    store,
    draft,
    asked: ["name", "city"],
    read: () => ({ ...here.fields }),
    say: (state, detail) => said.push([state, detail]),
    apply: (answers) => {
      here.fields = Object.fromEntries(Object.entries(answers).filter(([name]) => ["name", "city"].includes(name)));
    },
    clock,
  });
  return here;
}

const states = ({ said }) => said.map(([state, detail]) => detail.reason ?? state);

test("it saves a moment after the last change, once", async () => {
  const store = handStore();
  const here = page(store);
  for (const name of ["王", "王晓", "王晓兰"]) {
    here.fields.name = name;
    here.saver.changed();
  }
  assert.deepEqual(here.clock.waits(), [DELAY]);
  await here.clock.ring();
  assert.equal(store.saves.length, 1);
  assert.deepEqual(store.kept.answers, { name: "王晓兰" });
  assert.deepEqual(states(here), ["saving", "saved"]);
});

test("the answers of other pages are sent along unchanged", async () => {
  const store = handStore({ hospital: "h1", name: "王" });
  const here = page(store, { name: "王晓兰" });
  await here.saver.flush();
  assert.deepEqual(store.kept.answers, { hospital: "h1", name: "王晓兰" });
});

test("an emptied field is no answer any more", async () => {
  const store = handStore({ name: "王", city: "苏州" });
  const here = page(store, { name: "王" });
  await here.saver.flush();
  assert.deepEqual(store.kept.answers, { name: "王" });
});

test("nothing changed, nothing is sent", async () => {
  const store = handStore({ city: "苏州", name: "王" });
  const here = page(store, { name: "王", city: "苏州" });
  assert.equal(await here.saver.flush(), "saved");
  assert.equal(store.saves.length, 0);
});

test("what is typed while a save is on its way is saved after it", async () => {
  const store = handStore();
  const here = page(store, { name: "王" });
  const slow = store.save.bind(store);
  let release;
  store.save = async (draft) => {
    if (!release) await new Promise((done) => (release = done));
    return slow(draft);
  };
  const first = here.saver.flush();
  here.fields.name = "王晓兰";
  release();
  await first;
  assert.deepEqual(store.kept.answers, { name: "王晓兰" });
  assert.equal(store.saves.length, 2);
});

test("two flushes at once are one save", async () => {
  const store = handStore();
  const here = page(store, { name: "王" });
  await Promise.all([here.saver.flush(), here.saver.flush()]);
  assert.equal(store.saves.length, 1);
});

test("without network it says so, is stuck, and tries again by itself, ever more slowly", async () => {
  const store = handStore({}, [new NotSaved("offline"), new NotSaved("busy")]);
  const here = page(store, { name: "王" });
  assert.equal(await here.saver.flush(), "failed");
  assert.ok(here.saver.stuck);
  assert.deepEqual(here.clock.waits(), [RETRY[0]]);
  await here.clock.ring();
  assert.deepEqual(here.clock.waits(), [RETRY[1]]);
  await here.clock.ring();
  assert.deepEqual(states(here), ["saving", "offline", "saving", "busy", "saving", "saved"]);
  assert.ok(!here.saver.stuck);
  assert.deepEqual(store.kept.answers, { name: "王" });
});

test("signed out or refused: said, not repeated by itself, and the page may be sent", async () => {
  for (const reason of ["signed-out", "refused", "gone", "submitted"]) {
    const store = handStore({}, [new NotSaved(reason, { name: "control-character" })]);
    const here = page(store, { name: "王" });
    assert.equal(await here.saver.flush(), "failed");
    assert.deepEqual(here.clock.waits(), []);
    assert.ok(!here.saver.stuck);
    assert.deepEqual(here.said.at(-1), ["failed", { reason, questions: { name: "control-character" } }]);
  }
});

test("another device changed another question: both are kept without asking", async () => {
  const store = handStore({ name: "王" });
  const here = page(store, { name: "王晓兰" });
  store.elsewhere({ city: "苏州" });
  assert.equal(await here.saver.flush(), "saved");
  assert.deepEqual(store.kept.answers, { name: "王晓兰", city: "苏州" });
  assert.deepEqual(here.fields, { name: "王晓兰", city: "苏州" });
});

test("both changed the same question: it asks, saves nothing meanwhile, and does what is chosen", async () => {
  for (const [which, name] of [["mine", "王晓兰"], ["theirs", "王小兰"]]) {
    const store = handStore({ name: "王" });
    const here = page(store, { name: "王晓兰", city: "苏州" });
    store.elsewhere({ name: "王小兰" });
    assert.equal(await here.saver.flush(), "conflict");
    const [state, detail] = here.said.at(-1);
    assert.equal(state, "conflict");
    assert.deepEqual(detail.clashes, ["name"]);
    here.saver.changed();
    assert.equal(await here.saver.flush(), "conflict");
    assert.deepEqual(store.kept.answers, { name: "王小兰" });
    assert.equal(await here.saver.resolve({ name: which }), "saved");
    assert.deepEqual(store.kept.answers, { name, city: "苏州" });
  }
});

test("choosing the other device's answers throughout is saved already, and said so", async () => {
  const store = handStore({ name: "王" });
  const here = page(store, { name: "王晓兰" });
  store.elsewhere({ name: "王小兰" });
  await here.saver.flush();
  const before = store.saves.length;
  assert.equal(await here.saver.resolve({ name: "theirs" }), "saved");
  assert.equal(store.saves.length, before);
  assert.equal(here.said.at(-1)[0], "saved");
  assert.deepEqual(here.fields, { name: "王小兰" });
});

test("a mistake of ours is not called a failed save", async () => {
  const store = handStore({}, [new TypeError("ours")]);
  const here = page(store, { name: "王" });
  await assert.rejects(here.saver.flush(), TypeError);
});

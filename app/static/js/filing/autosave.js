// Saves while a person types: a moment after the last change, one save at a time, again after what passes by itself.
// No DOM: `read()` gives the page's answers, `say(state, detail)` tells what is true, `apply(answers)` shows joined answers.

import { canonical, choose, merge } from "./merge.js";
import { NotSaved } from "./store.js";

export const DELAY = 1200;
export const RETRY = [3000, 6000, 12000, 30000, 60000];
const PASSING = new Set(["offline", "busy"]);

/** Page answers over the draft's: the page's questions are its own, all others stay. */
export function joined(answers, asked, onPage) {
  const others = Object.fromEntries(Object.entries(answers).filter(([name]) => !asked.includes(name)));
  return { ...others, ...onPage };
}

/**
 * Keep a draft saved. States told: saving, saved {at}, failed {reason, questions}, conflict {clashes, mine, theirs}.
 * `draft` is as the store last had it; `asked` the page's question ids; `clock` has setTimeout and clearTimeout.
 */
export function autosave({ store, draft, asked, read, say, apply = () => {}, clock = globalThis }) {
  let synced = draft;
  let timer = null;
  let running = null;
  let failures = 0;
  let open = null;
  let last = "saved";
  let why = "";

  const wanted = () => joined(synced.answers, asked, read());
  const dirty = () => canonical(wanted()) !== canonical(synced.answers);

  function tell(state, detail = {}) {
    last = state;
    why = detail.reason ?? "";
    say(state, detail);
  }

  function plan(wait) {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(() => flush(), wait);
  }

  async function once(options) {
    const mine = wanted();
    const saved = await store.save({ ...synced, answers: mine }, options);
    if (!saved.conflict) {
      synced = { ...synced, answers: mine, revision: saved.revision };
      return tell("saved", { at: saved.savedAt, answers: mine });
    }
    const theirs = saved.conflict;
    const { answers, clashes } = merge(synced.answers, mine, theirs.answers);
    if (clashes.length) {
      open = { answers, theirs };
      return tell("conflict", { clashes, mine, theirs: theirs.answers });
    }
    synced = theirs;
    apply(answers);
    return once(options);
  }

  async function run(options) {
    try {
      do {
        tell("saving");
        await once(options);
        failures = 0;
      } while (!open && dirty());
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      tell("failed", { reason: error.reason, questions: error.questions });
      if (PASSING.has(error.reason)) plan(RETRY[Math.min(failures++, RETRY.length - 1)]);
    }
  }

  /** Save now if there is anything to save; resolves to the state that is then true. */
  async function flush(options = {}) {
    clock.clearTimeout(timer);
    if (open) return "conflict";
    if (running) await running;
    else if (dirty() || last === "failed") {
      running = run(options);
      try {
        await running;
      } finally {
        running = null;
      }
    }
    return last;
  }

  return {
    flush,
    dirty,
    /** Something was typed. */
    changed() {
      if (!open) plan(DELAY);
    },
    /** The person chose between both devices' answers. */
    async resolve(choices) {
      const { answers, theirs } = open;
      open = null;
      synced = theirs;
      apply(choose(answers, theirs.answers, choices));
      if (!dirty()) tell("saved", { at: theirs.updated_at, answers: theirs.answers });
      return flush();
    },
    stop() {
      clock.clearTimeout(timer);
    },
    get state() {
      return last;
    },
    /** Not saved for want of network or server: leaving the page now would lose what was typed. */
    get stuck() {
      return last === "failed" && PASSING.has(why);
    },
  };
}

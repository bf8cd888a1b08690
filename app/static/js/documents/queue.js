// The photos of a page, one after the other: prepared, sent, done, or failed and tried again. No DOM.

import { NotSent, Refused } from "./upload.js";

/**
 * send(job, say) does the work of one job; say(state, detail) reports it.
 * States: compressing, waiting, uploading {percent}, done {document, sha256}, failed {reason}, refused {type, title, todo}.
 */
export function queue({ prepare, send }) {
  const jobs = [];
  let working = null;
  const idle = new Set();

  function report(job, state, detail = {}) {
    job.state = state;
    job.say(state, detail);
  }

  async function work(job) {
    try {
      if (!job.ready) {
        report(job, "compressing");
        job.ready = await prepare(job.file);
      }
      report(job, "uploading", { percent: 0 });
      const sent = await send({ ...job.place, ...job.ready }, {
        onProgress: (done, size) => report(job, "uploading", { percent: Math.floor((done / size) * 100) }),
        onWait: () => report(job, "waiting"),
      });
      report(job, "done", sent);
    } catch (error) {
      if (error instanceof Refused) report(job, "refused", { type: error.type, title: error.message, todo: error.todo });
      else report(job, "failed", { reason: error instanceof NotSent ? error.reason : "busy" });
    }
  }

  async function run() {
    for (let job = next(); job; job = next()) await work(job);
    working = null;
    for (const resolve of idle) resolve(!jobs.some((job) => job.state === "failed" || job.state === "refused"));
    idle.clear();
  }

  const next = () => jobs.find((job) => job.state === "new");
  const start = () => {
    working ??= run();
  };

  return {
    /** Add a file for a place {draft, material, page}; its states go to `say`. */
    add(file, place, say) {
      const job = { file, place, say, state: "new", ready: null };
      jobs.push(job);
      start();
      return job;
    },
    /** Try a failed one again. */
    again(job) {
      job.state = "new";
      start();
    },
    /** Forget one that was refused. */
    drop(job) {
      const at = jobs.indexOf(job);
      if (at >= 0) jobs.splice(at, 1);
    },
    /** Whether something is on its way. */
    get busy() {
      return working !== null;
    },
    /** When nothing is on its way any more: true if everything arrived. */
    settled() {
      return working === null ? Promise.resolve(true) : new Promise((resolve) => idle.add(resolve));
    },
  };
}

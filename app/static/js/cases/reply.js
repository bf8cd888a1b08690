// Where a correction's typed answers are kept: beside the correction on the server (app/filing/corrections_kept.py). No DOM.

import { NotSaved } from "../filing/store.js";

const WAITING = new Set([408, 425, 429]);

function reasonOf(status) {
  if (status === 401 || status === 403) return "signed-out";
  if (status === 404 || status === 409) return "gone";
  return WAITING.has(status) || status >= 500 ? "busy" : "failed";
}

/** A store of one verb for autosave.js: `fields()` gives the form as it stands, `now()` when that was. */
export function replyStore(fetch, address, fields, now) {
  return {
    async save(_draft, { keepalive = false } = {}) {
      let answer;
      try {
        answer = await fetch(address, { method: "POST", body: fields(), headers: { Accept: "application/json" }, keepalive });
      } catch {
        throw new NotSaved("offline");
      }
      if (!answer.ok) throw new NotSaved(reasonOf(answer.status));
      return { revision: 0, savedAt: now() };
    },
  };
}

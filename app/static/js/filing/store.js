// Where a draft is kept. Every store has the same three verbs; the form knows no more of it:
//   load(id)    -> draft or null
//   save(draft) -> {revision, savedAt}, or {conflict: draft} when somebody saved since draft.revision
//   remove(id)
// A draft is {id, service, edition, revision, answers, page}. What fails throws NotSaved with a reason.

/** Why a draft could not be saved: offline, busy, signed-out, refused, submitted, gone. `questions` names what was refused. */
export class NotSaved extends Error {
  constructor(reason, questions = {}) {
    super(reason);
    this.reason = reason;
    this.questions = questions;
  }
}

/** A browser refuses to carry more than 64 KiB beyond the life of a page. */
const MOST_KEPT_ALIVE = 60_000;
const WAITING = new Set([408, 425, 429]);

function reasonOf(status, type) {
  if (status === 401 || status === 403) return "signed-out";
  if (status === 404) return "gone";
  if (status === 409 && type.endsWith("draft-submitted")) return "submitted";
  if (WAITING.has(status) || status >= 500) return "busy";
  return "refused";
}

/** The server's store, over the public API with the browser's own session. `keepalive` lets a save outlive its page. */
export function serverStore(fetch, path = "/api/drafts") {
  async function call(id, options = {}) {
    let response;
    try {
      response = await fetch(`${path}/${id}`, { ...options, headers: { Accept: "application/json", ...options.headers } });
    } catch {
      throw new NotSaved("offline");
    }
    const body = response.status === 204 ? null : await response.json().catch(() => ({}));
    return { status: response.status, ok: response.ok, body };
  }

  const refuse = ({ status, body }) => new NotSaved(reasonOf(status, body?.type ?? ""), body?.questions ?? {});

  return {
    async load(id) {
      const answer = await call(id, { cache: "no-store" });
      if (answer.status === 404) return null;
      if (!answer.ok) throw refuse(answer);
      return answer.body;
    },

    async save(draft, { keepalive = false } = {}) {
      const { id, service, edition, revision, answers, page } = draft;
      const body = JSON.stringify({ service, edition, base_revision: revision, answers, page });
      const alive = keepalive && new TextEncoder().encode(body).length < MOST_KEPT_ALIVE;
      const answer = await call(id, { method: "PUT", headers: { "Content-Type": "application/json" }, body, keepalive: alive });
      if (answer.ok) return { revision: answer.body.revision, savedAt: answer.body.saved_at };
      if (answer.status === 409 && answer.body?.draft) return { conflict: answer.body.draft };
      throw refuse(answer);
    },

    async remove(id) {
      const answer = await call(id, { method: "DELETE" });
      if (!answer.ok && answer.status !== 404) throw refuse(answer);
    },
  };
}

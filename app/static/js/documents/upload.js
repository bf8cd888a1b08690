// Sends one file by tus 1.0.0: in chunks that grow on a good line, going on at the byte where a cut left it.
//
//   const { document, sha256 } = await upload({ bytes, filename, draft, material, page }, { fetch, clock, onProgress, onWait })
//
// clock is { now(), sleep(ms) }; onProgress(sent, size); onWait(ms) says that the line is down and when it tries again.
// A cut costs at most one chunk. What the server refuses throws Refused, what does not get through throws NotSent.

export const FIRST_CHUNK = 256 * 1024;
export const MOST_CHUNK = 1024 * 1024;
export const MOST_BYTES = 20 * 1024 * 1024;
const FAST = 2_000; // ms for a chunk: quicker than this, the next may be twice as large
const FIRST_WAIT = 1_000;
const MOST_WAIT = 300_000;
const TRIES = 12; // in a row without a byte of progress
const RENEWALS = 3; // uploads begun anew because the server forgot one, or the bytes did not match
const LATER = new Set([408, 425, 429]);
const VERSION = { "Tus-Resumable": "1.0.0", Accept: "application/json" };

/** The server refuses the file for good: `type` is its stable name, the message is for people. */
export class Refused extends Error {
  constructor(type, title = "", todo = "") {
    super(title || type);
    this.type = type;
    this.todo = todo;
  }
}

/** The file did not get through: reason is "offline", "busy", "signed-out" or "stopped". It may be tried again. */
export class NotSent extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** SHA-256 in hex; `subtle` only exists on https and localhost. */
export async function sha256(bytes, subtle = globalThis.crypto?.subtle) {
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Upload-Metadata: key and base64 of the UTF-8 value. */
export function metadata(values) {
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(values)
    .map(([key, value]) => `${key} ${base64(String(value))}`)
    .join(",");
}

/** How long to wait after the n-th failure in a row: full jitter up to 5 min, never less than the server asked for. */
export function backoff(failures, retryAfter, now, random = Math.random) {
  const most = Math.min(MOST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 20));
  return Math.max(Math.round(random() * most), asked(retryAfter, now));
}

function asked(retryAfter, now) {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  const wait = Number.isNaN(seconds) ? Date.parse(retryAfter) - now : seconds * 1_000;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), MOST_WAIT);
}

/** What an answer means: ok, again (later), offset (look where we are), gone (begin anew), out (sign in), or refused. */
function meaning(response) {
  if (response.ok) return "ok";
  if (response.status >= 500 || LATER.has(response.status)) return "again";
  return { 401: "out", 404: "gone", 409: "offset", 410: "gone" }[response.status] ?? "refused";
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  const type = String(problem.type ?? `http-${response.status}`).replace("/problems/", "");
  return new Refused(type, problem.title, problem.detail);
}

/** Upload a file; gives { document, sha256, size }. `known.sha256` spares hashing again. */
export async function upload(file, { fetch, clock, random, signal, onProgress = () => {}, onWait = () => {}, path = "/api/uploads" }) {
  const { bytes, filename, draft, material, page } = file;
  const size = bytes.byteLength;
  if (size > MOST_BYTES) throw new Refused("file-too-large");
  const hash = file.sha256 ?? (await sha256(bytes));
  const said = metadata({ draft_id: draft, material, page, filename, sha256: hash });
  const state = { url: null, offset: 0, document: null, chunk: FIRST_CHUNK, failures: 0, renewals: 0, sure: false };

  const begin = () => fetch(path, { method: "POST", headers: { ...VERSION, "Upload-Length": String(size), "Upload-Metadata": said }, signal });
  const look = () => fetch(state.url, { method: "HEAD", headers: VERSION, signal, cache: "no-store" });
  const send = () => {
    const headers = { ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(state.offset) };
    return fetch(state.url, { method: "PATCH", headers, body: bytes.slice(state.offset, state.offset + state.chunk), signal });
  };

  function take(response) {
    const offset = Number(response.headers.get("Upload-Offset"));
    if (offset > state.offset) state.failures = 0;
    state.offset = offset;
    state.document = response.headers.get("Upload-Document");
    state.url = response.headers.get("Location") ?? state.url;
    state.sure = true;
    onProgress(state.offset, size);
  }

  async function wait(reason, response) {
    state.sure = false;
    state.failures += 1;
    state.chunk = Math.max(FIRST_CHUNK, state.chunk / 2);
    if (state.failures >= TRIES) throw new NotSent(reason);
    const pause = backoff(state.failures, response?.headers.get("Retry-After"), clock.now(), random);
    onWait(pause);
    await clock.sleep(pause);
  }

  function renew(reason) {
    state.renewals += 1;
    if (state.renewals > RENEWALS) throw reason;
    Object.assign(state, { url: null, offset: 0, sure: false });
  }

  while (!state.document) {
    const step = !state.url ? begin : state.sure ? send : look;
    const started = clock.now();
    let response;
    try {
      response = await step();
    } catch {
      if (signal?.aborted) throw new NotSent("stopped");
      await wait("offline");
      continue;
    }
    const means = meaning(response);
    if (means === "ok") {
      if (step === send && clock.now() - started < FAST) state.chunk = Math.min(MOST_CHUNK, state.chunk * 2);
      take(response);
    } else if (means === "again") await wait("busy", response);
    else if (means === "out") throw new NotSent("signed-out");
    else if (means === "gone") renew(new NotSent("busy"));
    else if (means === "offset") await wait("busy");
    else {
      const refused = await refusal(response);
      if (refused.type !== "hash-mismatch") throw refused;
      renew(refused);
    }
  }
  return { document: state.document, sha256: hash, size };
}

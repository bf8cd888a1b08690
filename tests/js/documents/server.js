// A tus server in memory behind `fetch`, with faults to order: what it does to the n-th request.

/** faults: a list of functions (request) -> Response | "cut" | undefined, one used per request. */
export function server(faults = []) {
  const uploads = new Map();
  const log = [];

  function answer(status, headers = {}, body = null) {
    return new Response(body && JSON.stringify(body), { status, headers });
  }

  function handle(url, { method, headers, body }) {
    if (method === "POST") {
      const id = `/api/uploads/${uploads.size + 1}`;
      uploads.set(id, { bytes: new Uint8Array(0), size: Number(headers["Upload-Length"]), said: headers["Upload-Metadata"] });
      return answer(201, { Location: id, "Upload-Offset": "0" });
    }
    const found = uploads.get(url);
    if (!found) return answer(404, {}, { type: "/problems/not-found" });
    const told = () => ({
      "Upload-Offset": String(found.bytes.length),
      ...(found.bytes.length === found.size ? { "Upload-Document": `document-of-${url.split("/").pop()}` } : {}),
    });
    if (method === "HEAD") return answer(200, told());
    if (Number(headers["Upload-Offset"]) !== found.bytes.length) return answer(409, {}, { type: "/problems/upload-offset" });
    found.bytes = new Uint8Array([...found.bytes, ...new Uint8Array(body)]);
    return answer(204, told());
  }

  async function fetch(url, options) {
    log.push(`${options.method} ${options.headers["Upload-Offset"] ?? ""}`.trim());
    const fault = faults.shift()?.({ url, ...options, uploads });
    if (fault === "cut") throw new TypeError("Failed to fetch");
    if (fault === "lost") {
      handle(url, options); // it arrived; only the answer did not
      throw new TypeError("Failed to fetch");
    }
    return fault ?? handle(url, options);
  }

  return { fetch, uploads, log, answer };
}

/** A clock that never waits, and remembers how long it should have. */
export function handClock(step = 0) {
  let now = 1_000_000;
  const slept = [];
  return {
    slept,
    now: () => (now += step),
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

// Run by tests/documents/test_interop.py against the real server: node interop.js <client> <base url> <token> <file> <draft>
// <client> is "tus-js-client" (the reference client) or "ours". Prints what it saw as one line of JSON.

import { readFile } from "node:fs/promises";

import * as tus from "tus-js-client";

import { sha256, upload } from "../../../app/static/js/documents/upload.js";

const [, , client, base, token, path, draft] = process.argv;
const bytes = await readFile(path);
const authorization = { Authorization: `Bearer ${token}` };
const place = { material: "hukou", page: "1", filename: "户口簿.jpg" };

async function reference({ chunkSize, stopAt, resume }) {
  const metadata = { ...place, draft_id: draft, sha256: await sha256(bytes) };
  const options = { endpoint: `${base}/api/uploads`, headers: authorization, metadata, chunkSize, retryDelays: [0, 100, 300] };
  return new Promise((resolve, reject) => {
    const progress = [];
    const made = new tus.Upload(bytes, {
      ...options,
      uploadUrl: resume,
      onChunkComplete: (size, accepted) => {
        progress.push(accepted);
        if (stopAt && accepted >= stopAt) made.abort().then(() => resolve({ url: made.url, progress }));
      },
      onSuccess: ({ lastResponse }) => resolve({ url: made.url, progress, document: lastResponse.getHeader("Upload-Document") }),
      onError: reject,
    });
    made.start();
  });
}

/** Every third request is cut off before it is sent, every fourth answer is lost. */
function badLine() {
  let count = 0;
  return async (url, options) => {
    count += 1;
    if (count % 3 === 0) throw new TypeError("cut");
    const answer = await fetch(new URL(url, base), { ...options, headers: { ...options.headers, ...authorization } });
    if (count % 4 === 0) throw new TypeError("lost");
    return answer;
  };
}

if (client === "ours") {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const clock = { now: () => Date.now(), sleep: async () => {} };
  console.log(JSON.stringify(await upload({ bytes: buffer, draft, ...place }, { fetch: badLine(), clock })));
} else {
  const first = await reference({ chunkSize: 200_000, stopAt: 400_000 });
  const second = await reference({ chunkSize: 300_000, resume: first.url });
  const again = await reference({ chunkSize: Infinity });
  console.log(JSON.stringify({ first, second, again }));
}

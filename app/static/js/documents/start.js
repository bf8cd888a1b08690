// Starts every uploader of a page.

import { prepared } from "./picture.js";
import { queue } from "./queue.js";
import { holdBack, takeOver } from "./shots.js";
import { upload } from "./upload.js";

/** Waits, but not longer than until the network is back. */
function sleep(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}

const tools = { fetch: globalThis.fetch.bind(globalThis), clock: { now: () => Date.now(), sleep } };
const photos = queue({ prepare: prepared, send: (file, reports) => upload(file, { ...tools, ...reports }) });
const roots = [...document.querySelectorAll("[data-shots]")].filter((root) => root.dataset.draft);

// Without a secure context there is no hash: the plain form stays.
if (globalThis.crypto?.subtle && roots.length) {
  for (const root of roots) takeOver(root, photos);
  const last = roots.at?.(-1) ?? roots[roots.length - 1];
  const words = JSON.parse(last.dataset.words);
  holdBack(photos, (waiting) => {
    last.querySelector("[data-say]").textContent = waiting ? words.leaving : "";
  });
}

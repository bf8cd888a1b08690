// Promises of the browser that may never answer are waited for only so long (offline.md rule 12).

/** It took too long; what was begun may still end, but nobody waits for it. */
export class TooLong extends Error {}

/** What the promise gives, or TooLong after `ms` milliseconds of this clock. */
export function inTime(promise, ms, clock) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = clock.setTimeout(() => reject(new TooLong()), ms);
  });
  return Promise.race([promise, late]).finally(() => clock.clearTimeout(timer));
}

// Decides when an open inbox is fetched anew, from what its stream says; without a stream it asks by itself now and then.
// Pure of the DOM; whatever touches page, network or time is given, so that node can test it.

/** Milliseconds: until a stream must have spoken first, between its beats at the most, between two questions without it. */
export const FIRST = 6000;
export const SILENT = 40000;
export const EVERY = 15000;

/**
 * @param {{shown: () => string, refresh: () => void, unread: (n: number) => void, arrived: () => void,
 *          ask: () => Promise<{unread: number, version: string} | null>, clock: {setTimeout: Function, clearTimeout: Function},
 *          count: number}} parts `shown` is the version on screen, `count` the unread messages on it
 */
export function keepUp({ shown, refresh, unread, arrived, ask, clock, count }) {
  let known = count;
  let wanted = shown();
  let timer = 0;
  let ended = false;

  const later = (what, ms) => {
    clock.clearTimeout(timer);
    if (!ended) timer = clock.setTimeout(what, ms);
  };

  function take(news) {
    if (news.unread !== known) unread(news.unread);
    if (news.unread > known) arrived();
    known = news.unread;
    wanted = news.version;
    if (wanted !== shown()) refresh();
  }

  // The stream is late: a proxy that holds it back, or none at all. Whatever it still says counts as before.
  async function poll() {
    later(poll, EVERY);
    const news = await ask().catch(() => null);
    if (news && !ended) take(news);
  }

  later(poll, FIRST);
  return {
    /** The stream said how the inbox stands. */
    news(said) {
      later(poll, SILENT);
      take(said);
    },
    /** The stream is there. */
    beat: () => later(poll, SILENT),
    /** A fetched inbox is on screen; what was said meanwhile is fetched too. */
    refreshed() {
      if (wanted !== shown()) {
        wanted = shown(); // once: an answer that lags behind is not asked for again and again
        refresh();
      }
    },
    /** The page went to the background, or comes back: there the stream pauses, and so do we. */
    pause: () => clock.clearTimeout(timer),
    resume: () => later(poll, FIRST),
    /** Nobody is signed in any more. */
    end() {
      ended = true;
      clock.clearTimeout(timer);
    },
  };
}

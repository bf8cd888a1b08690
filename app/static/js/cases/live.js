// Keeps an open case up to date: listens for a newer version, fetches the case's fragment, gives it to the page.
// Pure of the DOM; `listen`, `load` and `show` are given, so that node can test it.

/**
 * @param {{listen: (said: (version: number) => void) => () => void, load: () => Promise<{version: number, html: string} | null>,
 *          show: (html: string) => void, version: number}} parts
 * @returns {() => void} ends listening
 */
export function keepUp({ listen, load, show, version }) {
  let shown = version;
  let wanted = version;
  let loading = false;

  async function follow() {
    if (loading) return;
    loading = true;
    try {
      while (wanted > shown) {
        const asked = wanted;
        const found = await load();
        if (found === null) return;
        if (found.version > shown) {
          shown = found.version;
          show(found.html);
        }
        // A reader that lags behind would be asked for ever: what was asked for counts as seen.
        shown = Math.max(shown, asked);
      }
    } finally {
      loading = false;
    }
  }

  return listen((next) => {
    wanted = Math.max(wanted, next);
    return follow();
  });
}

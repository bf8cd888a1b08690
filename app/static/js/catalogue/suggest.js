// Suggestions while somebody types: asked once they pause, the last question's answer wins, numbers of people are never sent.

export const PAUSE = 180;

/** Whether a text is worth asking about; what looks like, or begins as, an ID, phone or card number stays on the phone. */
export function worthAsking(text) {
  const bare = text.normalize("NFKC").replace(/[\s\-.·_/]/g, "");
  return bare.length > 0 && !/\d{6}/.test(bare) && !/^[0-9A-Z]{18}$/i.test(bare);
}

/**
 * A function to call with what is typed. `show` gets the list's HTML, or "" when there is nothing to show.
 * @param {{fetch: typeof fetch, wait: (run: () => void, ms: number) => unknown, stop: (timer: unknown) => void, address: string, show: (html: string) => void}} with_
 */
export function suggester({ fetch, wait, stop, address, show }) {
  let timer, asked = 0;
  return (text) => {
    stop(timer);
    const mine = ++asked;
    if (!worthAsking(text)) {
      show("");
      return;
    }
    timer = wait(async () => {
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(text.trim())}`);
        const html = answer.ok ? await answer.text() : "";
        if (mine === asked) show(html);
      } catch {
        if (mine === asked) show(""); // no network: the form still works when it is back
      }
    }, PAUSE);
  };
}

// A clock that goes on when it is told to.

export class Clock {
  #timers = new Map();
  #next = 1;
  now = 1_800_000_000_000;

  get waiting() {
    return this.#timers.size;
  }

  setTimeout(act, ms) {
    this.#timers.set(this.#next, { act, at: this.now + ms });
    return this.#next++;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  pass(ms) {
    this.now += ms;
    for (const [id, { act, at }] of [...this.#timers]) {
      if (at > this.now) continue;
      this.#timers.delete(id);
      act();
    }
  }
}

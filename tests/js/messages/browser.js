// Stand-ins for what only a browser has: a push manager, a store on the device, a server that answers.

export const KEY = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
export const NEW_KEY = "BDd3_hVL9fZi9Ybo2UUzA284WG5FZR30_95YeZJsiApwXKpNcF1rRPF3foIiBHXRdJI2Qhumhf6_LFTeZaNndIo";

export function store(values = {}) {
  const kept = new Map(Object.entries(values));
  return {
    kept,
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    drop: async (name) => void kept.delete(name),
  };
}

/** A push manager; each subscription has an endpoint of its own. */
export class Manager {
  subscription = null;
  made = 0;
  gone = [];

  constructor({ hangs = false, refuses = null } = {}) {
    Object.assign(this, { hangs, refuses });
  }

  async getSubscription() {
    return this.subscription;
  }

  async subscribe({ userVisibleOnly, applicationServerKey }) {
    if (this.hangs) await new Promise(() => {});
    if (this.refuses) throw Object.assign(new Error("no"), { name: this.refuses });
    this.made += 1;
    return this.put(`https://push.example/${this.made}`, applicationServerKey, userVisibleOnly);
  }

  put(endpoint, applicationServerKey, userVisibleOnly = true) {
    this.subscription = {
      endpoint, expirationTime: null, options: { applicationServerKey: applicationServerKey.buffer, userVisibleOnly },
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: "p", auth: "a" } }),
      unsubscribe: async () => {
        this.gone.push(endpoint);
        if (this.subscription?.endpoint === endpoint) this.subscription = null;
        return true;
      },
    };
    return this.subscription;
  }
}

/** A server: `calls` says what it was asked, `answers` what it says to "METHOD /begin"; without a line here 204. */
export function server(answers = {}) {
  const calls = [];
  const key = { id: "p001", key: KEY };
  async function fetch(url, { method = "GET", body, ...rest } = {}) {
    calls.push({ said: `${method} ${url}`, body: body && JSON.parse(body), ...rest });
    const found = Object.entries(answers).find(([begin]) => `${method} ${url}`.startsWith(begin))?.[1];
    if (found instanceof Error) throw found;
    if (typeof found === "number") return { ok: found < 400, status: found, json: async () => ({}) };
    if (url === "/push/key") return { ok: true, status: 200, json: async () => found ?? key };
    return { ok: true, status: 204 };
  }
  return { fetch, calls, said: () => calls.map((call) => call.said) };
}

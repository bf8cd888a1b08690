// A few values that this browser keeps for the page and its service worker: one small IndexedDB store.

const NAME = "linban-kept";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** get, set and drop by name. Opened anew for each use: iOS closes what a sleeping page holds open. */
export function kept(factory) {
  async function within(mode, act) {
    const opening = factory.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("values");
    const database = await asked(opening);
    try {
      return await asked(act(database.transaction("values", mode).objectStore("values")));
    } finally {
      database.close();
    }
  }
  return {
    get: (name) => within("readonly", (values) => values.get(name)),
    set: (name, value) => within("readwrite", (values) => values.put(value, name)),
    drop: (name) => within("readwrite", (values) => values.delete(name)),
  };
}

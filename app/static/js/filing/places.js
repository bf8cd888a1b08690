// The picker of places: each list brings the next one from the town's own register. Without network what is picked stays.

const lists = (root) => [...root.querySelectorAll("[data-level]")];
const selectOf = (list) => list.querySelector("select");
const lang = () => (document.documentElement.lang === "en" ? "en" : "zh");

/** Places within a code, kept for the life of the page; `fetch` as the browser has it. */
export function register(fetch) {
  const known = new Map();
  return async function within(code) {
    if (known.has(code)) return known.get(code);
    const response = await fetch(`/api/divisions/${encodeURIComponent(code)}/children`);
    if (!response.ok) throw new Error(`${response.status}`);
    const found = await response.json();
    known.set(code, found);
    return found;
  };
}

function offer(root, list, places, picked = "") {
  const words = JSON.parse(root.dataset.words);
  const select = selectOf(list);
  const name = places.length ? words[places[0].level] : "";
  const first = new Option(words.level.replace("{level}", name), "");
  select.replaceChildren(first, ...places.map((one) => new Option(one.name[lang()], one.code, false, one.code === picked)));
  if (name) select.setAttribute("aria-label", `${root.dataset.label}${lang() === "en" ? ": " : "："}${name}`);
  list.hidden = places.length === 0;
}

function summarise(root) {
  const line = root.querySelector("[data-picked]");
  if (!line) return;
  const folded = [...root.querySelectorAll("details [data-level] select")].filter((select) => select.value);
  line.textContent = folded.map((select) => select.selectedOptions[0].textContent).join(" ");
}

function tell(root, text) {
  const line = root.querySelector("[data-told]");
  line.textContent = text;
  line.hidden = !text;
}

/** Make a picker work: `within(code)` gives what lies within a place. */
export function enhancePlaces(root, within) {
  async function follow(list) {
    const all = lists(root);
    const n = all.indexOf(list);
    const code = selectOf(list).value;
    for (const deeper of all.slice(n + 1)) offer(root, deeper, []);
    summarise(root);
    tell(root, "");
    if (!code || n + 1 >= all.length) return;
    try {
      const { children } = await within(code);
      if (selectOf(list).value === code) offer(root, all[n + 1], children);
    } catch {
      if (selectOf(list).value !== code) return;
      tell(root, JSON.parse(root.dataset.words).offline);
      addEventListener("online", () => selectOf(list).value === code && all[n + 1].hidden && follow(list), { once: true });
    }
  }
  root.addEventListener("change", (event) => {
    const list = event.target.closest("[data-level]");
    if (list) follow(list);
  });
  root.within = within;
}

/** Show a place that was picked elsewhere: at once by its code, then list by list. */
export function showPlace(root, code) {
  const all = lists(root);
  const now = all.map((list) => selectOf(list).value).filter(Boolean).at(-1) ?? "";
  const start = root.dataset.start.split(" ");
  if (now === (code ?? "") || (!code && start.includes(now))) return undefined;
  for (const list of all) offer(root, list, []);
  const deepest = selectOf(all.at(-1));
  if (code) deepest.append(new Option(code, code, false, true));
  return showPath(root, all, code || start.at(-1) || "0").catch(() => tell(root, JSON.parse(root.dataset.words).offline));
}

async function showPath(root, all, code) {
  const { path, children } = await root.within(code);
  const parents = ["0", ...path.map((one) => one.code)];
  for (const one of all) {
    const n = Number(one.dataset.level);
    const parent = parents[n];
    const offers = parent === undefined ? [] : parent === code ? children : (await root.within(parent)).children;
    offer(root, one, offers, parents[n + 1]);
  }
  summarise(root);
}

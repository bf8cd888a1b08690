// The page of a correction: what is typed is kept while it is typed, and the reply waits for that.

import { autosave } from "../filing/autosave.js";
import { definition } from "../filing/definition.js";
import { checkEarly } from "../filing/early.js";
import { questions, read } from "../filing/fields.js";
import { saveLine, send, showWhatApplies } from "../filing/form.js";
import { enhanceKinds } from "../filing/kinds.js";
import { replyStore } from "./reply.js";

const form = document.querySelector("[data-reply]");
const asked = questions(form);
enhanceKinds(form, fetch.bind(globalThis));
const typed = () => read(form, asked);
const fields = () => {
  const kept = new FormData(form);
  for (const [name, value] of [...kept]) if (typeof value !== "string") kept.delete(name);
  kept.set("action", "save");
  return kept;
};
const saver = autosave({
  store: replyStore(fetch.bind(globalThis), location.pathname, fields, () => new Date().toISOString()),
  draft: { answers: typed() },
  asked: asked.map((question) => question.id),
  read: typed,
  say: saveLine(document.querySelector("[data-savebar]"), JSON.parse(form.dataset.words), document.documentElement.lang),
});

const filed = JSON.parse(form.dataset.filed);
let known = null;

function changed() {
  const answers = { ...filed, ...typed() };
  showWhatApplies(asked, known?.shown(answers), answers, { rowsOnly: true });
  saver.changed();
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);

definition(form.dataset, fetch.bind(globalThis)).then((found) => {
  known = found;
  if (!known) return;
  const texts = JSON.parse(form.dataset.mistakes || "{}");
  const lang = document.documentElement.lang === "en" ? "en" : "zh";
  const ids = new Set(asked.map((question) => question.id));
  const mine = ({ question }) => ids.has(question.split(":")[0]);
  const check = (all) => {
    const { mistakes, warnings } = known.check(null, { ...filed, ...typed() }, all, texts, lang);
    return { mistakes: mistakes.filter(mine), warnings: warnings.filter(mine) };
  };
  checkEarly({ form, summary: document.querySelector("[data-errors]"), check });
}).catch(() => {}); // then the server alone checks
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saver.flush({ keepalive: true });
});
addEventListener("online", () => saver.flush());

// First what is typed is kept; without network the page stays where it is.
let going = false;
form.addEventListener("submit", async (event) => {
  if (going) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  await saver.flush();
  if (saver.stuck) return;
  going = true;
  setTimeout(() => send(form, submitter));
});
addEventListener("pageshow", () => {
  going = false;
});

// Starts a form page: finds its parts, loads the draft from the store, and hands them to form.js.

import { joined } from "./autosave.js";
import { definition } from "./definition.js";
import { checkEarly } from "./early.js";
import { questions, read } from "./fields.js";
import { saveLine, takeOver } from "./form.js";
import { enhanceKinds } from "./kinds.js";
import { serverStore } from "./store.js";

const form = document.querySelector("[data-form][data-draft]");
const load = fetch.bind(globalThis);

/** The draft as this page was made from it: if another device saved since, the first save finds that out and joins both. */
function asShown(draft, asked) {
  const answers = joined(draft.answers, asked.map((question) => question.id), JSON.parse(form.querySelector("[data-base]").value));
  return { ...draft, answers, revision: Number(form.dataset.revision), page: form.dataset.page };
}

/** A page that comes back from the browser's memory may belong to somebody who has signed out: then nothing of it stays. */
function guard(store, id) {
  addEventListener("pageshow", async (event) => {
    if (!event.persisted) return;
    const gone = await store.load(id).then((draft) => !draft, (error) => error.reason === "signed-out");
    if (!gone) return;
    form.remove();
    location.reload();
  });
}

async function start() {
  enhanceKinds(form, load);
  const store = serverStore(load);
  const bar = document.querySelector("[data-savebar]");
  const words = JSON.parse(form.dataset.words);
  const locale = document.documentElement.lang;
  const asked = questions(form);
  guard(store, form.dataset.draft);
  let draft;
  try {
    draft = await store.load(form.dataset.draft);
  } catch (error) {
    // The plain form stays and can be sent; the save line says why nothing is saved meanwhile.
    saveLine(bar, words, locale)("failed", { reason: error.reason });
    return;
  }
  if (!draft || draft.submitted_at) return;
  const known = await definition(form.dataset, load).catch(() => null);
  takeOver({
    form, store, bar, section: document.querySelector("[data-conflict]"), draft: asShown(draft, asked), words, locale,
    shown: known?.shown,
  });
  if (!known) return;
  const texts = JSON.parse(form.dataset.mistakes || "{}");
  checkEarly({
    form,
    summary: document.querySelector("[data-errors]"),
    check: (all) => known.check(form.dataset.page, { ...draft.answers, ...read(form, asked) }, all, texts, locale === "en" ? "en" : "zh"),
  });
}

if (form?.dataset.draft) start();

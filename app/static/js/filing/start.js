// Starts a form page: finds its parts, loads the draft from the store, and hands them to form.js.

import { joined } from "./autosave.js";
import { questions } from "./fields.js";
import { saveLine, takeOver } from "./form.js";
import { serverStore } from "./store.js";

const form = document.querySelector("[data-form][data-draft]");

async function conditions({ service, edition }) {
  const response = await fetch(`/api/services/${service}/editions/${edition}`);
  if (!response.ok) return null;
  const [{ visible }, definition] = await Promise.all([import("../forms/conditions.js"), response.json()]);
  return (answers) => visible(definition.form, answers, new Date());
}

/** The draft as this page was made from it: if another device saved since, the first save finds that out and joins both. */
function asShown(draft) {
  const asked = questions(form).map((question) => question.id);
  const answers = joined(draft.answers, asked, JSON.parse(form.querySelector("[data-base]").value));
  return { ...draft, answers, revision: Number(form.dataset.revision), page: form.dataset.page };
}

async function start() {
  const store = serverStore(fetch.bind(globalThis));
  const bar = document.querySelector("[data-savebar]");
  const words = JSON.parse(form.dataset.words);
  const locale = document.documentElement.lang;
  let draft;
  try {
    draft = await store.load(form.dataset.draft);
  } catch (error) {
    // The plain form stays and can be sent; the save line says why nothing is saved meanwhile.
    saveLine(bar, words, locale)("failed", { reason: error.reason });
    return;
  }
  if (!draft || draft.submitted_at) return;
  takeOver({
    form,
    store,
    bar,
    section: document.querySelector("[data-conflict]"),
    draft: asShown(draft),
    words,
    locale,
    visible: await conditions(form.dataset).catch(() => null),
  });
}

if (form?.dataset.draft) start();

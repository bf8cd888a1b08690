// The page of a correction: what is typed is kept while it is typed, and the reply waits for that.

import { autosave } from "../filing/autosave.js";
import { questions, read } from "../filing/fields.js";
import { saveLine, send } from "../filing/form.js";
import { replyStore } from "./reply.js";

const form = document.querySelector("[data-reply]");
const asked = questions(form);
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

form.addEventListener("input", saver.changed);
form.addEventListener("change", saver.changed);
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

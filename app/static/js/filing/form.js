// A form page in the browser: fields to autosave, the save line, conditions, the choice after a conflict. DOM only.

import { autosave } from "./autosave.js";
import { questions, read } from "./fields.js";
import { fill } from "./fill.js";
import { canonical } from "./merge.js";
import { showColumns, showTotal } from "./rows.js";

/** Answers of these kinds are more than one line: which of two is right is asked on the server's own page. */
const LARGE = new Set(["division", "address", "person", "group", "signature"]);

const LOOK = {
  saving: ["sync", "cloudup"],
  saved: ["sync", "cloudup"],
  offline: ["warn", "offline"],
  busy: ["warn", "offline"],
  failed: ["bad", "alertc"],
  conflict: ["warn", "alertc"],
};

/** The save line says what is true: `state` chooses words and look, `at` is when. */
export function saveLine(bar, words, locale) {
  const use = bar.querySelector("use");
  return (state, { reason = "", at = "" } = {}) => {
    const [kind, icon] = LOOK[reason] ?? LOOK[state];
    bar.className = `savebar ${kind}`;
    bar.dataset.state = state;
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
    bar.querySelector("[data-text]").textContent = words[reason || state] ?? words.failed;
    const time = at ? new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }) : "";
    bar.querySelector("[data-when]").textContent = time;
  };
}

/** What a person sees in a field, for the choice between two devices. */
function labelled(question, value) {
  if (value === undefined) return "";
  const values = Array.isArray(value) ? value : [value];
  const options = [...question.element.querySelectorAll("input[type=radio], input[type=checkbox], option")];
  const words = (one) => {
    const found = options.find((o) => o.value === String(one));
    return (found?.closest("label") ?? found)?.textContent.trim() ?? String(one);
  };
  return values.map(words).join("、");
}

function option(name, value, words, where) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "radio", name: `choose-${name}`, value });
  const span = document.createElement("span");
  const small = Object.assign(document.createElement("small"), { textContent: where });
  span.append(words, small);
  label.append(input, span);
  return label;
}

/** Show what differs, nothing chosen beforehand; calls `done` with {question: "mine" | "theirs"} when all are chosen. */
export function askWhich(section, asked, { clashes, mine, theirs }, words, done) {
  const title = Object.assign(document.createElement("h2"), { className: "lead", textContent: words.differ, tabIndex: -1 });
  const sets = clashes.map((name) => {
    const question = asked.find((q) => q.id === name);
    const set = Object.assign(document.createElement("fieldset"), { className: "field" });
    const label = question?.element.querySelector(".lab")?.firstChild?.textContent.trim() ?? name;
    const legend = Object.assign(document.createElement("legend"), { className: "lab", textContent: label });
    const pick = Object.assign(document.createElement("div"), { className: "pick" });
    const show = (value) => (question ? labelled(question, value) : String(value ?? "")) || words.empty;
    pick.append(option(name, "mine", show(mine[name]), words.here), option(name, "theirs", show(theirs[name]), words.there));
    set.append(legend, pick);
    return set;
  });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn pri block", textContent: words.use });
  button.addEventListener("click", () => {
    const choices = {};
    for (const name of clashes) choices[name] = section.querySelector(`input[name="choose-${CSS.escape(name)}"]:checked`)?.value;
    if (Object.values(choices).every(Boolean)) done(choices);
    else section.querySelector("input:not(:checked)")?.focus();
  });
  section.replaceChildren(title, ...sets, button);
  section.hidden = false;
  title.focus();
}

/** Submit as the tapped button would (Safari before 16 has no requestSubmit). */
export function send(form, submitter) {
  if (form.requestSubmit) return form.requestSubmit(submitter);
  if (submitter) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  return form.submit();
}

/** Milliseconds without a key until conditions and sums are worked out again. */
const PAUSE = 120;

const alike = (a, b) => canonical(a) === canonical(b);

/** Show and hide what the answers bring up (`shown`, of forms/conditions.js), and count the sums again; a correction shows all
 *  that is asked, whatever its condition says now (`rowsOnly`). */
export function showWhatApplies(asked, shown, answers, { rowsOnly = false } = {}) {
  for (const { id, kind, element } of asked) {
    if (shown && !rowsOnly && element.hasAttribute("data-conditional")) element.hidden = !(id in shown);
    if (kind !== "group") continue;
    if (shown) showColumns(element.querySelector("[data-group]"), shown[id]);
    const line = element.querySelector("[data-total]");
    if (line) showTotal(line, answers[id], answers[line.dataset.equals]);
  }
}

/** Take a form page over. `store` as in store.js; `shown(answers)` gives what is shown now by question, or is missing. */
export function takeOver({ form, bar, section, store, draft, words, locale, shown }) {
  let going = false;
  const asked = questions(form);
  const ids = asked.map((q) => q.id);
  const base = form.querySelector("[data-base]");
  const line = saveLine(bar, words, locale);
  const others = Object.fromEntries(Object.entries(draft.answers).filter(([name]) => !ids.includes(name)));
  const pageOf = (answers) => Object.fromEntries(Object.entries(answers).filter(([name]) => ids.includes(name)));

  const saver = autosave({
    store,
    draft,
    asked: ids,
    read: () => read(form, asked),
    apply(answers) {
      const here = read(form, asked);
      for (const question of asked) if (!alike(here[question.id], answers[question.id])) fill(question, answers[question.id]);
      applies();
    },
    say(state, detail) {
      line(state, detail);
      if (state === "saved") base.value = JSON.stringify(pageOf(detail.answers));
      if (state === "conflict") ask(detail);
    },
  });

  /** Two devices differ: lines are chosen here, larger answers on the server's page, which shows them in words. */
  function ask(detail) {
    const large = asked.some((question) => detail.clashes.includes(question.id) && LARGE.has(question.kind));
    if (!large) return askWhich(section, asked, detail, words, choose);
    going = true;
    return setTimeout(() => send(form));
  }

  function choose(choices) {
    section.hidden = true;
    section.replaceChildren();
    saver.resolve(choices);
  }

  function applies() {
    const answers = { ...others, ...read(form, asked) };
    showWhatApplies(asked, shown?.(answers), answers);
  }

  let soon = null;

  /** A choice shows at once what it brings up; while somebody types, the page waits for a pause. */
  function typed(event) {
    clearTimeout(soon);
    const typing = event?.type === "input" && event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (typing) soon = setTimeout(applies, PAUSE);
    else applies();
    saver.changed();
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saver.flush({ keepalive: true });
  });
  addEventListener("online", () => saver.flush());

  // Going on: first the save, so that the page never leaves what it could not keep.
  form.addEventListener("submit", async (event) => {
    if (going) return;
    event.preventDefault();
    const { submitter } = event;
    const state = await saver.flush();
    if (state === "conflict" || saver.stuck) return;
    going = true;
    setTimeout(() => send(form, submitter)); // a form ignores requestSubmit while its submit event is still being handled
  });
  addEventListener("pageshow", () => {
    going = false;
  });
  applies();
  if (form.hasAttribute("data-dirty")) saver.changed();
  return saver;
}

// Says a mistake at its field when a person leaves it, and takes it back as soon as it is right. Never while one types.

const idOf = (name) => `f-${name.replace(/[.:]/g, "-")}`;

/** What to say now: of what is wrong, the fields that were left; `missing` ones only where that was said before. */
export function told(wrong, left, shown) {
  const say = new Map();
  for (const { question, text } of wrong.begun) if (left.has(question) || shown.has(question)) say.set(question, text);
  for (const { question, text } of wrong.all) if (shown.has(question) && !say.has(question)) say.set(question, text);
  return say;
}

/** The names of a field and of what it is part of: co.holders:0:name, co.holders:0, co.holders. */
export function around(name) {
  const parts = name.split(":");
  return parts.map((_, n) => parts.slice(0, parts.length - n).join(":"));
}

function boxOf(root, name) {
  for (const one of around(name)) {
    const found = root.querySelector(`[data-question="${CSS.escape(one)}"]`);
    if (found) return found;
  }
  return null;
}

const lineOf = (box) => document.getElementById(`${idOf(box.dataset.question)}-error`);

function mark(box, name, wrong) {
  const named = document.getElementById(idOf(name));
  const control = box.getAttribute("role") === "radiogroup" ? box : named?.matches("input, select, textarea") ? named : null;
  if (wrong) control?.setAttribute("aria-invalid", "true");
  else for (const one of [box, ...box.querySelectorAll("[aria-invalid]")]) one.removeAttribute("aria-invalid");
  const frame = control?.closest(".input") ?? box.querySelector(":scope > .card, :scope > .seg, :scope > [data-pad] .sign");
  if (frame && !frame.classList.contains("seg")) frame.classList.toggle("bad", wrong);
}

/**
 * Watch a form. `check(all)` gives {mistakes, warnings} of the page, [{question, text}] each; without `all` nothing that is
 * only missing. Warnings refuse nothing: they are said beside the field, and go when it changes.
 * `summary` is the list of mistakes on top, if there is one; what is mended leaves it.
 */
export function checkEarly({ form, check, summary, clock = globalThis }) {
  const left = new Set();
  const shown = new Map();
  const live = Object.assign(document.createElement("p"), { className: "vh" });
  live.setAttribute("role", "status");
  form.append(live);
  let timer = null;
  let pressed = false;
  let late = false;

  for (const line of form.querySelectorAll("[data-error]:not([hidden])")) {
    const box = line.closest("[data-question]");
    if (box) shown.set(nameOfLine(box), line.textContent.trim());
  }

  /** The part of a question that a line of the server speaks of: the list of an address bears the address's own line. */
  function nameOfLine(box) {
    return box.hasAttribute("data-address") ? `${box.dataset.question}:division` : box.dataset.question;
  }

  function show(name, text) {
    const box = boxOf(form, name);
    const line = box && lineOf(box);
    if (!line) return;
    line.querySelector("span").textContent = text;
    line.hidden = false;
    mark(box, name, true);
    if (shown.get(name) !== text) live.textContent = text;
    shown.set(name, text);
  }

  function clear(name) {
    const box = boxOf(form, name);
    const line = box && lineOf(box);
    shown.delete(name);
    if (!line) return;
    line.hidden = true;
    line.querySelector("span").textContent = "";
    mark(box, name, false);
    live.textContent = "";
    takeOff(name);
  }

  function takeOff(name) {
    summary?.querySelector(`a[href="#${CSS.escape(idOf(name))}"]`)?.closest("li").remove();
    const count = summary?.querySelectorAll("li").length;
    if (count === 0) summary.hidden = true;
    else if (count) summary.querySelector("h2").textContent = summary.querySelector("h2").textContent.replace(/\d+/, count);
  }

  function doubt(said) {
    for (const line of form.querySelectorAll("[data-doubt]")) {
      line.hidden = !said.has(line.dataset.doubt);
      line.querySelector("span").textContent = said.get(line.dataset.doubt) ?? "";
    }
  }

  function look() {
    const { mistakes, warnings } = check(false);
    doubt(new Map(warnings.filter(({ question }) => left.has(question)).map(({ question, text }) => [question, text])));
    const say = told({ begun: mistakes, all: shown.size ? check(true).mistakes : [] }, left, shown);
    for (const name of [...shown.keys()]) if (!say.has(name)) clear(name);
    return say;
  }

  function tell() {
    for (const [name, text] of look()) show(name, text);
  }

  form.addEventListener("focusout", (event) => {
    for (let box = event.target.closest("[data-question]"); box; box = box.parentElement.closest("[data-question]")) {
      if (event.relatedTarget && box.contains(event.relatedTarget)) break;
      left.add(box.dataset.question);
      if (box.hasAttribute("data-address")) left.add(`${box.dataset.question}:division`);
    }
    if (pressed) late = true;
    else clock.setTimeout(tell);
  });

  // What is told moves the page: not while a button is being pressed, or it slips away from under the pointer and is not pressed.
  const released = () => {
    pressed = false;
    if (late) clock.setTimeout(tell);
    late = false;
  };
  form.addEventListener("pointerdown", () => (pressed = true));
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, released);

  form.addEventListener("input", () => {
    if (!shown.size) return;
    clock.clearTimeout(timer);
    timer = clock.setTimeout(look, 150);
  });
}

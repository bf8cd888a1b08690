// Between a form page's fields and its answers; the server reads the same fields in app/filing/posted.py.
// Parts have names of their own: co.rep:id_number, co.holders:0:name (row 0), co.holders:7 (a closed row, as JSON).

const BOOLEAN = new Set(["yes_no", "declaration"]);
const PERSON = [{ id: "name", kind: "name" }, { id: "id_number", kind: "id_number" }, { id: "phone", kind: "phone" }];
const DAY = /^(\d{4})[年/.](\d{1,2})[月/.](\d{1,2})日?$/;
const MONTH = /^(\d{4})[年/.-](\d{1,2})月?$/;

/** The page's questions in order: [{id, kind, element, start, columns}], as far as reading them needs it. */
export function questions(root) {
  return [...root.querySelectorAll("[data-asked]")].map((element) => shaped(element.dataset.asked, element));
}

function shaped(id, element) {
  const { kind } = element.dataset;
  const question = { id, kind, element };
  const places = element.querySelector("[data-places]");
  if (kind === "division" || kind === "address") question.start = (places?.dataset.start ?? "").split(" ").filter(Boolean);
  const blank = kind === "group" && element.querySelector("template[data-blank]");
  if (blank) question.columns = [...blank.content.querySelectorAll("[data-column]")].map((one) => shaped(one.dataset.column, one));
  return question;
}

/** The texts of a form by field, each in the order it stands there; files are left out. */
export function texts(form) {
  const sent = new Map();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    if (!sent.has(name)) sent.set(name, []);
    sent.get(name).push(value.replaceAll("\r\n", "\n").trim());
  }
  return sent;
}

const typedNumber = (text) => {
  const number = Number(text.normalize("NFKC").replaceAll(",", "") || NaN);
  return Number.isFinite(number) ? number : undefined;
};

const calendar = (shape, text) => {
  const found = text.normalize("NFKC").replaceAll(" ", "").match(shape);
  return found ? found.slice(1).map((part) => part.padStart(2, "0")).join("-") : text;
};

/** A value out of one text; undefined when it is no answer. */
function single(kind, text) {
  if (text === "") return undefined;
  if (BOOLEAN.has(kind)) return text === "true" ? true : text === "false" ? false : undefined;
  if (kind === "number") return typedNumber(text);
  if (kind === "money") return typedNumber(text.replace(/[元圆￥¥\s]/g, ""));
  if (kind === "date") return calendar(DAY, text);
  if (kind === "month") return calendar(MONTH, text);
  return text;
}

const whole = (parts) => {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return given.length ? Object.fromEntries(given) : undefined;
};

const last = (sent, name) => sent.get(name)?.at(-1) ?? "";
const deepest = (sent, name) => (sent.get(name) ?? []).filter(Boolean).at(-1) ?? "";

function json(text, otherwise) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function rows(question, name, sent) {
  const numbers = new Set();
  for (const field of sent.keys()) {
    const number = field.startsWith(`${name}:`) && field.slice(name.length + 1).match(/^\d{1,4}(?=:|$)/);
    if (number) numbers.add(Number(number[0]));
  }
  const found = [...numbers].sort((a, b) => a - b).map((n) => row(question, `${name}:${n}`, sent));
  while (found.length && !Object.keys(found.at(-1)).length) found.pop();
  return found.length ? found : undefined;
}

function row(question, name, sent) {
  if (sent.has(name)) return json(last(sent, name), {});
  return whole(Object.fromEntries(question.columns.map((column) => [column.id, valueOf(column, sent, `${name}:${column.id}`)]))) ?? {};
}

function address(question, name, sent) {
  const [division, detail] = [deepest(sent, `${name}:division`), last(sent, `${name}:detail`)];
  if (!detail && (!division || question.start?.includes(division))) return undefined;
  return whole({ division: division || undefined, detail: detail || undefined });
}

function signature(name, sent) {
  const strokes = json(last(sent, `${name}:strokes`), []);
  if (Array.isArray(strokes) && strokes.length) return { way: "drawn", strokes };
  const typed = last(sent, `${name}:name`);
  return typed ? { way: "typed", name: typed } : undefined;
}

/** The answer to a question whose fields are called `name`; undefined when there is none. */
export function valueOf(question, sent, name = question.id) {
  switch (question.kind) {
    case "several": {
      const picked = (sent.get(name) ?? []).filter(Boolean);
      return picked.length ? picked : undefined;
    }
    case "division": {
      const code = deepest(sent, name);
      return code && !question.start?.includes(code) ? code : undefined;
    }
    case "address":
      return address(question, name, sent);
    case "person":
      return whole(Object.fromEntries(PERSON.map((part) => [part.id, single(part.kind, last(sent, `${name}:${part.id}`))])));
    case "group":
      return rows(question, name, sent);
    case "signature":
      return signature(name, sent);
    default:
      return single(question.kind, last(sent, name));
  }
}

/** The page's answers as they stand in its fields, hidden ones included. */
export function read(form, asked) {
  const sent = texts(form);
  const answers = {};
  for (const question of asked) {
    const value = valueOf(question, sent);
    if (value !== undefined) answers[question.id] = value;
  }
  return answers;
}

/** Put a plain answer into the fields of this name. */
export function fillPlain(element, name, value) {
  for (const field of element.querySelectorAll("input, select, textarea")) {
    if (field.name !== name) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = Array.isArray(value) ? value.includes(field.value) : value !== undefined && String(value) === field.value;
    } else {
      field.value = value === undefined ? "" : String(value);
    }
  }
}

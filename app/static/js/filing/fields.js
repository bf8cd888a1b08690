// Between a form page's fields and its answers; the server reads the same fields in app/filing/posted.py.

const BOOLEAN = new Set(["yes_no", "declaration"]);

/** The page's questions: [{id, kind, element}] in order. */
export function questions(root) {
  return [...root.querySelectorAll("[data-asked]")].map((element) => ({
    id: element.dataset.asked,
    kind: element.dataset.kind,
    element,
  }));
}

/** A value out of the texts of one question's fields; undefined when it is no answer. */
export function valueOf(kind, texts) {
  if (kind === "several") return texts.length ? texts : undefined;
  const text = (texts.at(-1) ?? "").replaceAll("\r\n", "\n").trim();
  if (text === "") return undefined;
  if (BOOLEAN.has(kind)) return text === "true" ? true : text === "false" ? false : undefined;
  if (kind === "number") {
    const number = Number(text.normalize("NFKC").replaceAll(",", ""));
    return Number.isFinite(number) ? number : undefined;
  }
  return text;
}

/** The page's answers as they stand in its fields, hidden ones included. */
export function read(form, asked) {
  const data = new FormData(form);
  const answers = {};
  for (const { id, kind } of asked) {
    const value = valueOf(kind, data.getAll(id).map(String));
    if (value !== undefined) answers[id] = value;
  }
  return answers;
}

/** Put an answer into the fields of its question. */
export function fill({ id, element }, value) {
  for (const field of element.querySelectorAll("input, select, textarea")) {
    if (field.name !== id) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = Array.isArray(value) ? value.includes(field.value) : value !== undefined && String(value) === field.value;
    } else {
      field.value = value === undefined ? "" : String(value);
    }
  }
}

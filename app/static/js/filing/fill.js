// Puts answers into the fields of their questions: another device's, after both were joined.

import { fillPlain } from "./fields.js";
import { showPlace } from "./places.js";
import { setRows } from "./rows.js";
import { showSignature } from "./sign.js";

/** Put an answer into the fields of a question; `name` when it is a part of another. */
export function fill(question, value, name = question.id, element = question.element) {
  switch (question.kind) {
    case "division":
      return showPlace(element.querySelector("[data-places]"), value);
    case "address":
      showPlace(element.querySelector("[data-places]"), value?.division);
      return fillPlain(element, `${name}:detail`, typeof value === "string" ? value : value?.detail);
    case "person":
      for (const part of ["name", "id_number", "phone"]) fillPlain(element, `${name}:${part}`, value?.[part]);
      return undefined;
    case "group":
      return setRows(element.querySelector("[data-group]"), value ?? [], (row, at, answers) => {
        for (const column of question.columns) {
          const box = row.querySelector(`[data-column="${column.id}"]`);
          if (box) fill(column, answers[column.id], `${at}:${column.id}`, box);
        }
      });
    case "signature":
      return showSignature(element.querySelector("[data-sign]"), value);
    default:
      return fillPlain(element, name, value);
  }
}

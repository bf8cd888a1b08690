// One's own account at the desk: the rules of a new password are ticked as one types; recovery codes can be printed.
import { rules } from "./password.js";

const list = document.querySelector("[data-rules]");
const field = document.querySelector("input[name=new]");
if (list && field) {
  const about = { parts: JSON.parse(list.dataset.parts), common: JSON.parse(list.dataset.common) };
  field.addEventListener("input", () => {
    for (const [id, kept] of Object.entries(rules(field.value, about))) {
      const line = list.querySelector(`[data-rule="${id}"]`);
      line.querySelector("[data-kept]").hidden = !kept;
      line.querySelector("[data-open]").hidden = kept;
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

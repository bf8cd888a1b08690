// Whether somebody has typed what a reload would lose.

function changed(field) {
  if (["hidden", "submit", "button", "reset"].includes(field.type) || !field.name) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.options) {
    const options = [...field.options];
    const first = field.type === "select-one" && !options.some((option) => option.defaultSelected);
    return options.some((option, at) => option.selected !== (option.defaultSelected || (first && at === 0)));
  }
  return field.value !== field.defaultValue;
}

/** Whether a form that sends something (POST) is not as the server gave it. Without names, as a search, nothing is lost. */
export function dirty(forms) {
  return [...forms].some((form) => form.getAttribute("method") === "post" && [...form.elements].some(changed));
}

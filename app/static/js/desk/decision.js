// The decision form: quick words, a live preview of what the applicant will see, and a button that says what it will do.

/** Words with a quick reason added: none is added twice, sentences are joined. */
export function withReason(words, reason) {
  if (words.includes(reason)) return words;
  const before = words.trimEnd();
  return before && !/[，。；,.;]$/.test(before) ? `${before}，${reason}` : before + reason;
}

/** What the send button says for a choice; its own words when nothing is chosen. */
export function sendLabel(labels, choice, otherwise) {
  return labels[choice] ?? otherwise;
}

/** Ties the form. Returns what the page's shortcuts and the viewer need. */
export function startDecision(root, form) {
  const go = root.querySelector("[data-go]");
  const otherwise = go?.textContent ?? "";
  const chosen = () => form.querySelector('input[name="decision"]:checked')?.value;
  const preview = form.querySelector("[data-preview]");
  const said = () => {
    if (go) go.textContent = sendLabel(go.dataset, chosen(), otherwise);
    if (!preview) return;
    const asked = [...form.querySelectorAll('input[name="target"]:checked')].map((box) => box.parentElement.textContent.trim());
    const words = form.querySelector("#words");
    preview.querySelector("[data-asked]").textContent = asked.length ? `${document.documentElement.lang === "en" ? ": " : "："}${asked.join("、")}` : "";
    preview.querySelector("[data-words]").textContent = words.value || preview.dataset.empty;
    preview.querySelector("[data-until]").textContent = form.querySelector("#days").selectedOptions[0].dataset.until;
  };
  if (preview) preview.dataset.empty = preview.querySelector("[data-words]").textContent;
  for (const group of form.querySelectorAll("[data-quick]")) {
    group.hidden = false;
    const field = form.querySelector(`#${group.dataset.quick}`);
    for (const chip of group.querySelectorAll("button")) {
      chip.addEventListener("click", () => {
        field.value = withReason(field.value, chip.textContent);
        chip.setAttribute("aria-pressed", "true");
        said();
      });
    }
  }
  const button = root.querySelector("[data-preview-button]");
  if (button) button.hidden = true;
  form.addEventListener("input", said);
  form.addEventListener("submit", () => go?.setAttribute("aria-disabled", "true"));
  addEventListener("pageshow", () => go?.removeAttribute("aria-disabled"));
  said();
  return {
    approve() {
      const radio = form.querySelector("#d-approve") ?? form.querySelector("#d-accept");
      if (!radio) return;
      radio.checked = true;
      said();
      go?.focus();
    },
    marked(target, frame) {
      const box = form.querySelector(`[data-target-box="${CSS.escape(target)}"]`);
      const correction = form.querySelector("#d-correction");
      if (!box || !correction || !frame) return;
      box.checked = correction.checked = true;
      said();
    },
  };
}

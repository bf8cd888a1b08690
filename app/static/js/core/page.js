// What every page has besides its own scripts: read aloud, and fields that open for correction.
import { readAloud } from "./speech.js";
import "./unread.js";

const synthesis = globalThis.speechSynthesis;
if (synthesis && document.querySelector("[data-speak]")) {
  const say = readAloud(synthesis, (text) => new SpeechSynthesisUtterance(text));
  for (const button of document.querySelectorAll("[data-speak]")) {
    const label = button.getAttribute("aria-label");
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.querySelector("main").innerText;
      const stopped = () => button.setAttribute("aria-label", label);
      if (say(text, document.documentElement.lang, stopped)) button.setAttribute("aria-label", button.dataset.stop);
    });
  }
  addEventListener("pagehide", () => synthesis.cancel());
}

for (const button of document.querySelectorAll("[data-unlock]")) {
  const input = document.getElementById(button.dataset.unlock);
  button.hidden = false;
  button.addEventListener("click", () => {
    input.readOnly = false;
    input.parentElement.classList.remove("pre");
    button.hidden = true;
    input.focus();
  });
}

document.querySelector("[data-errors]")?.focus();

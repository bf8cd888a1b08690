// The search box: suggestions below it while typing, arrow keys through them, and the microphone where the browser can listen.
import { deaf, listener } from "./listen.js";
import { suggester } from "./suggest.js";

const form = document.querySelector("[data-search]");
const input = form.querySelector("input[type=search]");
const place = document.querySelector("[data-suggestions]");
const said = document.querySelector("[data-said]");
const links = () => [...place.querySelectorAll("a")];

function show(html) {
  place.innerHTML = html;
  place.hidden = links().length === 0;
  said.textContent = place.hidden ? "" : form.dataset.count.replace("{n}", links().length);
}

const ask = suggester({
  fetch: (address) => fetch(address, { headers: { "HX-Request-Type": "partial" } }),
  wait: setTimeout, stop: clearTimeout, address: form.dataset.suggest, show,
});
input.addEventListener("input", (event) => event.isComposing || ask(input.value));
input.addEventListener("compositionend", () => ask(input.value));

function move(event) {
  if (!["ArrowDown", "ArrowUp", "Escape"].includes(event.key) || event.isComposing || place.hidden) return;
  event.preventDefault();
  const all = links(), at = all.indexOf(document.activeElement);
  if (event.key === "Escape") show("");
  const next = event.key === "ArrowDown" ? all[at + 1] || all[at] : event.key === "ArrowUp" ? all[at - 1] : null;
  (next || input).focus();
}
form.addEventListener("keydown", move);
place.addEventListener("keydown", move);

const Recognition = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;
const voice = form.querySelector("[data-voice]");
if (Recognition) {
  const hint = input.placeholder;
  voice.hidden = false;
  const start = listener(Recognition, {
    lang: document.documentElement.lang,
    heard: (text) => {
      input.value = text;
      form.submit();
    },
    failed: (why) => {
      if (!deaf(why)) return;
      voice.hidden = true;
      said.textContent = form.dataset.deaf;
      input.focus();
    },
    ended: () => {
      input.placeholder = hint;
      voice.removeAttribute("aria-pressed");
    },
  });
  voice.addEventListener("click", () => {
    if (!start()) return;
    voice.setAttribute("aria-pressed", "true");
    input.placeholder = form.dataset.hearing;
    said.textContent = form.dataset.hearing;
  });
}

// A picture for a correction is sent as soon as it is chosen, without leaving the page: what is typed beside it stays.
function part(place) {
  return document.querySelector(`[data-asked-page="${place}"]`);
}

function wire(section) {
  const form = section.querySelector("[data-picture]");
  const file = form.querySelector("[type=file]");
  const say = section.querySelector("[data-say]");
  form.querySelector("button").hidden = true;
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    tell(say, say.dataset.busy);
    section.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(`[data-asked-page="${section.dataset.askedPage}"]`);
      if (answer.ok && fresh) {
        section.replaceWith(document.importNode(fresh, true));
        wire(part(section.dataset.askedPage));
        return;
      }
      tell(say, page.querySelector("main .notice b, main h1, main h2")?.textContent || say.dataset.failed);
    } catch {
      tell(say, say.dataset.failed);
    }
    section.removeAttribute("aria-busy");
    file.value = "";
  });
}

function tell(say, text) {
  say.hidden = false;
  say.querySelector("span").textContent = text;
}

for (const section of document.querySelectorAll("[data-asked-page]")) wire(section);

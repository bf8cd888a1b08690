// The uploader of a material (screens.md §6): takes over the plain form of templates/documents/_shots.html. DOM only.

import { MOST_BYTES } from "./upload.js";

/** Take over one uploader. `photos` is a queue (queue.js). */
export function takeOver(root, photos) {
  const { draft, material, back } = root.dataset;
  const places = root.dataset.pages?.split(",").map(Number) ?? Array.from({ length: Number(root.dataset.max) }, (_, index) => index + 1);
  const words = JSON.parse(root.dataset.words);
  const names = JSON.parse(root.dataset.names);
  const list = root.querySelector("[data-list]");
  const form = root.querySelector("[data-add]");
  const say = root.querySelector("[data-say]");
  const { tile: blank, done: whole, add: adder } = Object.fromEntries(
    [...root.querySelectorAll("template")].map((template) => [template.dataset.shot, template.content.firstElementChild]),
  );
  const nameOf = (page) => names[page - 1] ?? words.page.replace("{n}", page);
  const taken = () => new Set([...list.querySelectorAll("[data-page]")].map((tile) => Number(tile.dataset.page)));
  const free = () => places.filter((page) => !taken().has(page));

  const add = adder.cloneNode(true);
  const input = add.querySelector("input");
  const caption = add.querySelector("[data-caption]");
  if (form) {
    form.hidden = true;
    for (const field of form.querySelectorAll("input, button")) field.disabled = true;
  }
  list.append(add);
  showAdd();

  function showAdd() {
    const [page] = free();
    add.hidden = page === undefined;
    caption.textContent = taken().size ? words.more : words.take;
    if (page !== undefined) add.title = nameOf(page);
  }

  function take(file, page) {
    if (file.size > MOST_BYTES && file.type === "application/pdf") {
      say.textContent = words.tooBig;
      return;
    }
    const tile = blank.cloneNode(true);
    tile.dataset.page = page;
    list.insertBefore(tile, add);
    showAdd();
    say.textContent = "";
    root.querySelector("[data-wrong]")?.remove();
    let job = null;
    tile.addEventListener("click", () => {
      if (job?.state === "failed") photos.again(job);
      if (job?.state === "refused") {
        photos.drop(job);
        tile.remove();
        showAdd();
        input.click();
      }
    });
    job = photos.add(file, { draft, material, page }, (state, detail) => show(tile, page, state, detail));
  }

  function show(tile, page, state, detail) {
    const text = tile.querySelector("[data-text]");
    const bar = tile.querySelector("progress");
    const stuck = state === "failed" || state === "refused";
    tile.classList.toggle("bad", stuck);
    tile.disabled = !stuck;
    const use = tile.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, stuck ? "#i-refresh" : "#i-cloudup"));
    bar.hidden = state !== "uploading";
    bar.value = detail.percent ?? 0;
    text.textContent = words[state].replace("{n}", detail.percent);
    if (state === "waiting") say.textContent = words.offline;
    else if (state === "refused") say.textContent = [detail.title || words.refused, detail.todo].filter(Boolean).join(" ");
    else if (state === "failed") say.textContent = detail.reason === "signed-out" ? words.signedOut : words.failed;
    else say.textContent = "";
    if (state === "done") finish(tile, page, detail);
  }

  function finish(tile, page, { document: id, sha256 }) {
    const kept = whole.cloneNode(true);
    Object.assign(kept.dataset, { document: id, page, sha256 });
    kept.querySelector("a").href = `/drafts/${draft}/documents/${id}?next=${encodeURIComponent(back)}`;
    kept.querySelector("img").src = `/documents/${id}/pages/1?thumb=1`;
    kept.querySelector("[data-text]").textContent = nameOf(page);
    tile.replaceWith(kept);
    say.textContent = `${nameOf(page)} ${words.done}`;
  }

  input.addEventListener("change", () => {
    const pages = free();
    [...input.files].slice(0, pages.length).forEach((file, index) => take(file, pages[index]));
    input.value = "";
  });
}

/** Hold a form back until the photos have arrived, then send it; say so meanwhile. */
export function holdBack(photos, say) {
  let letGo = false;
  document.addEventListener(
    "submit",
    async (event) => {
      if (letGo || !photos.busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { target, submitter } = event;
      say(true);
      const arrived = await photos.settled();
      say(false);
      if (!arrived) return;
      letGo = true;
      if (submitter) submitter.click();
      else target.submit();
      letGo = false;
    },
    { capture: true },
  );
  addEventListener("beforeunload", (event) => {
    if (photos.busy) event.preventDefault();
  });
}

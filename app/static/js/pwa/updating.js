// 有新版本: a new release waits until somebody takes it, and is offered only while nothing typed would be lost. Pure of the DOM.

/**
 * @param {{registration: ServiceWorkerRegistration, container: ServiceWorkerContainer, dirty: () => boolean,
 *          offer: (shown: boolean) => void, reload: () => void}} parts
 * @returns {{take: () => void, look: () => void}} `take`: the button was tapped; `look`: what is typed may have changed
 */
export function updates({ registration, container, dirty, offer, reload }) {
  let taken = false;

  function look() {
    if (!taken) offer(Boolean(registration.waiting && container.controller) && !dirty());
  }

  function follow(worker) {
    worker?.addEventListener("statechange", look);
  }

  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  // In the page that asked for it, once; another page goes on with what it has: what is typed there stays.
  container.addEventListener("controllerchange", () => {
    if (taken) reload();
    else look();
    taken = false;
  });
  look();

  return {
    look,
    take() {
      if (!registration.waiting || dirty()) return look();
      taken = true;
      registration.waiting.postMessage({ type: "skip-waiting" });
    },
  };
}

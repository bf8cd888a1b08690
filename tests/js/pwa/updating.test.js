import assert from "node:assert/strict";
import { test } from "node:test";

import { updates } from "../../../app/static/js/pwa/updating.js";

class Emitter extends EventTarget {
  say(what) {
    this.dispatchEvent(new Event(what));
  }
}

function page({ controlled = true, waiting = false, typed = false } = {}) {
  const [registration, container, said] = [new Emitter(), new Emitter(), []];
  registration.waiting = waiting ? { postMessage: (what) => said.push(what) } : null;
  container.controller = controlled ? {} : null;
  const here = { registration, container, said, typed, offers: [], reloads: 0 };
  here.watch = updates({
    registration, container, dirty: () => here.typed, offer: (shown) => here.offers.push(shown), reload: () => (here.reloads += 1),
  });
  here.arrive = () => {
    registration.installing = new Emitter();
    registration.addEventListener("done", () => {});
    const worker = registration.installing;
    registration.say("updatefound");
    registration.waiting = { postMessage: (what) => said.push(what) };
    worker.say("statechange");
  };
  here.offered = () => here.offers.at(-1);
  return here;
}

test("nothing new: nothing is offered", () => assert.deepEqual(page().offers, [false]));

test("the first service worker of all is no new version", () => {
  const here = page({ controlled: false });
  here.arrive();
  assert.equal(here.offered(), false);
});

test("a release that waits already, or arrives while the page is open, is offered", () => {
  assert.equal(page({ waiting: true }).offered(), true);
  const here = page();
  here.arrive();
  assert.equal(here.offered(), true);
});

test("it is never offered while something is typed, and is when it no longer is", () => {
  const here = page({ waiting: true, typed: true });
  assert.equal(here.offered(), false);
  here.typed = false;
  here.watch.look();
  assert.equal(here.offered(), true);
  here.typed = true;
  here.watch.look();
  assert.equal(here.offered(), false);
});

test("a tap asks the new one to take over; when it has, the page is loaded anew, once", () => {
  const here = page({ waiting: true });
  here.watch.take();
  assert.deepEqual(here.said, [{ type: "skip-waiting" }]);
  assert.equal(here.reloads, 0);
  here.container.say("controllerchange");
  here.container.say("controllerchange");
  assert.equal(here.reloads, 1);
});

test("a tap that comes just after something was typed does nothing but take the offer away", () => {
  const here = page({ waiting: true });
  here.typed = true;
  here.watch.take();
  assert.deepEqual(here.said, []);
  assert.equal(here.offered(), false);
});

test("taken in another tab, this page goes on as it is: nothing typed here is lost", () => {
  const here = page({ waiting: true, typed: true });
  here.registration.waiting = null;
  here.container.say("controllerchange");
  assert.equal(here.reloads, 0);
  assert.equal(here.offered(), false);
});

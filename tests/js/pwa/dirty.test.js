import assert from "node:assert/strict";
import { test } from "node:test";

import { dirty } from "../../../app/static/js/pwa/dirty.js";

const text = (value, defaultValue = "", name = "a") => ({ type: "text", name, value, defaultValue });
const box = (checked, defaultChecked) => ({ type: "checkbox", name: "b", checked, defaultChecked });
const option = (selected, defaultSelected) => ({ selected, defaultSelected });
const select = (...options) => ({ type: "select-one", name: "c", options });
const form = (method, ...elements) => ({ getAttribute: () => method, elements });

for (const [what, elements, is] of [
  ["as the server gave it", [text("x", "x"), box(true, true)], false],
  ["typed into", [text("x")], true],
  ["a box ticked", [box(true, false)], true],
  ["a file chosen", [{ type: "file", name: "f", files: [1] }], true],
  ["no file chosen", [{ type: "file", name: "f", files: [] }], false],
  ["another option chosen", [select(option(false, true), option(true, false))], true],
  ["the first option, which nobody chose", [select(option(true, false), option(false, false))], false],
  ["a hidden field that a script set", [{ type: "hidden", name: "h", value: "1", defaultValue: "" }], false],
  ["a field that is not sent", [text("x", "", "")], false],
  ["buttons and field sets", [{ type: "submit", name: "s", value: "go", defaultValue: "" }, { type: "fieldset", name: "" }], false],
]) {
  test(`a form ${what} is ${is ? "" : "not "}dirty`, () => assert.equal(dirty([form("post", ...elements)]), is));
}

test("a search loses nothing", () => assert.equal(dirty([form("get", text("x")), form(null, text("x"))]), false));

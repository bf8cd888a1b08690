import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { rules } from "../../../app/static/js/desk/password.js";

const vectors = JSON.parse(await readFile(new URL("../../accounts/passwords.json", import.meta.url)));
const source = await readFile(new URL("../../../app/accounts/passwords.py", import.meta.url), "utf8");
const common = [...source.split("COMMON = (")[1].split(")  # fmt: skip")[0].matchAll(/"([a-z]+)"/g)].map((found) => found[1]);

test("the browser says of every password what the server says", () => {
  assert.ok(common.length > 40);
  for (const { password, ...expected } of vectors.cases) {
    assert.deepEqual(rules(password, { parts: vectors.parts, common }), expected, password);
  }
});

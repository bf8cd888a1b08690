import assert from "node:assert/strict";
import { test } from "node:test";

import { valueOf } from "../../../app/static/js/filing/fields.js";

const plain = [
  ["text", [" 王晓兰 "], "王晓兰"],
  ["text", [""], undefined],
  ["text", [], undefined],
  ["yes_no", ["true"], true],
  ["yes_no", ["false"], false],
  ["yes_no", [], undefined],
  ["declaration", ["true"], true],
  ["declaration", [], undefined],
  ["number", ["１，２００"], 1200],
  ["number", ["0"], 0],
  ["number", ["两个"], undefined],
  ["number", [","], undefined],
  ["money", ["￥1,234.50 元"], 1234.5],
  ["money", ["元"], undefined],
  ["several", ["a", "b"], ["a", "b"]],
  ["several", [], undefined],
  ["date", ["2026-03-04"], "2026-03-04"],
  ["date", ["2026年3月4日"], "2026-03-04"],
  ["date", ["明天"], "明天"],
  ["month", ["2026-03"], "2026-03"],
  ["month", ["2026年3月"], "2026-03"],
  ["month", ["２０２６／３"], "2026-03"],
];

for (const [kind, texts, value] of plain) {
  test(`${kind} ${JSON.stringify(texts)} is ${JSON.stringify(value)}`, () => {
    const sent = new Map(texts.length ? [["q", texts.map((text) => text.trim())]] : []);
    assert.deepEqual(valueOf({ id: "q", kind }, sent), value);
  });
}

const start = ["320000", "320500", "320507"];
const holders = {
  id: "co.holders", kind: "group",
  columns: [{ id: "name", kind: "name" }, { id: "share", kind: "money" }, { id: "rep", kind: "person" }, { id: "where", kind: "division", start }],
};

const composed = [
  ["a place is the deepest that was picked", { kind: "division", start }, { q: ["330000", "330100", ""] }, "330100"],
  ["where the picker starts is no answer", { kind: "division", start }, { q: ["320000", "320500", ""] }, undefined],
  ["an address with its detail", { kind: "address", start }, { "q:division": ["320507", "320507104"], "q:detail": ["3 组 18 号"] },
    { division: "320507104", detail: "3 组 18 号" }],
  ["with a detail, where the picker starts is meant", { kind: "address", start }, { "q:division": ["320507", ""], "q:detail": ["3 组"] },
    { division: "320507", detail: "3 组" }],
  ["an untouched address is no answer", { kind: "address", start }, { "q:division": ["320507", ""], "q:detail": [""] }, undefined],
  ["a person in parts", { kind: "person" }, { "q:name": ["王晓兰"], "q:id_number": [""], "q:phone": ["138"] }, { name: "王晓兰", phone: "138" }],
  ["a person without any part is no answer", { kind: "person" }, { "q:name": [""] }, undefined],
  ["a drawn signature wins over a typed one", { kind: "signature" }, { "q:strokes": ["[[0,0,9,9]]"], "q:name": ["王"] },
    { way: "drawn", strokes: [[0, 0, 9, 9]] }],
  ["a typed signature", { kind: "signature" }, { "q:strokes": [""], "q:name": ["王晓兰"] }, { way: "typed", name: "王晓兰" }],
  ["no signature", { kind: "signature" }, { "q:strokes": [""], "q:name": [""] }, undefined],
  ["rows in their order, open and closed", holders, {
    "co.holders:10:name": ["丙"], "co.holders:0:name": ["甲"], "co.holders:0:share": ["5,000"], "co.holders:2": ['{"name":"乙","share":1}'],
    "co.holders:0:rep:name": ["丁"], "co.holders:0:where": ["320000", ""],
  }, [{ name: "甲", share: 5000, rep: { name: "丁" } }, { name: "乙", share: 1 }, { name: "丙" }]],
  ["empty rows at the end are no rows", holders, { "co.holders:0:name": ["甲"], "co.holders:1:name": [""], "co.holders:2:name": [""] }, [{ name: "甲" }]],
  ["an empty row between others stays in its place", holders, { "co.holders:0:name": [""], "co.holders:1:name": ["乙"] }, [{}, { name: "乙" }]],
  ["no row at all is no answer", holders, { "co.holders:0:name": [""] }, undefined],
  ["a closed row that cannot be read is empty", holders, { "co.holders:0": ["{"], "co.holders:1:name": ["乙"] }, [{}, { name: "乙" }]],
];

for (const [said, question, sent, value] of composed) {
  test(said, () => assert.deepEqual(valueOf({ id: "q", ...question }, new Map(Object.entries(sent))), value));
}

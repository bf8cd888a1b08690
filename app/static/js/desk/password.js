// The rules of a new password while one types; the server decides by the same ones (app/accounts/passwords.py).

const LEAST = 12;
const MOST = 128;
const LONG_ENOUGH = 16;
const LEAST_KINDS = 3;
const KINDS = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u];
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"];
const BOTH_WAYS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(""))];
const LEET = { "@": "a", $: "s", 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t", "!": "l" };

const unleeted = (text) => [...text].map((sign) => LEET[sign] ?? sign).join("");

function longestRun(plain) {
  let best = 0;
  let start = 0;
  for (let end = 1; end <= plain.length; end += 1) {
    while (start < end && !BOTH_WAYS.some((row) => row.includes(plain.slice(start, end)))) start += 1;
    best = Math.max(best, end - start);
  }
  return best;
}

/** Whether it is built from common words alone, from keys in a row, or from one short piece over and over. */
export function isCommon(password, words) {
  const plain = password.toLowerCase();
  if (/^(.{1,4})\1+.{0,3}$/su.test(plain)) return true;
  const core = plain.replace(/^[^a-z]+|[^a-z]+$/g, "");
  for (const text of [core, unleeted(core)]) {
    const pieces = text.match(/[a-z]+/g) ?? [];
    if (pieces.length && pieces.every((piece) => words.includes(piece))) return true;
  }
  const run = longestRun(plain);
  return run >= 6 && run * 2 >= [...plain].length;
}

/** Which rules a password keeps: {length, kinds, owner, common}. `parts`: what of its owner must not stand in it. */
export function rules(password, { parts, common }) {
  const signs = [...password].length;
  const plain = password.toLowerCase();
  return {
    length: signs >= LEAST && signs <= MOST,
    kinds: signs >= LONG_ENOUGH || KINDS.filter((kind) => kind.test(password)).length >= LEAST_KINDS,
    owner: signs > 0 && !parts.some((part) => plain.includes(part)),
    common: signs > 0 && !isCommon(password, common),
  };
}

// How many characters of a number are typed; spaces do not count.

/** @param {string} text */
export function significant(text) {
  return text.replace(/[\s-]/g, "").length;
}

/** The sentence, or nothing when the field is empty or has enough. */
export function fill(sentence, typed, needed) {
  if (typed === 0 || typed >= needed) return "";
  return sentence.replace("{n}", String(typed)).replace("{left}", String(needed - typed));
}

// Read aloud with the device's own voice: one text at a time, in sentences, because long utterances break off in Chromium.

/** The text in pieces that end with a sentence or a line. */
export function sentences(text) {
  const pieces = text.match(/[^。！？!?；;\n]*(?:[。！？!?；;]|\n|$)/g) ?? []; // no lookbehind: Safari has it from 16.4 on only
  return pieces.map((piece) => piece.trim()).filter(Boolean);
}

/**
 * A function that starts reading, or stops what is being read. It answers whether it speaks now.
 * @param {SpeechSynthesis} synthesis
 * @param {(text: string) => SpeechSynthesisUtterance} utter
 */
export function readAloud(synthesis, utter) {
  return (text, lang, onEnd) => {
    if (synthesis.speaking) {
      synthesis.cancel();
      onEnd();
      return false;
    }
    const pieces = sentences(text).map(utter);
    for (const piece of pieces) {
      piece.lang = lang;
      synthesis.speak(piece);
    }
    if (pieces.length) pieces.at(-1).onend = onEnd;
    return pieces.length > 0;
  };
}

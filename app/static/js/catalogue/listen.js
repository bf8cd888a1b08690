// Searching by voice with the browser's own recognition. Where it fails once it is taken away: no dead button.

/**
 * A function that starts listening.
 * @param {new () => SpeechRecognition} Recognition
 * @param {{lang: string, heard: (text: string) => void, failed: (why: string) => void, ended: () => void}} on
 */
export function listener(Recognition, { lang, heard, failed, ended }) {
  let busy = false;
  return () => {
    if (busy) return false;
    busy = true;
    const recognition = new Recognition();
    recognition.lang = lang;
    recognition.interimResults = false;
    recognition.maxAlternatives = 1;
    recognition.onresult = (event) => heard(event.results[0][0].transcript.replace(/[。．.，,！!？?]+$/, ""));
    recognition.onerror = (event) => failed(event.error);
    recognition.onend = () => {
      busy = false;
      ended();
    };
    try {
      recognition.start();
    } catch (error) {
      busy = false;
      failed(error.name);
    }
    return true;
  };
}

/** Whether an error means that this browser will not listen at all: nobody spoke is no such error. */
export function deaf(why) {
  return why !== "no-speech" && why !== "aborted";
}

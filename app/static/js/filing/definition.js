// What a form page knows of its definition: what is shown with these answers, and what is wrong with them.

/** {shown(answers), check(page, answers, all, texts, lang)}, or null when the definition cannot be had (then the server alone checks). */
export async function definition({ service, edition }, fetch) {
  const response = await fetch(`/api/services/${service}/editions/${edition}`);
  if (!response.ok) return null;
  const [{ form }, conditions, engine] = await Promise.all([
    response.json(), import("../forms/conditions.js"), import("../forms/answers.js"),
  ]);
  const translate = (texts) => (text) => texts[text] ?? text;
  return {
    shown: (answers) => conditions.shown(form, answers, new Date()),
    check(page, answers, all, texts, lang) {
      const { mistakes } = engine.checkAnswers(form, answers, new Date(), { page, partial: !all });
      return mistakes.map((one) => ({ question: one.question, text: engine.words(one, translate(texts), lang) }));
    },
  };
}

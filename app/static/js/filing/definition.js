// What a form page knows of its definition: what is shown with these answers, and what is wrong with them.

/** {shown(answers), check(page, answers, all, texts, lang) -> {mistakes, warnings}}, or null when the definition cannot be had (then the server alone checks). */
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
      const said = (one) => ({ question: one.question, text: engine.words(one, translate(texts), lang) });
      const { mistakes, warnings } = engine.checkAnswers(form, answers, new Date(), { page, partial: !all });
      return { mistakes: mistakes.map(said), warnings: warnings.map(said) };
    },
  };
}

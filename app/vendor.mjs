// Builds app/static/vendor/ from the pinned npm packages: native ES modules, minified, for the browsers of our floor.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const shared = {
  bundle: true, format: "esm", minify: true, legalComments: "none", target: ["chrome93", "safari15.4"],
  charset: "utf8", logLevel: "warning",
};

// htmx without what our Content-Security-Policy forbids: its indicator style sheet is taken back, its evaluated features refuse.
const htmx = `
import htmx from "htmx.org/dist/htmx.esm.js";
document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== htmx.indicatorStyleSheet);
const refuse = class { constructor() { throw new Error("htmx features that evaluate text are off"); } };
htmx.registerExtension("no-eval", { init: (api) => { api.initSecurity(null, refuse, refuse); } });
export default htmx;
`;

// Its extension for server-sent events, as the package has it, beside the htmx of the page (it expects a global of that name).
const sse = `import htmx from "./htmx.js";
${readFileSync(here("../node_modules/htmx.org/dist/ext/hx-sse.js"), "utf8")}
export default htmx;
`;

const modules = {
  "htmx.js": htmx,
  "hx-sse.js": sse,
  "cel.js": 'export * from "@marcbachmann/cel-js";',
  "signature_pad.js": 'export { default } from "signature_pad";',
};

for (const [name, contents] of Object.entries(modules)) {
  await build({
    ...shared, external: ["./htmx.js"], outfile: here(`static/vendor/${name}`),
    stdin: { contents, resolveDir: here("."), sourcefile: name },
  });
}

// Compiles the two stylesheets, removes every rule that no template, view or script names,
// minifies, and copies the scripts that we serve ourselves.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const out = "../latchstring/web/static";
mkdirSync(`${out}/css`, { recursive: true });
mkdirSync(`${out}/js`, { recursive: true });

for (const name of ["public", "desk"]) {
  const { css } = sass.compile(`sass/${name}.scss`, {
    style: "compressed",
    loadPaths: ["node_modules/@uswds/uswds/packages", "sass"],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const [purged] = await new PurgeCSS().purge({
    content: ["../latchstring/web/templates/**/*.html", "../latchstring/web/**/*.py"],
    css: [{ raw: css }],
    fontFace: true,
    keyframes: true,
    variables: false,
    // Our own classes all stay: only what USWDS brings is purged.
    safelist: { greedy: [/focus-visible/, /brand-/, /htmx-/, /is-/, /ls-/, /desk/] },
  });
  writeFileSync(`${out}/css/${name}.css`, `${purged.css.trim()}\n`);
}
const htmx = readFileSync("node_modules/htmx.org/dist/htmx.min.js");
writeFileSync(`${out}/js/htmx.min.js`, htmx);
for (const name of ["print", "sending", "stay"]) {
  writeFileSync(`${out}/js/${name}.js`, readFileSync(`js/${name}.js`));
}

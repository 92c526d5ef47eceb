// Builds static/design: the stylesheet, the fonts, one sprite of icons and htmx. Run by `npm install && npm run build` here.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const out = new URL("../static/design/", import.meta.url).pathname;
const modules = new URL("./node_modules/", import.meta.url).pathname;
mkdirSync(`${out}fonts`, { recursive: true });

const faces = [];
const latin = "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212";
const latinExt = "U+0100-02BA, U+1E00-1E9F, U+20A0-20AB, U+20AD-20C0";
const arabic = "U+0600-06FF, U+0750-077F, U+200C-200E, U+FB50-FDFF, U+FE70-FEFC";
function face(pack, family, subset, weight, range) {
  const file = `${pack}-${subset}-${weight}-normal.woff2`;
  copyFileSync(`${modules}@fontsource/${pack}/files/${file}`, `${out}fonts/${file}`);
  faces.push(
    `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;src:url(fonts/${file}) format("woff2");unicode-range:${range}}`,
  );
}
for (const weight of [400, 500, 600]) {
  face("ibm-plex-sans", "IBM Plex Sans", "latin", weight, latin);
  face("ibm-plex-sans", "IBM Plex Sans", "latin-ext", weight, latinExt);
  face("ibm-plex-sans-arabic", "IBM Plex Sans Arabic", "arabic", weight, arabic);
}
face("ibm-plex-mono", "IBM Plex Mono", "latin", 400, latin);

const names = readFileSync(new URL("./icons.txt", import.meta.url), "utf8").split(/\s+/).filter(Boolean);
const symbols = names.map((name) => {
  const svg = readFileSync(`${modules}lucide-static/icons/${name}.svg`, "utf8");
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
});
writeFileSync(`${out}icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);

copyFileSync(`${modules}htmx.org/dist/htmx.min.js`, `${out}htmx.min.js`);

execFileSync(`${modules}.bin/tailwindcss`, ["-i", "app.css", "-o", `${out}app.css`, "--minify"], { stdio: "inherit" });
writeFileSync(`${out}app.css`, `${faces.join("\n")}\n${readFileSync(`${out}app.css`, "utf8")}`);

// What makes the pages handier; they are whole without it. Tabs over code in several languages, copy buttons, search as one
// types, the theme's button, and where on the page one is.
"use strict";

const said = document.body.dataset;
const remember = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // Storage may be forbidden; nothing depends on it.
  }
  return null;
};
const made = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// Tabs (WAI-ARIA tabs pattern): arrows move, the language is remembered for all groups and pages.
const groups = [];
function choose(language, focus) {
  for (const { tabs, panels } of groups) {
    const at = panels.findIndex((panel) => panel.dataset.language === language);
    if (at < 0) continue;
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === at));
      tab.tabIndex = index === at ? 0 : -1;
      panels[index].hidden = index !== at;
    });
    if (focus && tabs.some((tab) => tab === focus)) tabs[at].focus();
  }
}
document.querySelectorAll(".tabs").forEach((group, number) => {
  const panels = [...group.querySelectorAll(":scope > figure")];
  const list = made("div", { className: "tab-list", role: "tablist" });
  const tabs = panels.map((panel, index) => {
    panel.id = `code-${number}-${index}`;
    panel.setAttribute("role", "tabpanel");
    const tab = made("button", { type: "button", role: "tab", id: `tab-${number}-${index}` });
    tab.textContent = panel.querySelector("figcaption").textContent;
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    panel.querySelector("figcaption").hidden = true;
    tab.addEventListener("click", () => {
      const before = tab.getBoundingClientRect().top;
      choose(panel.dataset.language, null);
      window.scrollBy(0, tab.getBoundingClientRect().top - before);
      remember("docs-language", panel.dataset.language);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: panels.length - 1 - index }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      choose(panels[(index + step + panels.length) % panels.length].dataset.language, tab);
    });
    return tab;
  });
  list.append(...tabs);
  group.prepend(list);
  groups.push({ tabs, panels });
  choose(panels[0].dataset.language, null);
});
const preferred = remember("docs-language");
if (preferred) choose(preferred, null);

// Copy buttons.
document.querySelectorAll("figure.code").forEach((figure) => {
  const button = made("button", { type: "button", className: "copy", textContent: said.copy });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(figure.querySelector("code").textContent.trimEnd());
    button.textContent = said.copied;
    setTimeout(() => (button.textContent = said.copy), 2000);
  });
  if (navigator.clipboard) figure.append(button);
});

// Light or dark: the cookie is that of the dashboard, and static/dashboard/theme.js reads it.
const theme = document.getElementById("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

// The menu stands open where there is room beside the text.
const menu = document.getElementById("menu");
const wide = matchMedia("(min-width: 60rem)");
const fit = () => menu && (menu.open = wide.matches);
wide.addEventListener("change", fit);
fit();

// Search: the list of sections is fetched once, at the first key.
const box = document.getElementById("query");
const list = document.getElementById("found");
const count = document.getElementById("found-count");
const fold = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
let places = null;
async function index() {
  if (!places) {
    const answer = await fetch(said.index);
    places = (await answer.json()).places.map((place) => ({
      ...place,
      folded: [fold(place.page), fold(place.title), fold(place.text)],
    }));
  }
  return places;
}
const begins = (text, word) => text.startsWith(word) || text.includes(` ${word}`);
function score({ folded }, words) {
  let total = 0;
  for (const word of words) {
    const part = [8, 6, 1].reduce((sum, weight, at) => sum + (begins(folded[at], word) ? weight : 0), 0);
    if (!part) return 0;
    total += part;
  }
  return total;
}
async function show() {
  const words = fold(box.value).split(" ").filter(Boolean);
  const all = words.length ? await index() : [];
  const best = all
    .map((place) => [score(place, words), place])
    .filter(([points]) => points)
    .sort((one, other) => other[0] - one[0])
    .slice(0, 8);
  list.replaceChildren(
    ...best.map(([, place]) => {
      const link = made("a", { href: place.url }, made("strong", { textContent: place.page }));
      if (place.title) link.append(` · ${place.title}`);
      link.append(made("span", { textContent: place.text.slice(0, 110) }));
      return made("li", {}, link);
    }),
  );
  if (words.length && !best.length) list.append(made("li", { className: "none", textContent: said.nothing }));
  list.hidden = !words.length;
  count.textContent = words.length ? String(best.length) : "";
}
box.addEventListener("input", show);
box.form.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    list.hidden = true;
    box.focus();
  } else if (event.key === "ArrowDown" && links.length) {
    event.preventDefault();
    links[Math.min(at + 1, links.length - 1)].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (links[at - 1] || box).focus();
  }
});
document.addEventListener("click", (event) => {
  if (!box.form.contains(event.target)) list.hidden = true;
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    box.focus();
  }
});

// "On this page" follows the reader.
const lines = new Map(
  [...document.querySelectorAll(".on-page a")].map((link) => [link.hash.slice(1), link]),
);
if (lines.size) {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        lines.forEach((link) => link.removeAttribute("aria-current"));
        lines.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-80px 0px -70% 0px" },
  );
  document.querySelectorAll("article h2[id], article h3[id]").forEach((heading) => seen.observe(heading));
}

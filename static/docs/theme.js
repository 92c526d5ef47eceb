// Before anything is drawn: the theme the reader chose here, if any. Without a choice the system's holds.
try {
  const chosen = localStorage.getItem("docs-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; then the choice lasts for the page.
}

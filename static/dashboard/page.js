// Small manners of all pages: dialogs, menus that close, copying, confirming, forms that are sent once.
(() => {
  const toast = (text) => {
    const place = document.getElementById("toast");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "alert alert-success";
    line.textContent = text;
    place.append(line);
    setTimeout(() => line.remove(), 2500);
  };
  addEventListener("click", (event) => {
    const target = event.target;
    const opener = target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const closer = target.closest("[data-closes-dialog]");
    if (closer) closer.closest("dialog").close();
    const copier = target.closest("[data-copies]");
    if (copier) {
      navigator.clipboard.writeText(copier.dataset.copies).then(() => toast(copier.dataset.copied || "✓"));
    }
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.asks) || form.dataset.asks;
    if (question && !confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.method === "post" && !form.hasAttribute("data-again")) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
})();

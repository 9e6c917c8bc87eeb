// The keyboard map. A page declares it in its markup:
//   data-key="d"            pressing d clicks the element (or focuses it when it is a field)
//   data-key-label="Day"    its words in the help dialog (default: its text)
//   data-go="d"             G then d follows the link
//   data-row                J and K move through these; Enter opens; keys inside the current row win
// data-shortcuts="off" on html turns everything off.
(() => {
  const root = document.documentElement;
  if (root.dataset.shortcuts === "off") return;
  const words = document.getElementById("live")?.dataset ?? {};
  let goingUntil = 0;

  const isVisible = (element) => element.getClientRects().length > 0 && !element.closest("[inert]");
  const isTyping = (element) => element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isVisible);
  const currentRow = () => document.activeElement.closest?.("[data-row]");
  const find = (attribute, key, scope) => [...scope.querySelectorAll(`[${attribute}]`)].find((element) => element.getAttribute(attribute).split(" ").includes(key) && isVisible(element));

  function move(step) {
    const all = rows();
    const here = all.indexOf(currentRow() ?? all.find((row) => row.querySelector("[aria-current]")));
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    if (!next) return;
    const target = next.matches("a, button, [tabindex]") ? next : next.querySelector("[data-row-link], a, button");
    if (!target) return;
    target.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function use(element) {
    if (isTyping(element)) { element.focus(); element.select?.(); } else element.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    if (isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;

    if (goingUntil > Date.now()) {
      goingUntil = 0;
      const place = find("data-go", key, document);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (key === "g") { goingUntil = Date.now() + 1500; return; }
    if (key === "j" || key === "k") {
      if (!rows().length) return;
      event.preventDefault();
      return move(key === "j" ? 1 : -1);
    }
    const row = currentRow();
    const element = (row && find("data-key", key, row)) || find("data-key", key, document);
    if (!element) return;
    event.preventDefault();
    use(element);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) showHelp();
  });

  // The element's own words, without the key caps and badges it shows beside them.
  function wordsOf(element) {
    const copy = (element.querySelector("span") || element).cloneNode(true);
    copy.querySelectorAll("kbd").forEach((cap) => cap.remove());
    return copy.textContent.trim();
  }

  // Built from what is on the page now, so it never lies.
  function showHelp() {
    const entries = new Map();
    if (rows().length) entries.set("J", words.next).set("K", words.previous);
    for (const element of document.querySelectorAll("[data-key], [data-go]")) {
      const key = element.dataset.key ? element.dataset.key.split(" ")[0] : `g ${element.dataset.go}`;
      const label = element.dataset.keyLabel || element.getAttribute("aria-label") || wordsOf(element);
      const shown = key.replace("Escape", "Esc").toUpperCase().replace("ESC", "Esc");
      if (label && isVisible(element) && !entries.has(shown)) entries.set(shown, label);
    }
    document.getElementById("keys-help")?.remove();
    const dialog = document.createElement("dialog");
    dialog.id = "keys-help";
    dialog.setAttribute("aria-labelledby", "keys-help-title");
    const title = document.createElement("h2");
    title.id = "keys-help-title";
    title.textContent = words.help;
    const list = document.createElement("dl");
    list.className = "keys-list";
    for (const [key, label] of entries) {
      const term = document.createElement("dt");
      for (const part of key.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = part;
        term.append(cap, " ");
      }
      const meaning = document.createElement("dd");
      meaning.textContent = label;
      list.append(term, meaning);
    }
    const actions = document.createElement("div");
    actions.className = "dialog-actions";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.dataset.dialogClose = "";
    close.textContent = words.close;
    actions.append(close);
    dialog.append(title, list, actions);
    document.body.append(dialog);
    dialog.showModal();
  }
})();

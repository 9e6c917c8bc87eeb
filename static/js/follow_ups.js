// The queue: where there is no room for a pane beside the list, a row opens its own page; a deed refreshes the list;
// keys never act on another follow-up than the row that has the focus.
(() => {
  const pane = () => document.getElementById("pane");
  const shown = () => document.getElementById("follow-up")?.dataset.number;
  const isVisible = (element) => !!element && element.getClientRects().length > 0;

  // A row asks for its follow-up on a click and, beside the list, as soon as J or K reach it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const row = elt.closest("[data-row]");
    if (!row) return;
    const isClick = requestConfig.triggeringEvent?.type === "click";
    const isThere = shown() === row.dataset.number;
    const isTyping = !!pane()?.querySelector("form[data-dirty]");
    if (!isVisible(pane())) {
      event.preventDefault();
      if (isClick) location.assign(elt.href);
    } else if (isThere || (isTyping && (!isClick || !confirm("Leave without sending what you wrote?")))) {
      event.preventDefault();
    }
  });

  function mark() {
    for (const link of document.querySelectorAll("[data-row-link]")) {
      if (link.closest("[data-row]").dataset.number === shown()) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    mark();
    const verb = event.detail.requestConfig?.verb;
    const list = document.getElementById("follow-up-list");
    if (verb === "post" && list) window.htmx.trigger(list, "refresh");
    if (verb === "get" && event.detail.elt.id === "follow-up" && pane()) pane().scrollTop = 0;
    focusIn(document.querySelector("#follow-up .accordion-item[open]"));
  });

  // Old and new stand side by side for a moment, and of one group only one form may be open: the old ones leave it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.shouldSwap || event.detail.target.id !== "follow-up") return;
    for (const details of document.querySelectorAll("#follow-up details[name]")) details.removeAttribute("name");
  });

  // I, A, S, H, R, N and E belong to the row that has the focus: what is not shown yet is shown first.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !"iasrneh".includes(event.key.toLowerCase())) return;
    const row = document.activeElement.closest?.("[data-row]");
    if (!row || row.dataset.number === shown() || !isVisible(pane())) return;
    event.stopImmediatePropagation();
    row.querySelector("[data-row-link]").click();
  }, true);

  // A form that unfolds takes the focus.
  function focusIn(details) {
    if (!details || details.contains(document.activeElement)) return;
    const field = details.querySelector("[aria-invalid=true], select, textarea, input:not([type=hidden])");
    if (field) field.focus();
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".accordion-item[open]")) focusIn(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    event.preventDefault();
    const details = document.getElementById(opener.hash.slice(1));
    opener.closest("details").open = false;
    if (details) { details.open = true; details.scrollIntoView({ block: "nearest" }); }
  });
})();

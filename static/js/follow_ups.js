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
    const isTyping = !!document.querySelector("#follow-up form[data-dirty]");
    if (!isVisible(pane())) {
      event.preventDefault();
      if (isClick) location.assign(elt.href);
    } else if (isThere && isClick) {
      // Enter on the row that is shown already leads into it.
      event.preventDefault();
      document.getElementById("follow-up-title")?.focus();
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
    // Parts that renew themselves, such as who else looks, move nothing.
    if (event.target.id !== "follow-up") return;
    const verb = event.detail.requestConfig?.verb;
    const list = document.getElementById("follow-up-list");
    if (verb === "post" && list) window.htmx.trigger(list, "refresh");
    if (verb === "get" && pane()) pane().scrollTop = 0;
    focusIn(document.querySelector("#follow-up .accordion-item[open]:not([data-kept])"));
  });

  // Ticked rows stay ticked when the list is brought anew, and the bar says how many there are.
  const boxes = () => [...document.querySelectorAll('input[name="row"]')];
  let ticked = new Set();
  function count() {
    const all = document.querySelector("[data-select-page]");
    if (!all) return;
    const chosen = boxes().filter((box) => box.checked).length;
    all.hidden = false;
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
    document.querySelector("[data-selected-words]").textContent = chosen ? `${chosen} ticked` : "Tick all on this page";
    for (const button of document.querySelectorAll("#bulk [data-needs-rows]")) button.disabled = !chosen;
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches('[data-select-page], input[name="row"]')) count();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "follow-up-list") return;
    ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.closest("[data-row]").dataset.number));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "follow-up-list") return;
    for (const box of boxes()) box.checked = ticked.has(box.closest("[data-row]").dataset.number);
    count();
  });
  count();
  window.addEventListener("pageshow", count);

  // What can be taken back for some seconds goes when they are over.
  function hideLate() {
    for (const form of document.querySelectorAll("[data-gone-after]:not([data-counting])")) {
      form.dataset.counting = "";
      setTimeout(() => form.remove(), form.dataset.goneAfter * 1000);
    }
  }
  hideLate();
  document.addEventListener("htmx:afterSettle", hideLate);

  // After an @ the names that go on like it can be chosen; without this one types the whole name, or ticks it.
  const at = /(?:^|[\s(])@([^@\n]{0,40})$/;
  function picker(field) {
    const list = document.getElementById("mention-names");
    const typed = at.exec(field.value.slice(0, field.selectionStart))?.[1].toLowerCase();
    const names = list && typed !== undefined ? [...list.options].map((option) => option.value) : [];
    const fitting = names.filter((name) => name.toLowerCase().startsWith(typed) && name.toLowerCase() !== typed).slice(0, 6);
    let box = field.parentElement.querySelector(".mention-picker");
    if (!fitting.length) { box?.remove(); return; }
    if (!box) { box = document.createElement("div"); box.className = "mention-picker row"; field.after(box); }
    box.replaceChildren(...fitting.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = `@${name}`;
      button.addEventListener("click", () => {
        const end = field.selectionStart;
        field.setRangeText(`${name} `, end - typed.length, end, "end");
        box.remove();
        field.focus();
      });
      return button;
    }));
  }
  document.addEventListener("input", (event) => {
    if (event.target.id === "notes_text") picker(event.target);
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
    const field = details.querySelector("[aria-invalid=true]") ?? details.querySelector("form[method=post]")?.querySelector("select, textarea, input:not([type=hidden])");
    if (field) field.focus();
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".accordion-item[open]:not([data-kept])")) focusIn(event.target);
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

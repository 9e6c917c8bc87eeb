// What somebody typed into a follow-up and did not send: it is still there after every other deed on the same page, and
// nothing leads elsewhere or writes over it without asking.
(() => {
  const part = () => document.getElementById("follow-up");
  const dirty = () => [...(part()?.querySelectorAll("form[data-dirty]") ?? [])];
  const addressOf = (form) => new URL(form.getAttribute("action"), location).pathname;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
  let kept = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target, requestConfig } = event.detail;
    if (target?.id !== "follow-up" || elt.closest("[data-row]")) return;
    const other = /\/followups\/(\d+)\//.exec(requestConfig.path)?.[1] !== part().dataset.number;
    const replaced = elt.closest("[data-replaces]") && dirty().find((form) => form.closest("details")?.id === elt.closest("[data-replaces]").dataset.replaces);
    if (other && dirty().length && !confirm("Leave without sending what you wrote?")) event.preventDefault();
    if (!replaced) return;
    if (confirm("Write over what you wrote?")) replaced.removeAttribute("data-dirty");
    else event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, requestConfig } = event.detail;
    if (target.id !== "follow-up" || !shouldSwap) return;
    const forms = dirty().filter((form) => form !== requestConfig.elt);
    kept = { number: part().dataset.number, forms: forms.map((form) => ({ address: addressOf(form), fields: valuesOf(form) })) };
  });

  function valuesOf(form) {
    return fieldsOf(form).map(({ name, type, value, checked }) => ({ name, type, value, checked }));
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "follow-up" || !kept) return;
    const { number, forms } = kept;
    kept = null;
    if (part().dataset.number !== number) return;
    for (const { address, fields } of forms) {
      const form = [...part().querySelectorAll("form[data-guard]")].find((each) => addressOf(each) === address);
      if (form) putBack(form, fields);
      else showWords(fields);
    }
  });

  function putBack(form, fields) {
    // One that came back from the server holds newer words.
    if (form.hasAttribute("data-dirty")) return;
    for (const { name, type, value, checked } of fields) {
      const isChoice = ["checkbox", "radio"].includes(type);
      const field = fieldsOf(form).find((each) => each.name === name && (!isChoice || each.value === value));
      if (field && isChoice) field.checked = checked;
      else if (field) field.value = value;
    }
    form.setAttribute("data-dirty", "");
    const details = form.closest("details");
    if (!details || part().querySelector(".accordion-item[open]")) return;
    // Opened, but not to take the focus.
    details.dataset.kept = "";
    details.addEventListener("toggle", () => { delete details.dataset.kept; }, { once: true });
    details.open = true;
  }

  // Its form is gone, since the state is another by now: the words can still be copied.
  function showWords(fields) {
    const words = fields.filter(({ type }) => type === "textarea").map(({ value }) => value.trim()).filter(Boolean).join("\n\n");
    if (!words) return;
    const notice = document.createElement("div");
    notice.className = "notice notice-warn stack-tight";
    notice.append("What you wrote has no place here any more:");
    const quote = document.createElement("blockquote");
    quote.className = "quote";
    quote.dir = "auto";
    quote.textContent = words;
    notice.append(quote);
    part().prepend(notice);
  }
})();

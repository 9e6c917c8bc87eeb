// What every page needs, as delegated listeners: nothing has to be wired up again after a swap.
(() => {
  const live = document.getElementById("live");
  const words = live ? live.dataset : {};

  // One polite live region speaks for the whole page. window.announce(text) is for other scripts.
  function announce(text, seconds = 6) {
    if (!live || !text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = text;
    live.append(toast);
    setTimeout(() => toast.remove(), seconds * 1000);
  }
  window.announce = announce;

  // Forms: a second submit is swallowed, the button keeps its width and says "Saving".
  function setBusy(form, button) {
    form.dataset.busy = "true";
    if (!button || button.dataset.words !== undefined) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.dataset.words = button.innerHTML;
    button.textContent = button.dataset.saving || words.saving;
    button.setAttribute("aria-busy", "true");
  }
  function setReady(form) {
    delete form.dataset.busy;
    for (const button of document.querySelectorAll("button[data-words]")) {
      if (button.form !== form) continue;
      button.innerHTML = button.dataset.words;
      delete button.dataset.words;
      button.removeAttribute("aria-busy");
    }
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.target) return;
    if (form.dataset.busy) return event.preventDefault();
    form.removeAttribute("data-dirty");
    // After the browser has read the form, so that the button's own name and value are sent.
    setTimeout(() => event.defaultPrevented && !form.hasAttribute("hx-post") ? null : setBusy(form, event.submitter));
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(setReady));

  // Unsaved changes: forms with data-guard ask before they are left.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-guard]")) form.setAttribute("data-dirty", "");
    if (event.target.dataset.typed !== undefined) checkTyped(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });

  // A dangerous button stays off until its words are typed; the server checks them again.
  function checkTyped(input) {
    const button = input.form.querySelector('[type="submit"]');
    if (button) button.disabled = input.value.trim() !== input.dataset.typed;
  }
  document.querySelectorAll("[data-typed]").forEach(checkTyped);

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.name === "theme" && field.closest("[data-theme-choice]")) document.documentElement.dataset.theme = field.value;
    if (field.form && field.form.matches("[data-autosubmit]")) field.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog")) closeOutside(event);
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
  });
  function closeOutside(event) {
    const box = event.target.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) event.target.close();
  }
  // data-copy="#id" copies that element's value or text, data-copy="" the previous element's, else the words themselves.
  function copy(button) {
    const what = button.dataset.copy;
    const source = what.startsWith("#") ? document.getElementById(what.slice(1)) : what ? null : button.previousElementSibling;
    const text = source ? source.value ?? source.textContent.trim() : what;
    navigator.clipboard.writeText(text).then(() => announce(words.copied, 2), () => source && source.select && source.select());
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopImmediatePropagation();
  });

  // htmx: say what failed, show that a part is busy, keep the focus in reach.
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => {
    const { target, elt, failed } = event.detail;
    if (target) target.removeAttribute("aria-busy");
    const form = elt.closest("form");
    if (form) setReady(form);
    if (failed && ![409, 422].includes(event.detail.xhr.status)) {
      announce(words.failed);
      // What was typed was not taken.
      if (form && form.matches("[data-guard]")) form.setAttribute("data-dirty", "");
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    const spoken = part.querySelector("[data-announce]") || (part.matches("[data-announce]") ? part : null);
    if (spoken) announce(spoken.dataset.announce || spoken.textContent.trim());
    if (document.activeElement === document.body) {
      const next = part.querySelector("[autofocus], [aria-invalid=true]");
      if (next) next.focus();
    }
    part.querySelectorAll("[data-typed]").forEach(checkTyped);
  });
  const first = document.querySelector('[aria-invalid="true"]');
  if (first) first.focus();
})();

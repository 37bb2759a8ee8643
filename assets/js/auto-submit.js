// Sends a filter form when a choice changes, and while one types where htmx renews the list alone.
const PAUSE_MS = 300;
const TYPED = "[type=search], [type=text]";
let timer;

const send = (form) => {
  clearTimeout(timer);
  if (form.isConnected && form.checkValidity()) form.requestSubmit();
};

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-auto-submit]");
  // What is typed was sent while typing; sending it again on leaving the field would cross the
  // request of the link that was clicked.
  if (form && !(window.htmx && target.matches(TYPED))) send(form);
});

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-auto-submit]");
  if (!form || !window.htmx || !target.matches(TYPED)) return;
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE_MS, form);
});

// Fields left empty stay out of the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("form[data-auto-submit]")) return;
  for (const [name, value] of [...formData]) {
    if (value === "") formData.delete(name);
  }
});

document.documentElement.dataset.autoSubmit = "on";

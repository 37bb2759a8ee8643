// Shows and hides what is typed into a password field. The button appears only with this script.
for (const button of document.querySelectorAll("[data-password-toggle]")) button.hidden = false;

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-password-toggle]");
  if (!button) return;
  const field = document.getElementById(button.dataset.passwordToggle);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
});

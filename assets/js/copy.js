// Copies what people take elsewhere. Where the browser has no clipboard for this page, it is selected.
const SHOWN_MS = 3000;

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  if (!navigator.clipboard) {
    getSelection().selectAllChildren(button.previousElementSibling);
    return;
  }
  await navigator.clipboard.writeText(button.dataset.copy);
  const told = button.nextElementSibling;
  told.textContent = told.dataset.copied;
  button.setAttribute("data-done", "");
  setTimeout(() => {
    told.textContent = "";
    button.removeAttribute("data-done");
  }, SHOWN_MS);
});

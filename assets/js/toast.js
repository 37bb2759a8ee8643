// Messages that came with a page can be closed; good news goes by itself unless someone reads it.
const SHOWN_MS = 8000;

for (const toast of document.querySelectorAll("[data-toast]")) {
  const close = toast.querySelector("[data-toast-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (toast.dataset.kind === "success") {
    const leave = () =>
      toast.matches(":hover, :focus-within") ? setTimeout(leave, SHOWN_MS) : toast.remove();
    setTimeout(leave, SHOWN_MS);
  }
}

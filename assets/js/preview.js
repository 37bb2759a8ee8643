// Shows the looks in the preview while one types. What comes back takes the place of the page in the
// frame, so that it neither flashes nor fills the browser's history.
const PAUSE_MS = 350;
const form = document.querySelector("form[data-preview]");
const button = document.querySelector("[data-preview-button]");
const frame = document.querySelector("iframe[data-preview-frame]");
let timer;
let asked = 0;

const refresh = async () => {
  const mine = ++asked;
  frame.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.preview, { method: "POST", body });
    const html = await answer.text();
    const page = frame.contentDocument;
    if (mine !== asked || !answer.ok || !page?.documentElement) return;
    const next = new DOMParser().parseFromString(html, "text/html");
    page.documentElement.replaceWith(page.importNode(next.documentElement, true));
  } finally {
    if (mine === asked) frame.removeAttribute("aria-busy");
  }
};

const later = ({ target }) => {
  if (target.form !== form || target.name === "preview_width") return;
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
};

if (form && frame) {
  document.addEventListener("input", later);
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    refresh();
  });
}

// Draws the preview of a form again while one types: presses its button, which sends the form into
// the frame beside it.
const PAUSE_MS = 400;
let timer;

const draw = (form) => {
  const button = document.getElementById(form.dataset.livePreview);
  if (form.isConnected && button) form.requestSubmit(button);
};

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-live-preview]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE_MS, form);
});

// The box in a table's head ticks all rows, and the bar below says how many are ticked.
const boxes = () => [...document.querySelectorAll("input[data-select]")];

const refresh = () => {
  const all = document.querySelector("input[data-select-all]");
  const ticked = boxes().filter((box) => box.checked).length;
  if (all) {
    all.hidden = false;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
  for (const bar of document.querySelectorAll("form[data-selection]")) {
    bar.dataset.selection = String(ticked);
    for (const button of bar.querySelectorAll("button[type=submit]")) button.disabled = ticked === 0;
    const count = bar.querySelector("[data-selection-count]");
    count.parentElement.hidden = ticked === 0;
    count.textContent = String(ticked);
  }
};

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[data-select-all]")) {
    for (const box of boxes()) box.checked = target.checked;
  }
  if (target.matches("input[data-select], input[data-select-all]")) refresh();
});

document.addEventListener("htmx:after:swap", refresh);
window.addEventListener("pageshow", refresh);
refresh();

// Tabs that do not fit scroll sideways: the one that is open is brought into view.
for (const tabs of document.querySelectorAll(".tabs ul")) {
  const open = tabs.querySelector("[aria-current]");
  if (open) tabs.scrollLeft += middle(open) - middle(tabs);
}

function middle(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}

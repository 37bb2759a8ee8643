// Says what the invoices that are ticked come to. What is paid is counted by the server.
const line = document.querySelector("[data-pay-sum]");

const refresh = () => {
  const all = document.querySelector("input[name=scope]:checked")?.value === "all";
  let sum = 0n;
  for (const { dataset } of document.querySelectorAll("input[data-due]:checked")) sum += BigInt(all ? dataset.all : dataset.due);
  const { currency, decimals } = line.dataset;
  const digits = String(sum).padStart(Number(decimals) + 1, "0");
  const point = digits.length - Number(decimals);
  // As a text: numbers of the script are not exact.
  const amount = decimals === "0" ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
  line.querySelector("output").textContent = format.format(amount);
};

if (line) {
  line.hidden = false;
  document.addEventListener("change", ({ target }) => {
    if (target.matches("input[data-due], input[name=scope]")) refresh();
  });
  window.addEventListener("pageshow", refresh);
}

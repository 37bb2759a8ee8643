// A list is renewed in place only by an answer that holds a list. Anything else, a sign-in page or an
// error, is loaded as a page of its own.
document.addEventListener("htmx:before:swap", (event) => {
  const { target, text, request } = event.detail.ctx;
  if (target?.id !== "list" || text.includes('id="list"')) return;
  event.preventDefault();
  location.assign(request.action);
});

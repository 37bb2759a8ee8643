// Leads the reader to what needs attention first: the summary of a form's errors.
document.querySelector("[data-autofocus]")?.focus();

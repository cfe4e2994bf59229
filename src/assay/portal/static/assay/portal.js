// The little that pages do beside htmx; everything works without it.
"use strict";

const narrow = window.matchMedia("(max-width: 900px)");
for (const details of document.querySelectorAll("details[data-narrow-closed]")) {
  details.open = !narrow.matches;
  narrow.addEventListener("change", () => { details.open = !narrow.matches; });
}

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

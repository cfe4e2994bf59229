// The little that pages do beside htmx; everything works without it.
"use strict";

const narrow = window.matchMedia("(max-width: 900px)");
for (const details of document.querySelectorAll("details[data-narrow-closed]")) {
  details.open = !narrow.matches;
  narrow.addEventListener("change", () => { details.open = !narrow.matches; });
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.copied;
  });
}

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// The little that pages do beside htmx; everything works without it.
"use strict";

const narrow = window.matchMedia("(max-width: 900px)");
for (const details of document.querySelectorAll("details[data-narrow-closed]")) {
  details.open = !narrow.matches;
  narrow.addEventListener("change", () => { details.open = !narrow.matches; });
}

// On a phone the places of the head stand in a line that scrolls: what has the focus is seen whole.
document.querySelector(".places")?.addEventListener("focusin", (event) => {
  event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

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

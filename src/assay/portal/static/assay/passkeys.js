// Says that a passkey did not work; the rest is done by the scripts of allauth.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const fault = document.getElementById("passkey_fault");
  if (!fault) return;
  event.preventDefault();
  fault.hidden = false;
});

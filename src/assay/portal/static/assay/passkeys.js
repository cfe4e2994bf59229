// Says that a passkey did not work, and why where it cannot; the rest is done by allauth's scripts.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const fault = document.getElementById("passkey_fault");
  if (!fault) return;
  event.preventDefault();
  fault.hidden = false;
  const address = document.getElementById("passkey_address");
  if (address) address.hidden = !/^[0-9.]+$|:/.test(window.location.hostname);
});

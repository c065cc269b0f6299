// Moves the focus to the summary of errors, so that it is read first and its links are one key away.
"use strict";

function focusErrors(part) {
  const summary = part.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

document.addEventListener("DOMContentLoaded", () => focusErrors(document));
document.addEventListener("htmx:load", (event) => focusErrors(event.target));
